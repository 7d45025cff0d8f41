package io.dualpost.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Addresses;
import io.dualpost.address.Endpoint;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that are anything but servers: each is named, and none holds the probe. */
class HostileServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(400);

    private static Timeline probe(String address, int port, Protocol protocol, TlsMode tls, Duration patience)
            throws InterruptedException {
        Target target = new Target(new Endpoint(address, port), protocol, tls);
        Report report = new Probe(target, false, Trust.platform(), patience).run();
        assertThat(report.text() + report.json()).matches("[ -~\n]*");
        assertThat(report.timelines()).hasSize(1);
        return report.timelines().getFirst();
    }

    private static Timeline probe(Protocol protocol, TlsMode tls, Duration patience, ScriptedServer.Script script)
            throws IOException, InterruptedException {
        InetAddress six = InetAddress.ofLiteral("::1");
        try (ScriptedServer server = ScriptedServer.open(six, script)) {
            return probe(Addresses.text(six), server.port(), protocol, tls, patience);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void aHostileServerIsCalledByItsName(String name, Protocol protocol, TlsMode tls, Stage stage, Fault.Kind kind,
            ScriptedServer.Script script) throws Exception {
        boolean waits = kind == Fault.Kind.SILENT;
        Timeline timeline = probe(protocol, tls, waits ? SHORT : PATIENCE, script);
        assertThat(timeline.fault()).hasValueSatisfying(fault -> {
            assertThat(fault.kind()).isEqualTo(kind);
            assertThat(fault.stage()).isEqualTo(stage);
            assertThat(fault.words().length()).isLessThan(600);
        });
        assertThat(timeline.outcome()).isInstanceOf(waits ? Outcome.Hangs.class : Outcome.Breaks.class);
    }

    static Stream<Arguments> hostile() {
        return Stream.of(
                pop3("endless greeting", TlsMode.NONE, Stage.GREETING, Fault.Kind.PROTOCOL, visitor -> {
                    while (true) {
                        visitor.say("+OK and so on ".repeat(1000));
                    }
                }),
                pop3("no greeting", TlsMode.STARTTLS, Stage.GREETING, Fault.Kind.SILENT,
                        ScriptedServer.Visitor::waitForEver),
                pop3("a greeting that trickles in", TlsMode.NONE, Stage.GREETING, Fault.Kind.SILENT,
                        visitor -> visitor.trickle("+")),
                pop3("garbage", TlsMode.NONE, Stage.GREETING, Fault.Kind.PROTOCOL,
                        visitor -> visitor.say("\u0000\u001b]0;mine\u0007\u00ff\r\n")),
                pop3("another protocol", TlsMode.NONE, Stage.GREETING, Fault.Kind.PROTOCOL,
                        visitor -> visitor.say("220 smtp.example.test ESMTP\r\n")),
                pop3("closes at once", TlsMode.NONE, Stage.GREETING, Fault.Kind.CLOSED,
                        visitor -> {
                        }),
                pop3("closes in the middle of a line", TlsMode.NONE, Stage.GREETING, Fault.Kind.CLOSED,
                        visitor -> visitor.say("+OK")),
                pop3("says no", TlsMode.NONE, Stage.GREETING, Fault.Kind.SAID_NO,
                        visitor -> visitor.say("-ERR [SYS/TEMP] not now\r\n")),
                pop3("resets", TlsMode.NONE, Stage.CAPABILITIES, Fault.Kind.RESET, visitor -> {
                    visitor.say("+OK\r\n");
                    visitor.hear();
                    visitor.reset();
                }),
                pop3("endless capabilities", TlsMode.NONE, Stage.CAPABILITIES, Fault.Kind.PROTOCOL, visitor -> {
                    visitor.say("+OK\r\n");
                    visitor.answer("+OK\r\n");
                    while (true) {
                        visitor.say("X\r\n".repeat(1000));
                    }
                }),
                pop3("no STLS", TlsMode.STARTTLS, Stage.STARTTLS, Fault.Kind.NO_STARTTLS, visitor -> {
                    visitor.say("+OK\r\n");
                    visitor.answer("+OK\r\nUSER\r\n.\r\n");
                    visitor.waitForEver();
                }),
                pop3("octets before the handshake", TlsMode.STARTTLS, Stage.STARTTLS, Fault.Kind.PROTOCOL, visitor -> {
                    visitor.say("+OK\r\n");
                    visitor.answer("+OK\r\nSTLS\r\n.\r\n");
                    visitor.answer("+OK\r\n+OK injected\r\n");
                    visitor.waitForEver();
                }),
                pop3("half TLS", TlsMode.IMPLICIT, Stage.TLS, Fault.Kind.SILENT, visitor -> {
                    visitor.say("\u0016\u0003\u0003\u0000d\u0002");
                    visitor.waitForEver();
                }),
                pop3("no TLS", TlsMode.IMPLICIT, Stage.TLS, Fault.Kind.TLS, visitor -> {
                    visitor.say("+OK ready\r\n");
                    visitor.waitForEver();
                }),
                pop3("closes for TLS", TlsMode.IMPLICIT, Stage.TLS, Fault.Kind.CLOSED, ScriptedServer.Visitor::hear),
                submission("endless reply", Stage.GREETING, Fault.Kind.PROTOCOL, visitor -> {
                    while (true) {
                        visitor.say("220-more\r\n".repeat(1000));
                    }
                }),
                submission("says no", Stage.GREETING, Fault.Kind.SAID_NO,
                        visitor -> visitor.say("421 4.3.2 not now\r\n")),
                submission("refuses EHLO", Stage.CAPABILITIES, Fault.Kind.SAID_NO, visitor -> {
                    visitor.say("220 here\r\n");
                    visitor.answer("554 no\r\n");
                }),
                submission("no code", Stage.GREETING, Fault.Kind.PROTOCOL, visitor -> visitor.say("hello\r\n")));
    }

    private static Arguments pop3(String name, TlsMode tls, Stage stage, Fault.Kind kind,
            ScriptedServer.Script script) {
        return Arguments.of("POP3: " + name, Protocol.POP3, tls, stage, kind, script);
    }

    private static Arguments submission(String name, Stage stage, Fault.Kind kind, ScriptedServer.Script script) {
        return Arguments.of("submission: " + name, Protocol.SUBMISSION, TlsMode.NONE, stage, kind, script);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aClosedPortIsRefused(String address) throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral(address))) {
            port = taken.getLocalPort();
        }
        Timeline timeline = probe(address, port, Protocol.POP3, TlsMode.IMPLICIT, PATIENCE);
        assertThat(timeline.fault()).hasValueSatisfying(
                fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.REFUSED));
        assertThat(timeline.outcome()).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void nothingIsSentButWhatAStrangerMaySayAndQuitComesLast() throws Exception {
        InetAddress four = InetAddress.ofLiteral("127.0.0.1");
        try (ScriptedServer pop = ScriptedServer.open(four, visitor -> {
            visitor.say("+OK \u001b[2Jready\r\n");
            visitor.answer("+OK\r\nUSER\r\nSASL PLAIN\u0007\r\n.\r\n");
            visitor.answer("+OK\r\n");
        }); ScriptedServer smtp = ScriptedServer.open(four, visitor -> {
            visitor.say("220-first\r\n220 second\r\n");
            visitor.answer("250-here\r\n250-AUTH PLAIN\r\n250 SIZE 1\r\n");
            visitor.answer("221 bye\r\n");
        })) {
            Timeline timeline = probe("127.0.0.1", pop.port(), Protocol.POP3, TlsMode.NONE, PATIENCE);
            assertThat(timeline.fault()).isEmpty();
            assertThat(timeline.greeting()).contains("+OK \\x1b[2Jready");
            assertThat(timeline.capabilities()).containsExactly("USER", "SASL PLAIN\\x07");
            assertThat(pop.heard()).isEqualTo(List.of("CAPA", "QUIT"));

            timeline = probe("127.0.0.1", smtp.port(), Protocol.SUBMISSION, TlsMode.NONE, PATIENCE);
            assertThat(timeline.fault()).isEmpty();
            assertThat(timeline.greeting()).contains("220 first");
            assertThat(timeline.capabilities()).containsExactly("AUTH PLAIN", "SIZE 1");
            assertThat(smtp.heard()).isEqualTo(List.of("EHLO [127.0.0.1]", "QUIT"));
        }
    }

    @Test
    void aServerWithoutCapaServesAndOneThatDoesNotLetGoToo() throws Exception {
        Timeline timeline = probe(Protocol.POP3, TlsMode.NONE, Duration.ofSeconds(3), visitor -> {
            visitor.say("+OK\r\n");
            visitor.answer("-ERR what?\r\n");
            visitor.trickle("x");
        });
        assertThat(timeline.fault()).isEmpty();
        assertThat(timeline.outcome()).isInstanceOf(Outcome.Serves.class);
        assertThat(timeline.capabilities()).isEmpty();
    }

    @Test
    void anAddressesOwnTroubleIsNotItsNeighbours() throws Exception {
        InetAddress six = InetAddress.ofLiteral("::1");
        InetAddress four = InetAddress.ofLiteral("127.0.0.1");
        try (ScriptedServer silent = ScriptedServer.open(six, ScriptedServer.Visitor::waitForEver);
                ScriptedServer good = ScriptedServer.open(four, silent.port(), visitor -> {
                    visitor.say("+OK\r\n");
                    visitor.answer("-ERR\r\n");
                    visitor.answer("+OK\r\n");
                })) {
            Target target = new Target(new Endpoint("pop.example.test", good.port()), Protocol.POP3, TlsMode.NONE);
            Report report = new Probe(target, false, Trust.platform(), Duration.ofSeconds(3))
                    .run(new Lookup(List.of(six, four), 2, Optional.of(Duration.ZERO), Optional.empty()));
            assertThat(report.timelines()).extracting(Timeline::serves).containsExactly(false, true);
            assertThat(report.exitCode()).isEqualTo(Report.SOME_DO_NOT);
            assertThat(report.waits()).extracting(Wait::result).containsOnly(Wait.Result.HANGS);
        }
    }
}
