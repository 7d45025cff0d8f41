package io.dualpost.probe;

import io.dualpost.address.Addresses;
import io.dualpost.telemetry.Json;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A report for programs; the fields are described in {@code src/docs/probe.md}. */
final class ReportJson {
    private ReportJson() {}

    static String of(Report report) {
        Lookup lookup = report.lookup();
        Json dns = new Json().put("found", lookup.found());
        lookup.took().ifPresent(took -> dns.put("ms", millis(took)));
        lookup.problem().ifPresent(problem -> dns.put("problem", problem));
        return new Json().put("time", report.at().toString()).put("host", report.target().endpoint().host())
                .put("port", report.target().endpoint().port()).put("protocol", report.target().protocol().label())
                .put("tls", report.target().tls().label()).put("rescue", report.rescue()).raw("dns", dns.toString())
                .raw("addresses", array(report.timelines(), ReportJson::timeline))
                .raw("waits", array(report.waits(), ReportJson::wait))
                .raw("findings", array(report.findings(), ReportJson::finding))
                .put("exit_code", report.exitCode()).toString();
    }

    private static String timeline(Timeline timeline) {
        Json json = new Json().put("address", Addresses.text(timeline.address()))
                .put("family", timeline.family().label()).put("serves", timeline.serves())
                .raw("timeline", array(timeline.steps(), step -> new Json().put("stage", step.stage().label())
                        .put("ms", millis(step.at())).toString()));
        timeline.fault().ifPresent(fault -> json.raw("fault", new Json().put("stage", fault.stage().label())
                .put("kind", fault.kind().label()).put("ms", millis(fault.at())).put("words", fault.words())
                .toString()));
        timeline.tls().ifPresent(tls -> json.raw("tls", tls(tls)));
        timeline.greeting().ifPresent(greeting -> json.put("greeting", greeting));
        return json.raw("capabilities", array(timeline.capabilities(), Json::quoted)).toString();
    }

    private static String tls(TlsFacts tls) {
        Json json = new Json().put("version", tls.version()).put("cipher", tls.cipher())
                .put("coverage", tls.coverage().label()).raw("names", array(tls.names(), Json::quoted))
                .put("trusted", tls.distrust().isEmpty());
        tls.distrust().ifPresent(why -> json.put("distrust", why));
        return json.put("not_after", tls.notAfter().toString()).toString();
    }

    private static String wait(Wait wait) {
        Json json = new Json().put("client", wait.client().label()).put("result", wait.result().label())
                .put("ms", millis(wait.after()));
        wait.address().ifPresent(address -> json.put("address", Addresses.text(address)));
        return json.toString();
    }

    private static String finding(Finding finding) {
        return new Json().put("severity", finding.severity().label())
                .raw("addresses", array(finding.addresses(), address -> Json.quoted(Addresses.text(address))))
                .put("text", finding.text()).put("fix", finding.fix()).toString();
    }

    private static <T> String array(List<T> values, Function<T, String> json) {
        return values.stream().map(json).collect(Collectors.joining(",", "[", "]"));
    }

    private static double millis(Duration time) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.1f", time.toNanos() / 1e6));
    }
}
