package io.dualpost.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Family;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import io.dualpost.session.FakeBackend.Talk;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Injections around STARTTLS and deaths of a submission backend, from the greeting into the relay. */
class SubmissionEndTest {
    private record Ending(String name, Talk talk) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Wire hello(Wire proxy) throws java.io.IOException {
        return proxy.say("220 backend").hear("EHLO ").raw("250-backend\r\n250-STARTTLS\r\n250 AUTH LOGIN\r\n")
                .hear("STARTTLS");
    }

    private static Wire secured(Wire proxy) throws java.io.IOException {
        return hello(proxy).say("220 go").serveTls().hear("EHLO ").raw("250-backend\r\n250 AUTH LOGIN\r\n")
                .hear("AUTH LOGIN");
    }

    private static Stream<Ending> endingsBeforeLogin() {
        return Stream.of(
                new Ending("words behind the answer to STARTTLS",
                        proxy -> hello(proxy).raw("220 go\r\n250 injected\r\n").end()),
                new Ending("an octet behind the answer to STARTTLS", proxy -> hello(proxy).raw("220 go\r\n2").end()),
                new Ending("death after the answer to STARTTLS", proxy -> hello(proxy).say("220 go")),
                new Ending("death after the handshake", proxy -> hello(proxy).say("220 go").serveTls()),
                new Ending("death after the second EHLO",
                        proxy -> hello(proxy).say("220 go").serveTls().hear("EHLO")),
                new Ending("death after the first 334", proxy -> secured(proxy).say("334 VXNlcm5hbWU6")),
                new Ending("death after the second 334",
                        proxy -> secured(proxy).ask("334 VXNlcm5hbWU6", "YW5u").say("334 UGFzc3dvcmQ6").hear("c2Vj")),
                new Ending("death in the 235",
                        proxy -> secured(proxy).ask("334 x", "YW5u").ask("334 x", "c2Vj").raw("235 ")));
    }

    @ParameterizedTest
    @MethodSource("endingsBeforeLogin")
    void aBackendThatFailsBeforeLoginIsNeverAWrongPassword(Ending ending) throws Exception {
        try (FakeBackend backend = FakeBackend.open(ending.talk);
                Bed bed = Bed.of(Protocol.SUBMISSION, backend).poolTls(TlsMode.STARTTLS).open();
                Wire client = bed.secure(Family.IPV4)) {
            client.hear("220 ").ask("EHLO there", "250 ").ask("AUTH PLAIN AGFubgBzZWNyZXQ=", "454 4.7.0 ")
                    .ask("QUIT", "221");

            assertThat(bed.record()).contains("\"cause\":\"quit\"", "\"refusal\":\"backend_");
            bed.empty();
        }
    }

    @Test
    void aClientsWordsBehindStarttlsEndTheSession() throws Exception {
        try (FakeBackend backend = FakeBackend.open(Wire::end);
                Bed bed = Bed.of(Protocol.SUBMISSION, backend).tls(TlsMode.STARTTLS).open();
                Wire client = bed.client()) {
            client.hear("220 ").ask("EHLO there", "250 ").raw("STARTTLS\r\nRSET\r\n");

            assertThat(client.rest()).containsExactly("220 2.0.0 Ready to start TLS", "WHOLE");
            assertThat(bed.record()).contains("\"cause\":\"injection\"");
            assertThat(backend.connections()).isZero();
        }
    }

    @Test
    void whatWasSaidBeforeStarttlsIsForgotten() throws Exception {
        try (FakeBackend backend = FakeBackend.open(Wire::end);
                Bed bed = Bed.of(Protocol.SUBMISSION, backend).tls(TlsMode.STARTTLS).open();
                Wire client = bed.client()) {
            client.hear("220 ").ask("EHLO there", "250 ").ask("STARTTLS", "220 ").secure(Certificates.DUAL)
                    .ask("AUTH PLAIN AGFubgBzZWNyZXQ=", "503 ").ask("STARTTLS", "503 ").ask("QUIT", "221 ");

            assertThat(bed.record()).contains("\"cause\":\"quit\"");
        }
    }

    @Test
    void aBackendThatDiesBetweenPipelinedRepliesLeavesTheOthersUnanswered() throws Exception {
        try (FakeBackend backend = FakeBackend.open(FakeBackend.submission(proxy -> proxy.hear("MAIL").hear("RCPT")
                .hear("RCPT").say("250 sender").say("250 one")));
                Bed bed = Bed.of(Protocol.SUBMISSION, backend).open();
                Wire client = bed.loggedIn()) {
            client.raw("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nRCPT TO:<e@f>\r\nRCPT TO:<g@h>\r\nDATA\r\n");

            assertThat(client.rest()).containsExactly("250 sender", "250 one",
                    "421 4.3.0 Connection to the mail server lost", "WHOLE");
            assertThat(bed.record()).contains("\"cause\":\"backend_close\"");
            bed.empty();
        }
    }
}
