package io.dualpost.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.dualpost.address.Family;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each phase runs out of patience by itself, says so in the right words, and is named where operators look. */
class TimeoutTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Bed.LONG;

    private static Stream<Arguments> both() {
        return Stream.of(Family.values())
                .flatMap(family -> Stream.of(Protocol.values()).map(protocol -> arguments(family, protocol)));
    }

    private static FakeBackend nobody() throws IOException {
        return FakeBackend.open(_ -> {
        });
    }

    private static String words(Protocol protocol) {
        return protocol == Protocol.POP3 ? "-ERR [SYS/TEMP] Timed out." : "421 4.4.2 Timed out";
    }

    private static String greeting(Protocol protocol) {
        return protocol == Protocol.POP3 ? "+OK " : "220 ";
    }

    private static void assertTimedOut(Bed bed, Family family, String role, String phase) {
        assertThat(bed.record()).contains("\"family\":\"" + family.label() + "\"", "\"phase\":\"" + phase + "\"",
                "\"host_role\":\"" + role + "\"", "\"cause\":\"timeout\"", "\"refusal\":\"timed_out\"");
        assertThat(bed.metric("dualpost_timeouts_total{family=\"" + family.label() + "\",listener=\"test-0\",phase=\""
                + phase + "\"}")).isEqualTo(1);
        bed.empty();
    }

    @ParameterizedTest
    @EnumSource
    void aSilentSenderOfProxyHeadersIsReset(Family family) throws Exception {
        try (Bed bed = Bed.of(Protocol.POP3, nobody()).senders("127.0.0.1", "::1")
                .patience(new Patience(SHORT, LONG, LONG, LONG, LONG, LONG, LONG, LONG)).open();
                Wire client = bed.client(family)) {
            client.raw("PROXY TCP4 192.0.2.1");

            assertThat(client.rest()).containsExactly("RESET");
            assertTimedOut(bed, family, "none", "proxy_header");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHandshakeThatStallsIsReset(Family family) throws Exception {
        try (Bed bed = Bed.of(Protocol.POP3, nobody())
                .patience(new Patience(LONG, SHORT, LONG, LONG, LONG, LONG, LONG, LONG)).open();
                Wire client = bed.client(family)) {
            client.raw("\u0016\u0003\u0001");

            assertThat(client.rest()).containsExactly("RESET");
            assertTimedOut(bed, family, family == Family.IPV4 ? "none" : "dual", "tls");
        }
    }

    @Test
    void aHandshakeBehindStlsThatStallsIsReset() throws Exception {
        try (Bed bed = Bed.of(Protocol.POP3, nobody()).tls(TlsMode.STARTTLS)
                .patience(new Patience(LONG, SHORT, LONG, LONG, LONG, LONG, LONG, LONG)).open();
                Wire client = bed.client()) {
            client.hear("+OK ").ask("STLS", "+OK ");

            assertThat(client.rest()).containsExactly("RESET");
            assertTimedOut(bed, Family.IPV4, "none", "tls");
        }
    }

    @Test
    void octetsThatTrickleDoNotProlongAHandshake() throws Exception {
        try (Bed bed = Bed.of(Protocol.POP3, nobody())
                .patience(new Patience(LONG, Duration.ofSeconds(1), LONG, LONG, LONG, LONG, LONG, LONG)).open();
                Wire client = bed.client()) {
            // A ClientHello of 16,000 octets that never comes to its end.
            trickle(client, "\u0016\u0003\u0001>\u0084\u0001\u0000>\u0080\u0003\u0003");

            assertThat(client.end()).isEqualTo(Wire.End.RESET);
            assertTimedOut(bed, Family.IPV4, "none", "tls");
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void whoNeverSpeaksAfterTheGreetingIsToldSo(Family family, Protocol protocol) throws Exception {
        try (Bed bed = Bed.of(protocol, nobody())
                .patience(new Patience(LONG, LONG, SHORT, LONG, LONG, LONG, LONG, LONG)).open();
                Wire client = bed.secure(family)) {
            client.hear(greeting(protocol));

            assertThat(client.rest()).containsExactly(words(protocol), "WHOLE");
            assertTimedOut(bed, family, "dual", "greeting");
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void whoNeverLogsInIsToldSo(Family family, Protocol protocol) throws Exception {
        try (Bed bed = Bed.of(protocol, nobody())
                .patience(new Patience(LONG, LONG, LONG, Duration.ofSeconds(1), LONG, LONG, LONG, LONG)).open();
                Wire client = bed.secure(family)) {
            client.hear(greeting(protocol));
            client.ask("NOOP", protocol == Protocol.POP3 ? "-ERR" : "250");
            trickle(client, "EHLO " + "x".repeat(100));

            assertThat(client.rest()).containsExactly(words(protocol), "WHOLE");
            assertTimedOut(bed, family, "dual", "auth");
        }
    }

    @Test
    void aRefusedChunkBeforeLoginGivesNoMoreTime() throws Exception {
        try (Bed bed = Bed.of(Protocol.SUBMISSION, nobody())
                .patience(new Patience(LONG, LONG, LONG, SHORT, LONG, LONG, LONG, LONG)).open();
                Wire client = bed.secure(Family.IPV4)) {
            client.hear("220 ").ask("BDAT 3", "530 ").raw("abc");

            assertThat(client.rest()).containsExactly(words(Protocol.SUBMISSION), "WHOLE");
            assertTimedOut(bed, Family.IPV4, "dual", "auth");
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void eachBackendThatDoesNotGreetHasItsOwnTimeAndThenTheClientMayTryAgain(Family family, Protocol protocol)
            throws Exception {
        try (FakeBackend one = FakeBackend.open(Wire::read);
                FakeBackend two = FakeBackend.open("::1", Wire::read);
                Bed bed = Bed.of(protocol, one, two)
                        .patience(new Patience(LONG, LONG, LONG, LONG, SHORT, LONG, LONG, LONG)).open();
                Wire client = bed.secure(family)) {
            login(client, protocol).hear(protocol == Protocol.POP3 ? "-ERR [SYS/TEMP] " : "454 4.7.0 ");

            assertThat(List.of(one.connections(), two.connections())).containsExactly(1, 1);
            quit(client, protocol);
            assertThat(bed.record()).contains("\"phase\":\"auth\"", "\"cause\":\"quit\"",
                    "\"refusal\":\"backend_unavailable\"");
            assertThat(bed.metric("dualpost_timeouts_total{family=\"" + family.label()
                    + "\",listener=\"test-0\",phase=\"connect\"}")).isEqualTo(2);
            assertThat(bed.metric("dualpost_logins_total{family=\"" + family.label()
                    + "\",hostrole=\"dual\",listener=\"test-0\",result=\"backend_unavailable\"}")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void aBackendThatHangsInStartTlsIsPassedOver(Family family, Protocol protocol) throws Exception {
        boolean pop3 = protocol == Protocol.POP3;
        FakeBackend.Talk hangs = proxy -> {
            proxy.say(pop3 ? "+OK" : "220 backend");
            if (!pop3) {
                proxy.hear("EHLO ").raw("250-backend\r\n250 STARTTLS\r\n");
            }
            proxy.hear(pop3 ? "STLS" : "STARTTLS").say(pop3 ? "+OK" : "220 go").end();
        };
        try (FakeBackend one = FakeBackend.open(hangs);
                FakeBackend two = FakeBackend.open(hangs);
                Bed bed = Bed.of(protocol, one, two).poolTls(TlsMode.STARTTLS)
                        .patience(new Patience(LONG, LONG, LONG, LONG, SHORT, LONG, LONG, LONG)).open();
                Wire client = bed.secure(family)) {
            login(client, protocol).hear(pop3 ? "-ERR [SYS/TEMP] " : "454 4.7.0 ");

            assertThat(List.of(one.connections(), two.connections())).containsExactly(1, 1);
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void aBackendThatDoesNotAnswerTheLoginIsNoWrongPasswordAndNoSecondLoginElsewhere(Family family,
            Protocol protocol) throws Exception {
        FakeBackend.Talk stalls = proxy -> {
            proxy.say(protocol == Protocol.POP3 ? "+OK" : "220 backend");
            proxy.end();
        };
        try (FakeBackend one = FakeBackend.open(stalls);
                FakeBackend two = FakeBackend.open(stalls);
                Bed bed = Bed.of(protocol, one, two)
                        .patience(new Patience(LONG, LONG, LONG, LONG, LONG, SHORT, LONG, LONG)).open();
                Wire client = bed.secure(family)) {
            login(client, protocol).hear(protocol == Protocol.POP3 ? "-ERR [SYS/TEMP] " : "454 4.7.0 ");

            assertThat(one.connections() + two.connections()).isEqualTo(1);
            quit(client, protocol);
            assertThat(bed.record()).contains("\"refusal\":\"backend_unavailable\"", "no answer to the login in time");
            assertThat(bed.metric("dualpost_timeouts_total{family=\"" + family.label()
                    + "\",listener=\"test-0\",phase=\"login\"}")).isEqualTo(1);
        }
    }

    @Test
    void anIdleSubmissionIsToldSoAndItsBackendIsLeft() throws Exception {
        try (FakeBackend backend = FakeBackend.open(FakeBackend.submission(Wire::end));
                Bed bed = Bed.of(Protocol.SUBMISSION, backend)
                        .patience(new Patience(LONG, LONG, LONG, LONG, LONG, LONG, SHORT, LONG)).open();
                Wire client = bed.loggedIn()) {
            assertThat(client.rest()).containsExactly(words(Protocol.SUBMISSION), "WHOLE");
            assertTimedOut(bed, Family.IPV4, "dual", "relay");
            org.awaitility.Awaitility.await().until(() -> backend.over() == 1);
        }
    }

    @Test
    void anIdlePop3RelayEndsWithoutWordsOfTheProxy() throws Exception {
        try (FakeBackend backend = FakeBackend.open(FakeBackend.pop3(proxy -> {
            assertThat(proxy.rest()).containsExactly("WHOLE");
        }));
                Bed bed = Bed.of(Protocol.POP3, backend)
                        .patience(new Patience(LONG, LONG, LONG, LONG, LONG, LONG, SHORT, LONG)).open();
                Wire client = bed.loggedIn()) {
            assertThat(client.rest()).hasSize(1);
            assertTimedOut(bed, Family.IPV4, "dual", "relay");
            org.awaitility.Awaitility.await().until(() -> backend.over() == 1);
            assertThat(backend.failures()).isEmpty();
        }
    }

    @Test
    void aVerdictThatDoesNotComeEndsInWordsThatMakeTheClientTryAgain() throws Exception {
        try (FakeBackend backend = FakeBackend.open(FakeBackend.submission(proxy -> {
            proxy.hear("DATA").say("354 go").hear("Hello").hear(".");
            proxy.end();
        }));
                Bed bed = Bed.of(Protocol.SUBMISSION, backend)
                        .patience(new Patience(LONG, LONG, LONG, LONG, LONG, LONG, LONG, SHORT)).open();
                Wire client = bed.loggedIn()) {
            client.ask("DATA", "354 ").raw("Hello\r\n.\r\n");

            assertThat(client.rest()).containsExactly(words(Protocol.SUBMISSION), "WHOLE");
            assertTimedOut(bed, Family.IPV4, "dual", "relay");
        }
    }

    private static Wire login(Wire client, Protocol protocol) throws IOException {
        return protocol == Protocol.POP3
                ? client.hear("+OK ").ask("USER ann", "+OK").say("PASS secret")
                : client.hear("220 ").ask("EHLO there", "250 ").say("AUTH PLAIN AGFubgBzZWNyZXQ=");
    }

    private static void quit(Wire client, Protocol protocol) throws IOException {
        client.ask("QUIT", protocol == Protocol.POP3 ? "+OK" : "221");
    }

    // An octet at a time until the other end has had enough.
    private static void trickle(Wire client, String octets) {
        Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; i < octets.length(); i++) {
                    client.raw(octets.substring(i, i + 1));
                    Thread.sleep(100);
                }
            } catch (IOException | InterruptedException over) {
                return;
            }
        });
    }
}
