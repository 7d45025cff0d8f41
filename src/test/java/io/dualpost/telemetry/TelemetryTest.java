package io.dualpost.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.HostRole;
import io.dualpost.address.Peer;
import io.dualpost.mail.Cause;
import io.dualpost.mail.Credentials;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.Refusal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TelemetryTest {
    private static final String ODD = "a\"b\\c\td\u0001\u007f\u00e9{}";

    private final Telemetry telemetry = new Telemetry("1", "test");
    private final ListenerMeters meters = telemetry.listener("pop", "pop-995", Protocol.POP3);

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
                "reason=\"backend_reset\"", "result=\"bad_credentials\"", "family=\"ipv6\"");
    }

    @Test
    void nothingThatAPeerSaysBecomesALabelOrASeries() {
        int before = own().size();
        SessionRecord record = record();
        telemetry.arrived(record);
        record.meant(HostRole.OTHER, Optional.of("evil.example"));
        record.named(Credentials.of(Credentials.Mechanism.PLAIN, "evil-user", "secret").orElseThrow());
        telemetry.counted(record);
        telemetry.loginFailed(record, Refusal.BAD_CREDENTIALS, "evil-detail");
        telemetry.finished(record, Cause.QUIT, true, 5);

        assertThat(own()).hasSize(before);
        assertThat(own().toString()).doesNotContain("evil", "2001:db8", "secret");
    }

    @Test
    void theLineIsOneLineOfJsonWhateverTheUserIsCalled() {
        SessionRecord record = record();
        record.named(Credentials.of(Credentials.Mechanism.USER, ODD, "secret").orElseThrow());
        record.refused(Refusal.BACKEND_FAULT, "said:\r\n\"x\"\u2028");
        record.advanced(Phase.AUTH, 2_000_000);
        String line = record.line(Cause.QUIT, 7_000_000);

        assertThat(line).doesNotContain("\n", "\r", "\t", "\u2028", "\u0001", "\u007f", "secret")
                .contains("\"user\":\"a\\\"b\\\\c\\td\\u0001\\u007f", "\"detail\":\"said:\\r\\n\\\"x\\\"\\u2028\"",
                        "\"client\":\"2001:db8::7\"", "\"client_net\":\"2001:db8::/64\"",
                        "\"local\":\"192.0.2.1:995\"", "\"reached_ms\":{\"auth\":2}", "\"duration_ms\":7");
    }

    @Test
    void aLongUserNameIsCut() {
        SessionRecord record = record();
        record.named(Credentials.of(Credentials.Mechanism.PLAIN, "x".repeat(300), "s").orElseThrow());

        assertThat(record.line(Cause.QUIT, 0)).contains("\"" + "x".repeat(255) + "\"");
    }
}
