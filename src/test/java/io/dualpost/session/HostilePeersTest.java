package io.dualpost.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.mail.Protocol;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What peers on both sides may do to a session and to its record. */
class HostilePeersTest {
    @Test
    void aClientThatHasSaidAllBeforeTheLoginIsDoneHearsAllAnswers() throws Exception {
        CountDownLatch silent = new CountDownLatch(1);
        try (FakeBackend backend = FakeBackend.open(proxy -> {
            proxy.say("+OK backend").hear("USER ");
            proxy.ask("+OK", "PASS ");
            awaitOf(silent);
            proxy.say("+OK logged in").hear("STAT");
            proxy.say("+OK 1 2").hear("QUIT");
            proxy.say("+OK bye");
        }); Bed bed = Bed.of(Protocol.POP3, backend).plain().open(); Wire client = bed.client()) {
            client.hear("+OK ").raw("USER ann\r\nPASS secret\r\nSTAT\r\nQUIT\r\n").hear("+OK").truncate();
            // The one event loop sees the FIN before this connection.
            try (Wire other = bed.client()) {
                other.hear("+OK ").ask("QUIT", "+OK");
                bed.record();
            }
            silent.countDown();

            assertThat(client.rest()).containsExactly("+OK logged in", "+OK 1 2", "+OK bye", "WHOLE");
            assertThat(bed.record()).contains("\"cause\":\"quit\"");
            assertThat(bed.metric("dualpost_internal_errors_total")).isZero();
        }
    }

    private static void awaitOf(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void theRecordOfALongGreetingIsShort() throws Exception {
        try (FakeBackend backend = FakeBackend.open(proxy -> proxy.say("-ERR " + "\u0001".repeat(12_000)));
                Bed bed = Bed.of(Protocol.POP3, backend).plain().open();
                Wire client = bed.client()) {
            client.hear("+OK ").raw("USER ann\r\nPASS secret\r\nQUIT\r\n").end();

            // The queue of the log reckons with a kilobyte for each.
            assertThat(bed.record().length()).isLessThan(4096);
        }
    }
}
