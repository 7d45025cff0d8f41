package io.dualpost.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dualpost.address.Family;
import io.dualpost.mail.Protocol;
import io.dualpost.tls.TlsEngine;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RelayTest {
    private static final int LARGE = 4 * 1024 * 1024;
    // More than socket buffers and the proxy's own take together.
    private static final long ENDLESS = 256L * 1024 * 1024;

    @ParameterizedTest
    @EnumSource
    void commandsBehindPassReachTheBackendUntouchedAndMessagesTheClient(TlsEngine engine) throws Exception {
        byte[] message = new byte[LARGE];
        Random random = new Random(42);
        random.nextBytes(message);
        try (FakeBackend backend = FakeBackend.open(FakeBackend.pop3(proxy -> {
            proxy.hear("RETR 1").hear("quit");
            for (int at = 0; at < LARGE;) {
                int part = Math.min(LARGE - at, 1 + random.nextInt(30_000));
                proxy.raw(Arrays.copyOfRange(message, at, at + part));
                at += part;
            }
        }));
                Bed bed = Bed.of(Protocol.POP3, backend).engine(engine).open();
                Wire client = bed.secure(Family.IPV6)) {
            client.hear("+OK ").raw("USER ann\r\nPASS secret\r\nRETR 1\r\nquit\r\n").hear("+OK").hear("+OK logged in");

            assertThat(client.octets(LARGE)).isEqualTo(message);
            assertThat(client.rest()).containsExactly("WHOLE");
            assertThat(bed.record()).contains("\"cause\":\"quit\"");
            assertThat(backend.failures()).isEmpty();
        }
    }

    @Test
    void aClientThatDoesNotReadStopsTheBackend() throws Exception {
        AtomicLong written = new AtomicLong();
        try (FakeBackend backend = FakeBackend.open(FakeBackend.pop3(proxy -> flood(proxy, written)));
                Bed bed = Bed.of(Protocol.POP3, backend).open();
                Wire client = bed.loggedIn()) {
            assertStalls(written);
            client.reset();
            bed.empty();
        }
    }

    @Test
    void aClientThatDoesNotReadStopsAReplyWithoutEnd() throws Exception {
        AtomicLong written = new AtomicLong();
        try (FakeBackend backend = FakeBackend.open(FakeBackend.submission(proxy -> {
            proxy.hear("NOOP");
            flood(proxy, "250-" + "x".repeat(70) + "\r\n", written);
        }));
                Bed bed = Bed.of(Protocol.SUBMISSION, backend).open();
                Wire client = bed.loggedIn()) {
            client.raw("NOOP\r\n");
            assertStalls(written);
            client.reset();
            bed.empty();
        }
    }

    @Test
    void aQuitInPartsIsAQuit() throws Exception {
        try (FakeBackend backend = FakeBackend.open(FakeBackend.pop3(proxy -> proxy.hear("Quit").say("+OK bye")));
                Bed bed = Bed.of(Protocol.POP3, backend).open();
                Wire client = bed.loggedIn()) {
            for (String part : new String[] {"Q", "ui", "t\r", "\n"}) {
                client.raw(part);
            }
            assertThat(client.rest()).containsExactly("+OK bye", "WHOLE");
            assertThat(bed.record()).contains("\"cause\":\"quit\"");
        }
    }

    @Test
    void aBackendThatDoesNotReadStopsTheClient() throws Exception {
        AtomicLong written = new AtomicLong();
        try (FakeBackend backend = FakeBackend.open(FakeBackend.submission(proxy -> {
            proxy.hear("DATA").say("354 go");
            await().until(() -> written.get() < 0);
        }));
                Bed bed = Bed.of(Protocol.SUBMISSION, backend).open();
                Wire client = bed.loggedIn()) {
            client.ask("DATA", "354");
            Thread.ofVirtual().start(() -> {
                try {
                    flood(client, written);
                } catch (IOException over) {
                    return;
                }
            });
            assertStalls(written);
            written.set(Long.MIN_VALUE);
            client.reset();
        }
    }

    @ParameterizedTest
    @CsvSource({"IPV4, pop.example.test, dual", "IPV4, pop-v4.example.test, rescue", "IPV4, other.example, other",
            "IPV4, '', none", "IPV6, '', dual", "IPV6, pop-v4.example.test, rescue"})
    void theHostIsTheOneThatTheClientNames(Family family, String name, String role) throws Exception {
        try (FakeBackend backend = FakeBackend.open(Wire::end);
                Bed bed = Bed.of(Protocol.POP3, backend).open();
                Wire client = bed.client(family).secure(name)) {
            client.hear("+OK ").ask("QUIT", "+OK");

            assertThat(bed.record()).contains("\"host_role\":\"" + role + "\"", "\"family\":\"" + family.label());
        }
    }

    @ParameterizedTest
    @CsvSource({"POP3, 1, 9, -ERR [SYS/TEMP] Too many connections", "POP3, 9, 1, -ERR [SYS/TEMP] Too many connections",
            "SUBMISSION, 1, 9, 421 4.3.2 ", "SUBMISSION, 9, 1, 421 4.7.0 "})
    void aboveTheCeilingTheRefusalIsTheGreeting(Protocol protocol, int all, int perPrefix, String words)
            throws Exception {
        try (FakeBackend backend = FakeBackend.open(Wire::end);
                Bed bed = Bed.of(protocol, backend).plain().limits(all, perPrefix).open();
                Wire first = bed.client();
                Wire second = bed.client()) {
            first.hear(protocol == Protocol.POP3 ? "+OK" : "220");
            second.hear(words);
            assertThat(second.rest()).containsExactly("WHOLE");
            assertThat(bed.record()).contains("\"cause\":\"limit\"", "_limit\"");
            first.ask("QUIT", protocol == Protocol.POP3 ? "+OK" : "221");
            bed.record();
            bed.empty();
        }
    }

    private static void flood(Wire wire, AtomicLong written) throws IOException {
        flood(wire, "x".repeat(70) + "\r\n", written);
    }

    private static void flood(Wire wire, String line, AtomicLong written) throws IOException {
        byte[] part = line.repeat(200).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        while (written.get() >= 0 && written.get() < ENDLESS) {
            wire.raw(part);
            written.addAndGet(part.length);
        }
    }

    // No more is taken, long before the end.
    private static void assertStalls(AtomicLong written) {
        AtomicLong before = new AtomicLong(-1);
        await().pollInterval(java.time.Duration.ofMillis(500)).atMost(java.time.Duration.ofSeconds(30))
                .until(() -> written.get() > 0 && written.get() == before.getAndSet(written.get()));
        assertThat(written.get()).isLessThan(ENDLESS);
    }
}
