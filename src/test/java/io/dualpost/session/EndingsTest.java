package io.dualpost.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualpost.address.Family;
import io.dualpost.gate.GateMode;
import io.dualpost.mail.Cause;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each way in which a session can end, as its record and its counters tell it; the records also go to a file in target. */
class EndingsTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Path RECORDS = Path.of(System.getProperty("project.basedir", "."), "target", "endings.jsonl");

    /** What a client does. */
    private interface Client {
        void act(Bed bed, Wire client) throws Exception;
    }

    private record Ending(Cause cause, String by, String refusal, FakeBackend.Talk backend, TlsMode tls,
            Client client) {
        @Override
        public String toString() {
            return cause.label();
        }
    }

    private static Ending plain(Cause cause, String by, String refusal, FakeBackend.Talk relay, Client client) {
        return new Ending(cause, by, refusal, FakeBackend.pop3(relay), TlsMode.STARTTLS, client);
    }

    private static Stream<Ending> endings() {
        FakeBackend.Talk silent = Wire::end;
        return Stream.of(
                plain(Cause.QUIT, "client", "", proxy -> proxy.hear("QUIT").say("+OK bye"),
                        (bed, client) -> bed.login(client).say("QUIT").rest()),
                plain(Cause.CLIENT_CLOSE, "client", "", silent, (_, client) -> client.hear("+OK ").finish().rest()),
                plain(Cause.CLIENT_RESET, "client", "client_lost", silent, (_, client) -> {
                    client.hear("+OK ");
                    client.reset();
                }),
                plain(Cause.TIMEOUT, "proxy", "timed_out", silent, (_, client) -> client.hear("+OK ").rest()),
                new Ending(Cause.TLS_FAILED, "proxy", "tls_failed", silent, TlsMode.IMPLICIT,
                        (_, client) -> client.say("CAPA").rest()),
                plain(Cause.PROTOCOL_ERROR, "proxy", "too_many_errors", silent, (_, client) -> {
                    client.hear("+OK ");
                    for (int i = 0; i < 10; i++) {
                        client.say("BAD");
                    }
                    client.rest();
                }),
                plain(Cause.INJECTION, "proxy", "bad_octets", silent,
                        (_, client) -> client.hear("+OK ").raw("STLS\r\nUSER ann\r\n").rest()),
                new Ending(Cause.LOGIN_FAILURES, "proxy", "too_many_failures", proxy -> {
                    proxy.say("+OK").hear("USER");
                    proxy.ask("+OK", "PASS").say("-ERR [AUTH] no");
                }, TlsMode.STARTTLS, (_, client) -> {
                    client.hear("+OK ");
                    for (int i = 0; i < 5; i++) {
                        client.ask("USER ann", "+OK").say("PASS wrong").hear("-ERR ");
                    }
                    client.rest();
                }),
                plain(Cause.BACKEND_CLOSE, "backend", "", proxy -> proxy.hear("RETR").raw("+OK\r\nhalf"),
                        (bed, client) -> bed.login(client).say("RETR 1").rest()),
                plain(Cause.BACKEND_RESET, "backend", "backend_lost", proxy -> proxy.hear("RETR").reset(),
                        (bed, client) -> bed.login(client).say("RETR 1").rest()),
                plain(Cause.SHUTDOWN, "proxy", "draining", silent, (bed, client) -> {
                    client.hear("+OK ");
                    bed.drain();
                    client.rest();
                }));
    }

    private static Stream<Arguments> endingsOfBothFamilies() {
        return endings().flatMap(ending -> Stream.of(Family.values()).map(family -> Arguments.of(ending, family)));
    }

    private static Patience patience(Cause cause) {
        Duration greeting = cause == Cause.TIMEOUT ? SHORT : LONG;
        return new Patience(LONG, LONG, greeting, LONG, LONG, LONG, LONG, LONG);
    }

    @ParameterizedTest
    @MethodSource("endingsOfBothFamilies")
    void theEndIsToldOnceByRecordAndCounters(Ending ending, Family family) throws Exception {
        try (FakeBackend backend = FakeBackend.open(ending.backend);
                Bed bed = bed(ending, backend);
                Wire client = bed.client(family)) {
            ending.client.act(bed, client);

            String record = bed.record();
            assertThat(record).contains("\"family\":\"" + family.label() + "\"",
                    "\"cause\":\"" + ending.cause.label() + "\"", "\"ended_by\":\"" + ending.by + "\"");
            if (ending.refusal.isEmpty()) {
                assertThat(record).doesNotContain("\"refusal\"");
            } else {
                assertThat(record).contains("\"refusal\":\"" + ending.refusal + "\"");
            }
            assertThat(Arrays.stream(Cause.values())
                    .filter(cause -> bed.metric("dualpost_connections_closed_total{cause=\"" + cause.label()
                            + "\",family=\"" + family.label() + "\",listener=\"test-0\"}") > 0))
                    .containsExactly(ending.cause);
            keep(record);
        }
    }

    private static Bed bed(Ending ending, FakeBackend backend) throws Exception {
        Bed bed = Bed.of(Protocol.POP3, backend).patience(patience(ending.cause));
        return (ending.tls == TlsMode.STARTTLS ? bed.plain() : bed.tls(ending.tls)).open();
    }

    @ParameterizedTest
    @MethodSource("families")
    void aLimitTurnsAwayInWordsWhereThereAreWords(Family family) throws Exception {
        try (FakeBackend backend = FakeBackend.open(FakeBackend.pop3(Wire::end));
                Bed bed = Bed.of(Protocol.POP3, backend).plain().limits(1, 1).open();
                Wire first = bed.client(family).hear("+OK ");
                Wire second = bed.client(family)) {
            second.hear("-ERR [SYS/TEMP] ").rest();

            String record = bed.record();
            assertThat(record).contains("\"cause\":\"limit\"", "\"ended_by\":\"proxy\"",
                    "\"refusal\":\"session_limit\"");
            assertThat(bed.metric("dualpost_refusals_total{family=\"" + family.label()
                    + "\",listener=\"test-0\",reason=\"session_limit\"}")).isEqualTo(1);
            keep(record);
            first.finish();
        }
    }

    @Test
    void aClientThatSaysNothingWhereItIsItsTurnIsResetOverIpv6() throws Exception {
        try (FakeBackend backend = FakeBackend.open(FakeBackend.pop3(Wire::end));
                Bed bed = Bed.of(Protocol.POP3, backend).tls(TlsMode.IMPLICIT).open();
                Wire client = bed.client(Family.IPV6)) {
            client.rest();

            String record = bed.record();
            assertThat(record).contains("\"cause\":\"stalled\"", "\"ended_by\":\"proxy\"",
                    "\"refusal\":\"stalled\"", "\"path\":\"silent\"");
            assertThat(
                    bed.metric("dualpost_guard_verdicts_total{family=\"ipv6\",listener=\"test-0\",verdict=\"silent\"}"))
                    .isEqualTo(1);
            keep(record);
        }
    }

    @ParameterizedTest
    @EnumSource(value = TlsMode.class, names = {"IMPLICIT", "STARTTLS"})
    void aNetworkWhoseIpv6DoesNotWorkIsResetWithoutAWord(TlsMode tls) throws Exception {
        try (FakeBackend backend = FakeBackend.open(FakeBackend.pop3(Wire::end));
                Bed bed = Bed.of(Protocol.POP3, backend).tls(tls).gate(GateMode.ENFORCE, "::1/128").open();
                Wire served = bed.client(Family.IPV4)) {
            // The reset may come as early as the client's socket is made ready.
            try (Wire refused = bed.client(Family.IPV6)) {
                refused.rest();
            } catch (SocketException reset) {
                assertThat(reset).hasMessageContaining("reset");
            }

            String record = bed.record();
            assertThat(record).contains("\"cause\":\"network_refused\"", "\"ended_by\":\"proxy\"",
                    "\"refusal\":\"network_refused\"", "\"bytes_sent\":0");
            assertThat(bed.metric("dualpost_gate_refusals_total{method=\"reset\"}")).isEqualTo(1);
            served.finish();
            keep(record);
        }
    }

    @ParameterizedTest
    @EnumSource(value = GateMode.class, names = {"OFF", "OBSERVE"})
    void inOtherModesItIsServed(GateMode mode) throws Exception {
        try (FakeBackend backend = FakeBackend.open(FakeBackend.pop3(Wire::end));
                Bed bed = Bed.of(Protocol.POP3, backend).plain().gate(mode, "::1/128").open();
                Wire client = bed.client(Family.IPV6).hear("+OK ")) {
            assertThat(bed.metric("dualpost_gate_refusals_total{method=\"observed\"}"))
                    .isEqualTo(mode == GateMode.OBSERVE ? 1 : 0);
            client.finish();
        }
    }

    @Test
    void aSocketThatWasClosedListensAgainOnItsPortAndKeepsItsSessions() throws Exception {
        try (FakeBackend backend = FakeBackend.open(FakeBackend.pop3(Wire::end));
                Bed bed = Bed.of(Protocol.POP3, backend).plain().open();
                Wire before = bed.client(Family.IPV6).hear("+OK ")) {
            ListenerSocket socket = bed.socket(Family.IPV6);
            InetSocketAddress local = socket.local();
            socket.close();
            assertThatThrownBy(() -> Wire.to(local)).isInstanceOf(ConnectException.class);
            assertThat(socket.sessions()).isEqualTo(1);
            socket.listen();
            assertThat(socket.local()).isEqualTo(local);
            try (Wire after = bed.client(Family.IPV6).hear("+OK ")) {
                assertThat(socket.sessions()).isEqualTo(2);
                after.finish();
            }
            before.say("QUIT").hear("+OK ");
        }
    }

    private static Stream<Family> families() {
        return Stream.of(Family.values());
    }

    private static void keep(String record) throws Exception {
        Files.createDirectories(RECORDS.getParent());
        Files.writeString(RECORDS, record + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
