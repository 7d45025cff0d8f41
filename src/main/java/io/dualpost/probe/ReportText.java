package io.dualpost.probe;

import io.dualpost.address.Addresses;
import io.dualpost.mail.Protocol;
import java.net.InetAddress;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A report for people: a table, what the servers said, waits and verdicts. */
final class ReportText {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);

    private final Report report;
    private final StringBuilder text = new StringBuilder();

    private ReportText(Report report) {
        this.report = report;
    }

    static String of(Report report) {
        ReportText made = new ReportText(report);
        made.head();
        if (!report.timelines().isEmpty()) {
            made.table();
            report.timelines().forEach(made::said);
            made.waits();
        }
        made.verdict();
        return made.text.toString();
    }

    static String protocol(Target target) {
        return target.protocol() == Protocol.POP3 ? "POP3" : "SMTP submission";
    }

    private void head() {
        Target target = report.target();
        String tls = switch (target.tls()) {
            case IMPLICIT -> "TLS from the start";
            case STARTTLS -> "TLS by " + (target.protocol() == Protocol.POP3 ? "STLS" : "STARTTLS");
            case NONE -> "no TLS";
        };
        line(target.endpoint() + ", " + protocol(target) + ", " + tls);
        int found = report.lookup().found();
        report.lookup().took().ifPresent(took -> line("DNS: " + report.lookup().problem()
                .orElse(found + (found == 1 ? " address" : " addresses")) + ", after " + millis(took)));
    }

    private void table() {
        List<List<String>> rows = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of("address"));
        List<Stage> stages = stages();
        stages.forEach(stage -> header.add(stage.label()));
        rows.add(header);
        for (Timeline timeline : report.timelines()) {
            List<String> row = new ArrayList<>(List.of(Addresses.text(timeline.address())));
            stages.forEach(stage -> row.add(cell(timeline, stage)));
            rows.add(row);
        }
        line("");
        for (List<String> row : rows) {
            StringBuilder cells = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                int column = i;
                int width = rows.stream().mapToInt(other -> other.get(column).length()).max().orElse(0);
                cells.append(row.get(i)).append(" ".repeat(width - row.get(i).length() + 2));
            }
            line(cells.toString().stripTrailing());
        }
    }

    /** In the order in which they come. */
    private List<Stage> stages() {
        return switch (report.target().tls()) {
            case IMPLICIT -> List.of(Stage.CONNECT, Stage.TLS, Stage.GREETING, Stage.CAPABILITIES);
            case STARTTLS -> List.of(Stage.CONNECT, Stage.GREETING, Stage.CAPABILITIES, Stage.STARTTLS, Stage.TLS);
            case NONE -> List.of(Stage.CONNECT, Stage.GREETING, Stage.CAPABILITIES);
        };
    }

    private static String cell(Timeline timeline, Stage stage) {
        Optional<Fault> fault = timeline.fault().filter(one -> one.stage() == stage);
        if (fault.isPresent()) {
            return fault.get().kind().label().replace('_', ' ') + " " + millis(fault.get().at());
        }
        return timeline.at(stage).map(ReportText::millis).orElse("-");
    }

    private void said(Timeline timeline) {
        if (timeline.tls().isEmpty() && timeline.greeting().isEmpty()) {
            return;
        }
        line("");
        line(Addresses.text(timeline.address()));
        timeline.tls().ifPresent(tls -> {
            line("  " + tls.version() + " " + tls.cipher());
            line("  certificate " + switch (tls.coverage()) {
                case COVERED -> "covers the name, ";
                case NOT_COVERED -> "does not cover the name, ";
                case NO_NAME -> "";
            } + (tls.distrust().isEmpty() ? "trusted" : "not trusted") + ", until " + DAY.format(tls.notAfter()));
        });
        timeline.greeting().ifPresent(greeting -> line("  " + greeting));
        if (!timeline.capabilities().isEmpty()) {
            line("  " + String.join(", ", timeline.capabilities()));
        }
    }

    private void waits() {
        line("");
        line("Until the first greeting, with IPv6 first:");
        for (Wait wait : report.waits()) {
            String where = wait.address().map(address -> " at " + Addresses.text(address)).orElse(", no address left");
            line("  %-24s".formatted(wait.client().words()) + switch (wait.result()) {
                case GREETED -> seconds(wait.after()) + where;
                case ERROR -> "error after " + seconds(wait.after()) + where;
                case HANGS -> "hangs after " + seconds(wait.after()) + where + ", for two minutes or for ever";
            });
        }
    }

    private void verdict() {
        line("");
        for (Finding finding : report.findings()) {
            String mark = switch (finding.severity()) {
                case FINE -> "fine";
                case NOTE -> "note";
                case FAULT -> "FAULT";
            };
            line("%-6s".formatted(mark) + where(finding.addresses()) + finding.text());
            if (!finding.fix().isEmpty()) {
                line("      -> " + finding.fix());
            }
        }
    }

    private static String where(List<InetAddress> addresses) {
        return addresses.isEmpty()
                ? ""
                : addresses.stream().map(Addresses::text).collect(Collectors.joining(", ", "", ": "));
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private static String millis(Duration time) {
        double millis = time.toNanos() / 1e6;
        return String.format(Locale.ROOT, millis < 10 ? "%.1f ms" : "%.0f ms", millis);
    }

    private static String seconds(Duration time) {
        double seconds = time.toNanos() / 1e9;
        return String.format(Locale.ROOT, seconds < 10 ? "%.2f s" : "%.0f s", seconds);
    }
}
