package io.dualpost.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.mail.TlsMode;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FindingsTest {
    static final InetAddress SIX = InetAddress.ofLiteral("2001:db8::10");
    static final InetAddress FOUR = InetAddress.ofLiteral("192.0.2.10");
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Target TARGET = Target.of("pop.example.jp", Optional.empty(), Optional.empty());

    static Duration millis(int tenths) {
        return Duration.ofNanos(tenths * 100_000L);
    }

    static TlsFacts tls(TlsFacts.Coverage coverage, Optional<String> distrust, Duration left) {
        return new TlsFacts("TLSv1.3", "TLS_AES_256_GCM_SHA384", coverage, List.of("pop.example.jp"), distrust,
                NOW.plus(left));
    }

    static Timeline serving(InetAddress address, TlsFacts tls) {
        return new Timeline(address,
                List.of(new Timeline.Step(Stage.CONNECT, millis(208)), new Timeline.Step(Stage.TLS, millis(631)),
                        new Timeline.Step(Stage.GREETING, millis(845)),
                        new Timeline.Step(Stage.CAPABILITIES, millis(1057))),
                Optional.empty(), Optional.of(tls), Optional.of("+OK pop.example.jp POP3 ready"),
                List.of("UIDL", "SASL PLAIN LOGIN"));
    }

    static Timeline serving(InetAddress address) {
        return serving(address, tls(TlsFacts.Coverage.COVERED, Optional.empty(), Duration.ofDays(60)));
    }

    static Timeline failing(InetAddress address, Stage stage, Fault.Kind kind, Duration at, String words) {
        List<Timeline.Step> steps = stage == Stage.CONNECT
                ? List.of()
                : List.of(new Timeline.Step(Stage.CONNECT, millis(208)));
        return new Timeline(address, steps, Optional.of(new Fault(stage, kind, at, words)), Optional.empty(),
                Optional.empty(), List.of());
    }

    private static Timeline failing(InetAddress address, Fault.Kind kind) {
        boolean before = List.of(Fault.Kind.REFUSED, Fault.Kind.UNREACHABLE, Fault.Kind.NO_ROUTE,
                Fault.Kind.UNANSWERED).contains(kind);
        return failing(address, before ? Stage.CONNECT : Stage.TLS, kind, millis(300), "words");
    }

    static Report report(Target target, boolean rescue, Timeline... timelines) {
        List<Timeline> all = List.of(timelines);
        return new Report(target, rescue, NOW, new Lookup(all.stream().map(Timeline::address).toList(), all.size(),
                Optional.of(millis(123)), Optional.empty()), all);
    }

    private static String only(Report report) {
        assertThat(report.findings()).hasSize(1);
        Finding finding = report.findings().getFirst();
        return finding.severity() + ": " + finding.text() + " -> " + finding.fix();
    }

    @Test
    void whereAllServeNothingIsToBeDone() {
        Report report = report(TARGET, false, serving(SIX), serving(FOUR));
        assertThat(only(report)).isEqualTo("FINE: all 2 addresses serve -> ");
        assertThat(report.exitCode()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
            "REFUSED,     NOTE,  IPv4 one round trip later, or withdraw the AAAA record",
            "UNREACHABLE, FAULT, rate-limited,              refuse with a TCP reset",
            "NO_ROUTE,    FAULT, nothing is known,          over IPv6",
            "UNANSWERED,  FAULT, up to 134 s,               or withdraw the AAAA record",
            "SILENT,      FAULT, path-MTU hole or a dead,   TCP_MAXSEG 1220",
            "RESET,       FAULT, no client falls back,      must not listen",
            "CLOSED,      FAULT, no client falls back,      must not listen",
            "TLS,         FAULT, TLS fails: words,          give --tls starttls",
            "PROTOCOL,    FAULT, is not POP3: words,        another service",
            "SAID_NO,     FAULT, says no: words,            must not listen",
            "NO_STARTTLS, FAULT, stop here,                 switch it on"})
    void aFaultOfIpv6IsNamedWithItsFix(Fault.Kind kind, Finding.Severity severity, String text, String fix) {
        Report report = report(TARGET, false, failing(SIX, kind), serving(FOUR));
        assertThat(only(report)).startsWith(severity + ": ").contains(text).contains(fix);
        assertThat(report.findings().getFirst().addresses()).containsExactly(SIX);
        assertThat(report.exitCode()).isEqualTo(Report.SOME_DO_NOT);
    }

    @ParameterizedTest
    @CsvSource({"REFUSED, nothing listens", "UNREACHABLE, an error at once", "UNANSWERED, clients wait up to 134 s"})
    void anIpv4AddressHasNobodyToFallBackToAndNoAaaa(Fault.Kind kind, String text) {
        Report report = report(TARGET, false, serving(SIX), failing(FOUR, kind));
        assertThat(only(report)).startsWith("FAULT: ").contains(text).doesNotContain("AAAA").doesNotContain("ICMPv6");
        assertThat(report.exitCode()).isEqualTo(Report.SOME_DO_NOT);
    }

    @Test
    void ipv6RefusedIsAFaultWhereIpv4IsNoBetter() {
        Report report = report(TARGET, false, failing(SIX, Fault.Kind.REFUSED), failing(FOUR, Fault.Kind.REFUSED));
        assertThat(report.findings()).allMatch(finding -> finding.severity() == Finding.Severity.FAULT);
        assertThat(report.exitCode()).isEqualTo(Report.NONE_SERVES);
    }

    @Test
    void aSilentGreetingIsNoHoleButPerhapsTheWrongMode() {
        Target plain = Target.of("pop.example.jp", Optional.empty(), Optional.of(TlsMode.STARTTLS));
        assertThat(only(report(plain, false,
                failing(SIX, Stage.GREETING, Fault.Kind.SILENT, millis(100_000), ""), serving(FOUR))))
                .contains("TLS begins at once", "--tls implicit").doesNotContain("MTU");
        assertThat(only(report(TARGET, false,
                failing(SIX, Stage.GREETING, Fault.Kind.SILENT, millis(100_000), ""), serving(FOUR))))
                .contains("a dead backend;").doesNotContain("--tls");
    }

    @Test
    void aResetLongAfterConnectingIsAHoleThatTheServerNoticed() {
        Report late = report(TARGET, false,
                failing(SIX, Stage.TLS, Fault.Kind.RESET, millis(32_590), "Connection reset"), serving(FOUR));
        assertThat(only(late)).startsWith("FAULT: TLS did not come").contains("a path-MTU hole", "TCP_MAXSEG 1220");
        Report later = report(TARGET, false,
                failing(SIX, Stage.GREETING, Fault.Kind.RESET, millis(32_590), "Connection reset"), serving(FOUR));
        assertThat(only(later)).startsWith("FAULT: the connection is reset before the greeting");
    }

    @Test
    void aRescueHostHasNoIpv6Address() {
        Report wrong = report(TARGET, true, serving(SIX), serving(FOUR));
        assertThat(only(wrong)).startsWith("FAULT: the rescue host has an IPv6 address").contains("remove its AAAA");
        assertThat(wrong.exitCode()).isEqualTo(Report.SOME_DO_NOT);
        assertThat(report(TARGET, true, serving(FOUR)).exitCode()).isZero();
    }

    @Test
    void aFamilyThatIsMissingIsWorthKnowing() {
        assertThat(report(TARGET, false, serving(FOUR)).findings()).extracting(Finding::text)
                .anyMatch(text -> text.startsWith("there is no IPv6 address"));
        assertThat(report(TARGET, false, serving(SIX)).findings()).extracting(Finding::text)
                .anyMatch(text -> text.startsWith("there is no IPv4 address"));
        Target literal = Target.of("192.0.2.10", Optional.empty(), Optional.empty());
        assertThat(only(report(literal, false, serving(FOUR)))).isEqualTo("FINE: the address serves -> ");
    }

    @Test
    void certificatesAreJudged() {
        TlsFacts other = tls(TlsFacts.Coverage.NOT_COVERED, Optional.empty(), Duration.ofDays(60));
        assertThat(only(report(TARGET, false, serving(SIX, other), serving(FOUR, other))))
                .startsWith("FAULT: the certificate does not cover the name").contains("SNI");
        TlsFacts expired = tls(TlsFacts.Coverage.COVERED, Optional.of("NotAfter: gone"), Duration.ofDays(-1));
        assertThat(only(report(TARGET, false, serving(SIX, expired), serving(FOUR, expired))))
                .isEqualTo("FAULT: the certificate is not trusted: NotAfter: gone -> renew it");
        TlsFacts soon = tls(TlsFacts.Coverage.COVERED, Optional.empty(), Duration.ofDays(13));
        assertThat(report(TARGET, false, serving(SIX, soon), serving(FOUR, soon)).findings())
                .extracting(Finding::text).contains("the certificate ends in 13 days");
        assertThat(report(TARGET, false, serving(SIX, soon), serving(FOUR, soon)).exitCode()).isZero();
    }

    @Test
    void aNameIsCoveredByItselfOrByAWildcardForOneLabel() {
        assertThat(Handshake.coverage(TARGET, List.of("a.example", "pop.example.jp")))
                .isEqualTo(TlsFacts.Coverage.COVERED);
        assertThat(Handshake.coverage(TARGET, List.of("*.example.jp"))).isEqualTo(TlsFacts.Coverage.COVERED);
        assertThat(Handshake.coverage(TARGET, List.of("*.jp", "example.jp", "*")))
                .isEqualTo(TlsFacts.Coverage.NOT_COVERED);
        Target literal = Target.of("2001:db8:0::1", Optional.empty(), Optional.empty());
        assertThat(Handshake.coverage(literal, List.of("2001:db8::1"))).isEqualTo(TlsFacts.Coverage.COVERED);
        assertThat(Handshake.coverage(literal, List.of("pop.example.jp"))).isEqualTo(TlsFacts.Coverage.NO_NAME);
    }

    @Test
    void whatDnsSaidIsJudged() {
        Report nowhere = new Report(TARGET, false, NOW,
                new Lookup(List.of(), 0, Optional.of(millis(50_000)), Optional.of("unknown")), List.of());
        assertThat(nowhere.findings()).extracting(Finding::text)
                .containsExactly("the name leads to no address: unknown",
                        "DNS is slow, and every client waits for it before anything else");
        assertThat(nowhere.exitCode()).isEqualTo(Report.NONE_SERVES);
        assertThat(nowhere.waits()).isEmpty();
        Report many = new Report(TARGET, false, NOW,
                new Lookup(List.of(SIX, FOUR), 40, Optional.of(millis(1)), Optional.empty()),
                List.of(serving(SIX), serving(FOUR)));
        assertThat(many.findings()).extracting(Finding::text).contains("the name has 40 addresses; 2 were probed");
    }
}
