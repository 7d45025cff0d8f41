package io.dualpost.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dualpost.address.Family;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import io.dualpost.session.FakeBackend.Talk;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Either side may die at any moment: no death looks like a wrong password, or like something whole. */
class EndTest {
    private record Death(String name, Talk talk) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final Talk NOTHING = _ -> {
    };

    private static Stream<Death> deathsBeforeLogin() {
        return Stream.of(new Death("before the greeting", NOTHING),
                new Death("by reset before the greeting", Wire::reset),
                new Death("in the greeting", proxy -> proxy.raw("+O")),
                new Death("after the greeting", proxy -> proxy.say("+OK").hear("STLS")),
                new Death("after its answer to STLS", proxy -> proxy.say("+OK").ask("+OK", "\u0016")),
                new Death("in the handshake", proxy -> {
                    proxy.say("+OK").hear("STLS").say("+OK");
                    proxy.octets(20);
                }),
                new Death("with other words behind its answer to STLS",
                        proxy -> proxy.say("+OK").hear("STLS").raw("+OK\r\n+OK logged in\r\n").end()),
                new Death("after TLS", proxy -> proxy.say("+OK").hear("STLS").say("+OK").serveTls()),
                new Death("after USER", proxy -> proxy.say("+OK").hear("STLS").say("+OK").serveTls().hear("USER")),
                new Death("after PASS", proxy -> proxy.say("+OK").hear("STLS").say("+OK").serveTls().hear("USER")
                        .ask("+OK", "PASS")),
                new Death("in its answer to PASS", proxy -> proxy.say("+OK").hear("STLS").say("+OK").serveTls()
                        .hear("USER").ask("+OK", "PASS").raw("+OK log")));
    }

    @ParameterizedTest
    @MethodSource("deathsBeforeLogin")
    void aBackendThatDiesBeforeLoginGivesWayToTheNextAndThenTheClientMayTryAgain(Death death) throws Exception {
        try (FakeBackend one = FakeBackend.open(death.talk);
                FakeBackend two = FakeBackend.open("::1", death.talk);
                Bed bed = Bed.of(Protocol.POP3, one, two).poolTls(TlsMode.STARTTLS).open();
                Wire client = bed.secure(Family.IPV6)) {
            client.hear("+OK ").ask("USER ann", "+OK").ask("PASS secret", "-ERR [SYS/TEMP] ").ask("QUIT", "+OK");

            assertThat(List.of(one.connections(), two.connections())).containsExactly(1, 1);
            assertThat(bed.record()).contains("\"cause\":\"quit\"", "\"refusal\":\"backend_");
            bed.empty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STARTTLS", "IMPLICIT"})
    void aLoginBehindTlsGoesThrough(TlsMode mode) throws Exception {
        Talk talk = mode == TlsMode.IMPLICIT
                ? proxy -> FakeBackend.pop3(Wire::end).with(proxy.serveTls())
                : proxy -> proxy.say("+OK").hear("STLS").say("+OK").serveTls().hear("USER").ask("+OK", "PASS")
                        .say("+OK logged in").end();
        try (FakeBackend backend = FakeBackend.open(talk);
                Bed bed = Bed.of(Protocol.POP3, backend).poolTls(mode).open();
                Wire client = bed.loggedIn()) {
            assertThat(client.finish().end()).isNotEqualTo(Wire.End.RESET);
        }
    }

    @Test
    void aBackendThatDiesInAMessageLeavesTheClientWithAnEndThatIsNotWhole() throws Exception {
        try (FakeBackend backend = FakeBackend.open(FakeBackend.pop3(proxy -> proxy.hear("RETR").raw("+OK\r\nhalf")));
                Bed bed = Bed.of(Protocol.POP3, backend).open();
                Wire client = bed.loggedIn()) {
            assertThat(client.say("RETR 1").rest()).containsExactly("+OK", "half", "TRUNCATED");
            assertThat(bed.record()).contains("\"phase\":\"relay\"", "\"cause\":\"backend_close\"");
            bed.empty();
        }
    }

    @Test
    void aBackendThatIsResetInAMessageResetsTheClient() throws Exception {
        try (FakeBackend backend = FakeBackend.open(FakeBackend.pop3(proxy -> proxy.hear("RETR").reset()));
                Bed bed = Bed.of(Protocol.POP3, backend).open();
                Wire client = bed.loggedIn()) {
            assertThat(client.say("RETR 1").end()).isEqualTo(Wire.End.RESET);
            assertThat(bed.record()).contains("\"cause\":\"backend_reset\"");
        }
    }

    @Test
    void afterQuitTheEndIsWhole() throws Exception {
        try (FakeBackend backend = FakeBackend.open(FakeBackend.pop3(proxy -> proxy.hear("QUIT").say("+OK bye")));
                Bed bed = Bed.of(Protocol.POP3, backend).open();
                Wire client = bed.loggedIn()) {
            assertThat(client.say("QUIT").rest()).containsExactly("+OK bye", "WHOLE");
            assertThat(bed.record()).contains("\"cause\":\"quit\"");
        }
    }

    private static Stream<Death> deathsOfSubmission() {
        return Stream.of(new Death("at once", NOTHING),
                new Death("after MAIL", proxy -> proxy.hear("MAIL")),
                new Death("in DATA", proxy -> proxy.hear("MAIL").say("250").hear("RCPT").say("250").hear("DATA")
                        .say("354").octets(3)),
                new Death("after the final dot", proxy -> proxy.hear("MAIL").say("250").hear("RCPT").say("250")
                        .hear("DATA").say("354").hear("abc").hear(".")));
    }

    @ParameterizedTest
    @MethodSource("deathsOfSubmission")
    void aSubmissionBackendThatDiesIsSaidAndNothingWasTaken(Death death) throws Exception {
        try (FakeBackend backend = FakeBackend.open(FakeBackend.submission(death.talk));
                Bed bed = Bed.of(Protocol.SUBMISSION, backend).open();
                Wire client = bed.loggedIn()) {
            client.raw("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n");
            client.raw("abc\r\n.\r\n");

            assertThat(client.rest()).endsWith("421 4.3.0 Connection to the mail server lost",
                    "WHOLE").doesNotContain("250 2.0.0 taken");
            assertThat(bed.record()).contains("\"cause\":\"backend_close\"", "\"messages_accepted\":0");
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.End.class)
    void aClientThatDiesInDataCompletesNothing(Wire.End how) throws Exception {
        AtomicReference<List<String>> seen = new AtomicReference<>(List.of());
        try (FakeBackend backend = FakeBackend.open(FakeBackend.submission(proxy -> {
            proxy.hear("DATA").say("354 go").hear("half");
            seen.set(proxy.rest());
        }));
                Bed bed = Bed.of(Protocol.SUBMISSION, backend).open();
                Wire client = bed.loggedIn()) {
            client.ask("DATA", "354").raw("half\r\n.");
            switch (how) {
                case WHOLE -> client.finish();
                case TRUNCATED -> client.drop();
                case RESET -> client.reset();
            }

            assertThat(bed.record()).contains("\"phase\":\"relay\"", "\"messages_accepted\":0");
            await().until(() -> backend.over() == 1);
            assertThat(seen.get()).doesNotContain(".", "..");
            bed.empty();
        }
    }

    @ParameterizedTest
    @EnumSource(Wire.End.class)
    void aClientThatDiesBeforeOrInTheHandshakeIsNoTimeout(Wire.End how) throws Exception {
        try (Bed bed = Bed.of(Protocol.POP3, FakeBackend.open(NOTHING)).open(); Wire client = bed.client()) {
            switch (how) {
                case WHOLE -> client.drop();
                case TRUNCATED -> client.raw("\u0016\u0003\u0001").truncate();
                case RESET -> client.reset();
            }

            assertThat(bed.record()).contains("\"phase\":\"tls\"",
                    how == Wire.End.RESET ? "\"cause\":\"client_reset\"" : "\"cause\":\"client_close\"",
                    "\"ended_by\":\"client\"");
            assertThat(bed.metric("dualpost_connections_lost_total{family=\"ipv4\",listener=\"test-0\",phase=\"tls\"}"))
                    .isEqualTo(1);
            bed.empty();
        }
    }

    @Test
    void aClientThatQuitsAndClosesAtOnceIsNoReset() throws Exception {
        try (FakeBackend backend = FakeBackend.open(FakeBackend.pop3(proxy -> proxy.hear("QUIT").say("+OK bye")));
                Bed bed = Bed.of(Protocol.POP3, backend).open();
                Wire client = bed.loggedIn()) {
            client.say("QUIT").finish();

            assertThat(bed.record()).contains("\"cause\":\"quit\"");
            bed.empty();
        }
    }

    @Test
    void wordsBehindStlsEndTheSession() throws Exception {
        try (FakeBackend backend = FakeBackend.open(NOTHING);
                Bed bed = Bed.of(Protocol.POP3, backend).tls(TlsMode.STARTTLS).open();
                Wire client = bed.client()) {
            client.hear("+OK ").raw("STLS\r\nUSER ann\r\n");

            assertThat(client.rest()).containsExactly("+OK Begin TLS", "WHOLE");
            assertThat(bed.record()).contains("\"cause\":\"injection\"");
            assertThat(backend.connections()).isZero();
        }
    }
}
