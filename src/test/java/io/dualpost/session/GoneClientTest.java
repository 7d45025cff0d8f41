package io.dualpost.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dualpost.mail.Protocol;
import io.dualpost.session.FakeBackend.Talk;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A client that goes away while a backend is asked: the backend is not kept, and nothing of the session goes on. */
class GoneClientTest {
    private static final Duration LONG = Bed.LONG;
    private static final Duration SHORT = Duration.ofMillis(500);

    private static Stream<Arguments> cases() {
        return Stream.of(Protocol.values())
                .flatMap(protocol -> Stream.of("connect", "login").map(phase -> Arguments.of(protocol, phase)));
    }

    private static Talk silentIn(Protocol protocol, String phase, CountDownLatch there) {
        return proxy -> {
            if (phase.equals("login") && protocol == Protocol.POP3) {
                proxy.say("+OK").hear("USER").ask("+OK", "PASS");
            } else if (phase.equals("login")) {
                proxy.say("220 backend").hear("EHLO").raw("250-backend\r\n250 AUTH PLAIN\r\n").hear("AUTH");
            }
            there.countDown();
            // The end, and no word before it.
            assertThat(proxy.rest()).hasSize(1);
        };
    }

    private static void logIn(Wire client, Protocol protocol) throws IOException {
        if (protocol == Protocol.POP3) {
            client.hear("+OK").raw("USER ann\r\nPASS secret\r\n").hear("+OK");
        } else {
            client.hear("220").ask("EHLO there", "250 ").say("AUTH PLAIN AGFubgBzZWNyZXQ=");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void afterAResetTheBackendIsLeftAtOnceAndNoTimerFires(Protocol protocol, String phase) throws Exception {
        CountDownLatch there = new CountDownLatch(1);
        try (FakeBackend backend = FakeBackend.open(silentIn(protocol, phase, there));
                Bed bed = Bed.of(protocol, backend).plain().open();
                Wire client = bed.client()) {
            logIn(client, protocol);
            assertThat(there.await(20, TimeUnit.SECONDS)).isTrue();
            client.reset();

            assertThat(bed.record()).contains("\"phase\":\"" + phase + "\"", "\"cause\":\"client_reset\"");
            assertOver(bed, backend);
        }
    }

    /** A FIN may be a half close: whoever has said all it wants still hears what became of it. */
    @ParameterizedTest
    @MethodSource("cases")
    void whoSaysNoMoreStillHearsOfTheBackendsSilence(Protocol protocol, String phase) throws Exception {
        try (FakeBackend backend = FakeBackend.open(silentIn(protocol, phase, new CountDownLatch(1)));
                Bed bed = Bed.of(protocol, backend).plain()
                        .patience(new Patience(LONG, LONG, LONG, LONG, SHORT, SHORT, LONG, LONG)).open();
                Wire client = bed.client()) {
            logIn(client, protocol);
            client.finish().hear(protocol == Protocol.POP3 ? "-ERR [SYS/TEMP]" : "454 4.7.0");

            assertThat(client.rest()).containsExactly("WHOLE");
            assertThat(bed.record()).contains("\"cause\":\"client_close\"", "\"refusal\":\"backend_unavailable\"");
            assertOver(bed, backend);
        }
    }

    private static void assertOver(Bed bed, FakeBackend backend) {
        await().until(() -> backend.over() == 1);
        assertThat(backend.failures()).isEmpty();
        assertThat(backend.connections()).isEqualTo(1);
        bed.empty();
    }
}
