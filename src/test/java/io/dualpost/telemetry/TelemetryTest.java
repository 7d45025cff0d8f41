package io.dualpost.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Family;
import io.dualpost.address.HostRole;
import io.dualpost.address.Peer;
import io.dualpost.gate.Fallbacks;
import io.dualpost.gate.PathReading;
import io.dualpost.gate.PathVerdict;
import io.dualpost.mail.Cause;
import io.dualpost.mail.Credentials;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.Refusal;
import io.dualpost.mail.TlsMode;
import io.dualpost.mail.Verdict;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TelemetryTest {
    private static final String ODD = "a\"b\\c\td\u0001\u007f\u00e9{}";

    private final Telemetry telemetry = new Telemetry(new Telemetry.Build("1", "4", "nio", "test"),
            LogFormat.JSON);
    private final ListenerMeters meters = telemetry.listener("pop", "pop-995", Protocol.POP3, TlsMode.IMPLICIT);

    private SessionRecord record() {
        return telemetry.begin(meters, Peer.direct(
                new InetSocketAddress(InetAddress.ofLiteral("2001:db8::7"), 4000),
                new InetSocketAddress(InetAddress.ofLiteral("::ffff:192.0.2.1"), 995)), 0);
    }

    private List<String> own() {
        return telemetry.scrape("").lines().filter(line -> line.startsWith("dualpost_")).toList();
    }

    @Test
    void everyCounterIsThereAtZeroFromTheStart() {
        assertThat(own()).filteredOn(line -> line.contains("_total{")).isNotEmpty()
                .allMatch(line -> line.endsWith(" 0.0"));
        assertThat(own().toString()).contains("hostrole=\"rescue\"", "phase=\"proxy_header\"",
                "cause=\"backend_reset\"", "result=\"bad_credentials\"", "family=\"ipv6\"");
    }

    @Test
    void nothingThatAPeerSaysBecomesALabelOrASeries() {
        int before = own().size();
        SessionRecord record = record();
        telemetry.arrived(record);
        record.meant(HostRole.OTHER, Optional.of("evil.example"));
        record.named(Credentials.of(Credentials.Mechanism.PLAIN, "evil-user", "secret").orElseThrow(), 1);
        telemetry.counted(record);
        telemetry.loginFailed(record, Refusal.BAD_CREDENTIALS, "evil-detail", 3);
        telemetry.finished(record, Cause.QUIT, true, 5);

        assertThat(own()).hasSize(before);
        assertThat(own().toString()).doesNotContain("evil", "2001:db8", "secret");
    }

    @Test
    void timesAreInSecondsAndInTheFamilysOwnBuckets() {
        SessionRecord record = record();
        telemetry.secured(record, new Secured("TLSv1.3", "TLS_AES_128_GCM_SHA256", true), 1_000_000L, 9_000_000L);
        telemetry.greeted(record, 40_000_000L);
        telemetry.finished(record, Cause.QUIT, false, 2_000_000_000L);

        String labels = "{family=\"ipv6\",listener=\"pop-995\"";
        assertThat(own()).contains(
                "dualpost_tls_handshakes_total" + labels + ",resumed=\"yes\",version=\"TLSv1.3\"} 1.0",
                "dualpost_tls_handshake_duration_seconds_sum" + labels + "} 0.008",
                "dualpost_tls_handshake_duration_seconds_bucket" + labels + ",le=\"0.005\"} 0",
                "dualpost_tls_handshake_duration_seconds_bucket" + labels + ",le=\"0.01\"} 1",
                "dualpost_first_byte_seconds_sum" + labels + "} 0.04",
                "dualpost_session_duration_seconds_sum" + labels + "} 2.0",
                "dualpost_session_duration_seconds_count{family=\"ipv4\",listener=\"pop-995\"} 0");
    }

    /** Prometheus before 2.43 throws the whole scrape away if anything else of a histogram has one. */
    @Test
    void exemplarsStandOnBucketsAlone() {
        SessionRecord record = record();
        telemetry.greeted(record, 40_000_000L);
        telemetry.finished(record, Cause.QUIT, false, 2_000_000_000L);

        assertThat(telemetry.scrape("application/openmetrics-text").lines().filter(line -> line.contains(" # {")))
                .isNotEmpty().allMatch(line -> line.substring(0, line.indexOf('{')).endsWith("_bucket"));
    }

    @Test
    void failedHandshakesAreCountedByReason() {
        telemetry.notSecured(record(), HandshakeFailure.NO_TLS, "");

        assertThat(own()).contains("dualpost_tls_handshake_failures_total{family=\"ipv6\",listener=\"pop-995\","
                + "reason=\"no_tls\"} 1.0");
    }

    @Test
    void fourListenersStayFarBelowTheBudgetOfSeries() {
        telemetry.listener("pop", "pop-110", Protocol.POP3, TlsMode.STARTTLS);
        telemetry.listener("submission", "submission-465", Protocol.SUBMISSION, TlsMode.IMPLICIT);
        telemetry.listener("submission", "submission-587", Protocol.SUBMISSION, TlsMode.STARTTLS);

        assertThat(telemetry.scrape("").lines().filter(line -> !line.startsWith("#"))).hasSizeLessThan(2500);
    }

    @Test
    void everyMetricIsThereAndNoOtherOfOurs() {
        telemetry.proxy("0123456789abcdef", 1, () -> false, () -> 0);
        telemetry.loops(() -> 0, () -> 0, () -> 0);
        telemetry.gate().set(_ -> 0, () -> false, () -> 0);
        telemetry.gate().accounts(() -> new Fallbacks.Counts(0, 0));
        telemetry.gate().halfOpen(Family.IPV6);
        telemetry.service("pop", "pool", "pop.example", "");
        telemetry.listener("submission", "submission-587", Protocol.SUBMISSION, TlsMode.STARTTLS);
        telemetry.backend("pool", "a:1").known(_ -> true, _ -> 1);
        telemetry.certificate("a.pem", Instant.EPOCH);
        List<String> names = telemetry.scrape("").lines().filter(line -> line.startsWith("# TYPE dualpost_"))
                .map(line -> line.split(" ", -1)[2]).toList();

        assertThat(names).containsExactlyInAnyOrder(Stream.of(Metric.values())
                .map(metric -> metric.metric() + (metric.type() == Metric.Type.COUNTER ? "_total" : ""))
                .toArray(String[]::new));
    }

    @Test
    void theShippedPagesAreTheProgramsOwn() throws Exception {
        for (Map.Entry<String, String> page : Telemetry.manual().entrySet()) {
            Path file = Path.of(System.getProperty("project.basedir", "."), "src/docs", page.getKey());
            if (Boolean.getBoolean("regenerate")) {
                Files.writeString(file, page.getValue());
            }
            assertThat(file).as("run: mvn test -Dtest=TelemetryTest -Dregenerate=true").hasContent(page.getValue());
        }
    }

    @Test
    void theLineIsOneLineOfJsonWhateverTheUserIsCalled() {
        SessionRecord record = record();
        record.named(Credentials.of(Credentials.Mechanism.USER, ODD, "secret").orElseThrow(), 1);
        record.refused(Refusal.BACKEND_FAULT, "said:\r\n\"x\"\u2028");
        record.advanced(Phase.AUTH, 2_000_000);
        String line = RecordLine.of(record, LogFormat.JSON, Cause.QUIT, 7_000_000);

        assertThat(line).doesNotContain("\n", "\r", "\t", "\u2028", "\u0001", "\u007f", "secret")
                .contains("\"user\":\"a\\\"b\\\\c\\td\\u0001\\u007f", "\"detail\":\"said:\\r\\n\\\"x\\\"\\u2028\"",
                        "\"client\":\"2001:db8::7\"", "\"client_net\":\"2001:db8::/64\"",
                        "\"local\":\"192.0.2.1:995\"", "\"reached_ms\":{\"auth\":2}", "\"duration_ms\":7");
    }

    /** A record with every field, each of them as odd as the one who fills it can make it. */
    private SessionRecord full() {
        SessionRecord record = telemetry.begin(meters, Peer.direct(
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.250"), 4000),
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 995)).claiming(
                        new InetSocketAddress(InetAddress.ofLiteral("2001:db8::7"), 4001),
                        new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 995), "2001:DB8::7" + ODD),
                0);
        record.meant(HostRole.OTHER, Optional.of("host" + ODD));
        telemetry.secured(record, new Secured("TLSv1.3", "TLS" + ODD, false), 0, 1);
        record.named(Credentials.of(Credentials.Mechanism.PLAIN, "user" + ODD, "secret").orElseThrow(), 1);
        record.reachedBackend("backend" + ODD, new InetSocketAddress(InetAddress.ofLiteral("192.0.2.9"), 110));
        record.stalled(PathVerdict.PATH_MTU, new PathReading(2, 1, 2, 0, 517, 2));
        record.refused(Refusal.BACKEND_FAULT, "detail" + ODD + "\r\n\u2028\u009b");
        record.advanced(Phase.AUTH, 2_000_000);
        return record;
    }

    @Test
    void theRecordHasTheFieldsOfTheManualInItsOrder() {
        String all = RecordLine.of(full(), LogFormat.KEY_VALUE, Cause.TIMEOUT, 7_000_000);

        assertThat(Pattern.compile("(?:^| )([a-z_]+)(?:\\.[a-z_]+)?=")
                .matcher(all.replaceAll("\"(?:[^\"\\\\]|\\\\.)*\"", "x"))
                .results().map(found -> found.group(1)).toList())
                .isEqualTo(Stream.of(RecordField.values()).map(RecordField::text).toList());
        String bare = RecordLine.of(record(), LogFormat.JSON, Cause.TIMEOUT, 7_000_000);
        assertThat(RecordField.values())
                .allMatch(field -> field.always() == bare.contains("\"" + field.text() + "\":"));
    }

    @ParameterizedTest
    @EnumSource
    void nothingThatAPeerSendsBreaksTheLineOrTheTerminal(LogFormat format) {
        String line = RecordLine.of(full(), format, Cause.TIMEOUT, 7_000_000);

        assertThat(line.codePoints()).as(line).noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029);
        assertThat(line).contains("\\u0001", "\\u007f", "\\r\\n\\u2028\\u009b").doesNotContain("secret");
    }

    @Test
    void whoEndedItIsWhoClosedIt() {
        SessionRecord record = record();
        assertThat(RecordLine.of(record, LogFormat.JSON, Cause.TLS_FAILED, 0)).contains("\"ended_by\":\"proxy\"");
        telemetry.notSecured(record, HandshakeFailure.CLIENT_ALERT, "");
        assertThat(RecordLine.of(record, LogFormat.JSON, Cause.TLS_FAILED, 0)).contains("\"ended_by\":\"client\"");
        assertThat(RecordLine.of(record(), LogFormat.JSON, Cause.BACKEND_RESET, 0))
                .contains("\"ended_by\":\"backend\"");
    }

    @Test
    void aDetailStaysOnlyWithTheReasonsThatItExplains() {
        SessionRecord record = record();
        record.refused(Refusal.BACKEND_UNAVAILABLE, "a:1: refused");
        record.said(Refusal.BACKEND_LOST);
        assertThat(RecordLine.of(record, LogFormat.JSON, Cause.QUIT, 0)).contains("\"refusal\":\"backend_lost\"",
                "a:1: refused");
        record.said(Refusal.UNKNOWN_COMMAND);
        assertThat(RecordLine.of(record, LogFormat.JSON, Cause.QUIT, 0)).contains("\"refusal\":\"unknown_command\"")
                .doesNotContain("a:1");
    }

    @Test
    void aMessageWithoutVerdictIsAbortedAtTheEnd() {
        ListenerMeters submission = telemetry.listener("submission", "submission-587", Protocol.SUBMISSION,
                TlsMode.STARTTLS);
        SessionRecord record = telemetry.begin(submission, record().peer(), 0);
        record.content(3000);
        record.message(Verdict.ACCEPTED);
        record.content(5);
        telemetry.finished(record, Cause.CLIENT_RESET, false, 1);

        String labels = "{family=\"ipv6\",listener=\"submission-587\"";
        assertThat(own()).contains("dualpost_messages_total" + labels + ",outcome=\"accepted\"} 1.0",
                "dualpost_messages_total" + labels + ",outcome=\"aborted\"} 1.0",
                "dualpost_message_size_bytes_sum" + labels + "} 3000.0",
                "dualpost_message_size_bytes_count" + labels + "} 1",
                "dualpost_tls_starttls_total" + labels + ",outcome=\"unused\"} 1.0",
                "dualpost_connections_lost_total" + labels + ",phase=\"accepted\"} 1.0");
    }

    @Test
    void aLongUserNameIsCut() {
        SessionRecord record = record();
        record.named(Credentials.of(Credentials.Mechanism.PLAIN, "x".repeat(300), "s").orElseThrow(), 1);

        assertThat(RecordLine.of(record, LogFormat.JSON, Cause.QUIT, 0)).contains("\"" + "x".repeat(255) + "\"");
    }
}
