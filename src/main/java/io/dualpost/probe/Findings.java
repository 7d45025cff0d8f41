package io.dualpost.probe;

import io.dualpost.address.Family;
import io.dualpost.mail.TlsMode;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a report comes to, with the fix in plain words. */
final class Findings {
    private static final Duration SLOW_DNS = Duration.ofSeconds(1);
    private static final Duration LATE = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofDays(14);

    private final Report report;
    /** The same thing seen at several addresses is said once. */
    private final Map<Finding, List<InetAddress>> found = new LinkedHashMap<>();

    private Findings(Report report) {
        this.report = report;
    }

    static List<Finding> of(Report report) {
        Findings findings = new Findings(report);
        findings.name();
        for (Timeline timeline : report.timelines()) {
            timeline.fault().ifPresent(fault -> findings.fault(timeline, fault));
            timeline.tls().ifPresent(tls -> findings.certificate(timeline.address(), tls));
        }
        findings.wellDone();
        return findings.found.entrySet().stream().map(entry -> new Finding(entry.getKey().severity(),
                entry.getValue(), entry.getKey().text(), entry.getKey().fix())).toList();
    }

    private void name() {
        Lookup lookup = report.lookup();
        lookup.problem().ifPresent(why -> add(Finding.Severity.FAULT, "the name leads to no address: " + why,
                "publish an A and an AAAA record, or look at the resolver of this machine"));
        if (lookup.took().filter(took -> took.compareTo(SLOW_DNS) > 0).isPresent()) {
            add(Finding.Severity.NOTE, "DNS is slow, and every client waits for it before anything else",
                    "look at the name servers, also whether they answer for AAAA as quickly as for A");
        }
        if (lookup.found() > lookup.addresses().size()) {
            add(Finding.Severity.NOTE, "the name has " + lookup.found() + " addresses; " + lookup.addresses().size()
                    + " were probed", "a client without fallback sees only one of them; publish a few");
        }
        if (report.rescue() && lookup.has(Family.IPV6)) {
            add(Finding.Severity.FAULT, "the rescue host has an IPv6 address, so it rescues nobody",
                    "remove its AAAA record: clients come here because IPv6 fails them");
        }
        if (lookup.problem().isPresent() || report.target().name().isEmpty() || lookup.addresses().isEmpty()) {
            return;
        }
        if (!lookup.has(Family.IPV4)) {
            add(Finding.Severity.NOTE, "there is no IPv4 address: clients without IPv6 get nothing, and nobody can fall"
                    + " back", "publish an A record");
        }
        if (!lookup.has(Family.IPV6) && !report.rescue()) {
            add(Finding.Severity.NOTE, "there is no IPv6 address, or this machine does not ask for one: IPv4 only",
                    "nothing, if that is meant");
        }
    }

    private void fault(Timeline timeline, Fault fault) {
        boolean six = timeline.family() == Family.IPV6;
        boolean rescued = six && report.timelines().stream()
                .anyMatch(other -> other.family() == Family.IPV4 && other.serves());
        String back = rescued ? "clients that can fall back" : "clients";
        String withdraw = six && !report.target().name().isEmpty() ? ", or withdraw the AAAA record" : "";
        switch (fault.kind()) {
            case REFUSED -> refused(timeline.address(), six, rescued, withdraw);
            case UNREACHABLE -> add(timeline.address(), Finding.Severity.FAULT, timeline.family()
                    + " is answered with \"unreachable\" (" + fault.words() + "): "
                    + (rescued
                            ? "clients that can fall back go to IPv4 at once, but such answers are rate-limited"
                            : "clients get an error at once"),
                    "repair the route or the filter" + withdraw
                            + (six ? "; refuse with a TCP reset rather than with ICMPv6 in the meantime" : ""));
            case NO_ROUTE -> add(timeline.address(), Finding.Severity.FAULT,
                    "this machine has no " + timeline.family() + " route to it, so nothing is known of the server",
                    "probe from a machine that has a way to it over " + timeline.family());
            case UNANSWERED -> add(timeline.address(), Finding.Severity.FAULT,
                    timeline.family() + " does not answer: " + back + " wait up to 134 s for it"
                            + (rescued ? ", the others get nothing" : ""),
                    "repair the route, the filter or the server" + withdraw
                            + (six ? "; until then let something on the way answer its SYN with a TCP reset" : ""));
            case SILENT -> silent(timeline, fault, withdraw);
            case RESET, CLOSED -> ended(timeline, fault, withdraw);
            case TLS -> add(timeline.address(), Finding.Severity.FAULT, "TLS fails: " + fault.words(),
                    (report.target().tls() == TlsMode.IMPLICIT
                            ? "if TLS begins later at this port, give --tls starttls; otherwise "
                            : "")
                            + "look at the server's protocols, ciphers and key");
            case PROTOCOL -> add(timeline.address(), Finding.Severity.FAULT,
                    "what comes is not " + ReportText.protocol(report.target()) + ": " + fault.words(),
                    report.target().tls() == TlsMode.IMPLICIT
                            ? "another service has this port; or give --protocol"
                            : "another service has this port, or TLS begins at once here; or give --protocol or --tls");
            case SAID_NO -> add(timeline.address(), Finding.Severity.FAULT, "the server says no: " + fault.words()
                    + "; users see an error, and no client falls back after connecting",
                    "look at the server; what cannot serve must not listen");
            case NO_STARTTLS -> add(timeline.address(), Finding.Severity.FAULT, fault.words()
                    + ": clients that insist on TLS stop here", "switch it on, and give the server a certificate");
        }
    }

    private void refused(InetAddress address, boolean six, boolean rescued, String withdraw) {
        if (rescued) {
            add(address, Finding.Severity.NOTE, "IPv6 is refused at once: clients that can fall back are on IPv4 one"
                    + " round trip later; those that never do get an error",
                    "nothing, if it is for a while and on purpose; otherwise listen there" + withdraw);
        } else {
            add(address, Finding.Severity.FAULT, (six ? "IPv6" : "IPv4") + " is refused: nothing listens there",
                    "start the server, or listen on this address too" + withdraw);
        }
    }

    private void ended(Timeline timeline, Fault fault, String withdraw) {
        if (isLate(timeline, fault)) {
            add(timeline.address(), Finding.Severity.FAULT,
                    "TLS did not come, and the server ended the connection after a while: looks like a path-MTU hole or a"
                            + " lost way back that it has noticed; users see an error, and no client falls back after"
                            + " connecting",
                    hole(timeline) + "look at the route in both directions" + withdraw);
        } else {
            add(timeline.address(), Finding.Severity.FAULT,
                    "the connection is " + (fault.kind() == Fault.Kind.RESET ? "reset" : "closed") + " before "
                            + awaited(fault.stage())
                            + ": users see an error, and no client falls back after connecting",
                    "look at the server or the backend behind it; what cannot serve must not listen");
        }
    }

    /** A server that cannot or will not shake hands says so at once; one that waited for a client that hears nothing does not. */
    private static boolean isLate(Timeline timeline, Fault fault) {
        Duration before = timeline.steps().isEmpty() ? Duration.ZERO : timeline.steps().getLast().at();
        return fault.stage() == Stage.TLS && fault.at().minus(before).compareTo(LATE) >= 0;
    }

    private static String hole(Timeline timeline) {
        return timeline.family() == Family.IPV6
                ? "let ICMPv6 \"packet too big\" pass and let the server announce small segments (TCP_MAXSEG 1220); "
                : "let ICMP \"fragmentation needed\" pass; ";
    }

    private void silent(Timeline timeline, Fault fault, String withdraw) {
        boolean untried = fault.stage() == Stage.GREETING && report.target().tls() != TlsMode.IMPLICIT;
        String cause = fault.stage() == Stage.TLS
                ? "a path-MTU hole or a dead backend"
                : untried ? "a dead backend, or a port where TLS begins at once" : "a dead backend";
        add(timeline.address(), Finding.Severity.FAULT, awaited(fault.stage())
                + " did not come although TCP is there: looks like " + cause
                + "; clients hang for minutes, and none falls back",
                (fault.stage() == Stage.TLS ? hole(timeline) : "") + "look at the backend"
                        + (untried ? ", or give --tls implicit" : "") + withdraw);
    }

    private void certificate(InetAddress address, TlsFacts tls) {
        Instant now = report.at();
        if (tls.coverage() == TlsFacts.Coverage.NOT_COVERED) {
            add(address, Finding.Severity.FAULT, "the certificate does not cover the name; it is for "
                    + (tls.names().isEmpty() ? "no name" : String.join(", ", tls.names())),
                    "get one for " + report.target().endpoint().host()
                            + ", or let the server choose by the name that the client asks for (SNI)");
        }
        tls.distrust().ifPresent(why -> add(address, Finding.Severity.FAULT,
                "the certificate is not trusted: " + why, now.isAfter(tls.notAfter())
                        ? "renew it"
                        : "send the whole chain, of an authority that clients know; of one of your own give it with --ca"));
        if (!now.isAfter(tls.notAfter()) && now.plus(SOON).isAfter(tls.notAfter())) {
            add(address, Finding.Severity.NOTE, "the certificate ends in "
                    + Duration.between(now, tls.notAfter()).toDays() + " days", "renew it");
        }
    }

    private void wellDone() {
        boolean faultless = found.keySet().stream().noneMatch(one -> one.severity() == Finding.Severity.FAULT);
        if (faultless && !report.timelines().isEmpty() && report.timelines().stream().allMatch(Timeline::serves)) {
            add(Finding.Severity.FINE, report.timelines().size() == 1
                    ? "the address serves"
                    : "all " + report.timelines().size() + " addresses serve", "");
        }
    }

    private static String awaited(Stage stage) {
        return switch (stage) {
            case CONNECT -> "the connection";
            case TLS -> "TLS";
            case GREETING -> "the greeting";
            case CAPABILITIES -> "the capabilities";
            case STARTTLS -> "the answer to STARTTLS";
        };
    }

    private void add(Finding.Severity severity, String text, String fix) {
        found.putIfAbsent(new Finding(severity, List.of(), text, fix), List.of());
    }

    private void add(InetAddress address, Finding.Severity severity, String text, String fix) {
        found.computeIfAbsent(new Finding(severity, List.of(), text, fix), _ -> new ArrayList<>()).add(address);
    }
}
