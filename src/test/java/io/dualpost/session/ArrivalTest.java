package io.dualpost.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Family;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArrivalTest {
    @Test
    void aboveTheCeilingNobodyIsKeptWaitingForTls() throws Exception {
        try (FakeBackend backend = FakeBackend.open(Wire::end);
                Bed bed = Bed.of(Protocol.POP3, backend).limits(9, 1).open();
                Wire first = bed.client()) {
            assertThat(bed.turnedAway()).isEqualTo(Wire.End.RESET);
            assertThat(bed.record()).contains("\"cause\":\"limit\"", "\"refusal\":\"prefix_limit\"");
            assertThat(bed.metric("dualpost_connections_refused_total{family=\"ipv4\",listener=\"test-0\","
                    + "reason=\"prefix_limit\"}")).isEqualTo(1);
            first.drop();
            bed.empty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoeverIsResetBehindTheFirstOctetsLeavesARecord(Family family) throws Exception {
        try (FakeBackend backend = FakeBackend.open(Wire::end);
                Bed bed = Bed.of(Protocol.POP3, backend).open()) {
            for (int i = 0; i < 2_000; i++) {
                bed.client(family).raw("\u0016\u0003\u0001").reset();
            }
            for (int i = 0; i < 2_000; i++) {
                assertThat(bed.record()).contains("\"phase\":\"tls\"", "\"cause\":\"client_reset\"");
            }
            bed.empty();
        }
    }

    @Test
    void aPasswordSaidWithoutTlsIsNotInTheRecord() throws Exception {
        try (FakeBackend backend = FakeBackend.open(Wire::end);
                Bed bed = Bed.of(Protocol.POP3, backend).open();
                Wire client = bed.client()) {
            client.raw("USER ann\r\nPASS secret\r\n").end();
            assertThat(bed.record()).contains("\"cause\":\"tls_failed\"")
                    // "secret" as octets in hexadecimal
                    .doesNotContain("secret", "736563726574");
            assertThat(bed.metric("dualpost_tls_handshake_failures_total{family=\"ipv4\",listener=\"test-0\","
                    + "reason=\"no_tls\"}")).isEqualTo(1);
        }
    }

    @Test
    void aPasswordSaidInsteadOfAHandshakeIsNotInTheRecord() throws Exception {
        try (FakeBackend backend = FakeBackend.open(Wire::end);
                Bed bed = Bed.of(Protocol.SUBMISSION, backend).tls(TlsMode.STARTTLS).open();
                Wire client = bed.client()) {
            client.hear("220 ").ask("EHLO there", "250 ").ask("STARTTLS", "220 ").say("AUTH PLAIN secret").end();
            assertThat(bed.record()).contains("\"cause\":\"tls_failed\"").doesNotContain("secret", "736563726574");
        }
    }

    @Test
    void aLoginThatOneBackendPostponesIsTriedAtTheNextAndBlamesNone() throws Exception {
        FakeBackend.Talk busy = proxy -> {
            proxy.say("+OK").hear("USER ");
            proxy.ask("+OK", "PASS ").say("-ERR [SYS/TEMP] this mailbox is being moved");
        };
        try (FakeBackend one = FakeBackend.open(busy);
                FakeBackend two = FakeBackend.open(busy);
                Bed bed = Bed.of(Protocol.POP3, one, two).open();
                Wire client = bed.secure(Family.IPV6)) {
            client.hear("+OK ").ask("USER ann", "+OK").ask("PASS secret", "-ERR [SYS/TEMP] ").ask("QUIT", "+OK");

            assertThat(one.connections() + two.connections()).isEqualTo(2);
            assertThat(bed.record()).contains("\"refusal\":\"backend_unavailable\"", "[SYS/TEMP]");
            assertThat(bed.backends()).allMatch(bed.health()::isUp);
        }
    }

    @Test
    void aClientThatLeavesWithoutQuitIsNotTheBackendsDoing() throws Exception {
        try (FakeBackend backend = FakeBackend.open(FakeBackend.pop3(Wire::end));
                Bed bed = Bed.of(Protocol.POP3, backend).open();
                Wire client = bed.loggedIn()) {
            client.finish().end();
            assertThat(bed.record()).contains("\"cause\":\"client_close\"");
        }
    }
}
