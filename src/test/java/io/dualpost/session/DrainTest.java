package io.dualpost.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dualpost.address.Family;
import io.dualpost.mail.Protocol;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The proxy stops: each session ends in the words of its protocol, and no transaction is cut. */
class DrainTest {
    @ParameterizedTest
    @CsvSource({"POP3, IPV4, -ERR [SYS/TEMP] The server is going down", "SUBMISSION, IPV6, 421 4.3.2 "})
    void aGreetedClientIsToldSo(Protocol protocol, Family family, String words) throws Exception {
        try (FakeBackend backend = FakeBackend.open(Wire::end);
                Bed bed = Bed.of(protocol, backend).open();
                Wire client = bed.secure(family)) {
            client.line();
            bed.drain();
            client.hear(words);
            assertThat(client.end()).isEqualTo(Wire.End.WHOLE);
            assertThat(bed.record()).contains("\"cause\":\"shutdown\"", "\"refusal\":\"draining\"");
        }
    }

    @Test
    void aHandshakeIsBrokenOffByReset() throws Exception {
        try (FakeBackend backend = FakeBackend.open(Wire::end);
                Bed bed = Bed.of(Protocol.POP3, backend).open();
                Wire client = bed.client()) {
            await().until(() -> bed.socket(Family.IPV4).sessions() == 1);
            bed.drain();
            assertThat(client.end()).isEqualTo(Wire.End.RESET);
            assertThat(bed.record()).contains("\"cause\":\"shutdown\"", "\"phase\":\"tls\"");
        }
    }

    @Test
    void aClientThatWaitsForItsLoginIsToldSoAndTheBackendIsLeft() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        try (FakeBackend backend = FakeBackend.open(proxy -> {
            proxy.say("+OK").hear("USER ");
            reached.countDown();
            proxy.end();
        });
                Bed bed = Bed.of(Protocol.POP3, backend).open();
                Wire client = bed.secure(Family.IPV4)) {
            client.hear("+OK ").ask("USER ann", "+OK").say("PASS secret");
            reached.await();
            bed.drain();
            client.hear("-ERR [SYS/TEMP] The server is going down");
            await().until(() -> backend.over() == 1);
            assertThat(bed.record()).contains("\"cause\":\"shutdown\"", "\"phase\":\"login\"");
        }
    }

    @Test
    void aMessageUnderWayIsFinishedAndItsVerdictHeard() throws Exception {
        try (FakeBackend backend = FakeBackend.open(FakeBackend.submission(proxy -> {
            proxy.hear("MAIL ");
            proxy.ask("250 ok", "RCPT ").ask("250 ok", "DATA").ask("354 go", "half").hear("the rest").hear(".");
            proxy.say("250 2.0.0 queued").end();
        }));
                Bed bed = Bed.of(Protocol.SUBMISSION, backend).open();
                Wire client = bed.loggedIn()) {
            client.ask("MAIL FROM:<a@b>", "250").ask("RCPT TO:<c@d>", "250").ask("DATA", "354").say("half");
            bed.drain();
            client.say("the rest").say(".").hear("250 2.0.0 queued").hear("421 4.3.2 ");
            assertThat(client.end()).isEqualTo(Wire.End.WHOLE);
            assertThat(bed.record()).contains("\"cause\":\"shutdown\"", "\"messages_accepted\":1");
            assertThat(backend.failures()).isEmpty();
        }
    }

    @Test
    void anIdleSubmissionIsToldSoBetweenTransactions() throws Exception {
        try (FakeBackend backend = FakeBackend.open(FakeBackend.submission(Wire::end));
                Bed bed = Bed.of(Protocol.SUBMISSION, backend).open();
                Wire client = bed.loggedIn()) {
            bed.drain();
            client.hear("421 4.3.2 ");
            assertThat(client.end()).isEqualTo(Wire.End.WHOLE);
        }
    }

    @Test
    void aPop3SessionGoesOnToItsQuit() throws Exception {
        try (FakeBackend backend = FakeBackend.open(FakeBackend.pop3(proxy -> {
            proxy.hear("DELE 1");
            proxy.ask("+OK deleted", "QUIT").say("+OK bye");
        }));
                Bed bed = Bed.of(Protocol.POP3, backend).open();
                Wire client = bed.loggedIn()) {
            bed.drain();
            client.ask("DELE 1", "+OK deleted").ask("QUIT", "+OK bye");
            assertThat(client.end()).isEqualTo(Wire.End.WHOLE);
            assertThat(bed.record()).contains("\"cause\":\"quit\"");
        }
    }

    @Test
    void whoeverIsLeftIsCutWithoutLookingWholeAndNothingIsSaidToTheBackend() throws Exception {
        try (FakeBackend backend = FakeBackend.open(FakeBackend.pop3(proxy -> {
            proxy.hear("RETR 1").say("+OK").say("half of it");
            assertThat(proxy.rest()).hasSize(1);
        }));
                Bed bed = Bed.of(Protocol.POP3, backend).open();
                Wire client = bed.loggedIn()) {
            client.ask("RETR 1", "+OK").hear("half of it");
            bed.drain();
            bed.kill();
            assertThat(client.end()).isEqualTo(Wire.End.TRUNCATED);
            assertThat(bed.record()).contains("\"cause\":\"shutdown\"");
            await().until(() -> backend.over() == 1);
            assertThat(backend.failures()).isEmpty();
        }
    }
}
