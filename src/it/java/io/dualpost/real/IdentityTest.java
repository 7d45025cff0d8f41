package io.dualpost.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The backends log the client's own address, and nobody but the proxy can tell them another. */
@Tag("real")
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(RealServers.class)
class IdentityTest {
    /** An address of this machine that is not the proxy's. */
    private static final InetAddress CLIENT = InetAddress.ofLiteral("127.0.0.5");
    /** What a liar claims to be. */
    private static final String CLAIMED = "192.0.2.99";

    static final List<String> LIES = List.of("XCLIENT ADDR=" + CLAIMED, "xclient addr=" + CLAIMED,
            " XCLIENT ADDR=" + CLAIMED, "XCLIENT\tADDR=" + CLAIMED, "XFORWARD ADDR=" + CLAIMED,
            "NOOP\nXCLIENT ADDR=" + CLAIMED, "NOOP\rXCLIENT ADDR=" + CLAIMED, "RSET \nXCLIENT ADDR=" + CLAIMED + "\n",
            "PROXY TCP4 " + CLAIMED + " 192.0.2.1 1 2", "XCLIENT LOGIN=victim@example.test ADDR=" + CLAIMED);

    private final Dualpost dualpost;

    IdentityTest(World world) throws IOException {
        Dovecot dovecot = world.dovecot();
        Postfix postfix = world.postfix();
        dualpost = new Setup(world).pop3("pop-xclient", Setup.Backends.plain(dovecot.xclientPort(), "xclient"))
                .pop3("pop-proxy-v1", Setup.Backends.plain(dovecot.proxyPort(), "proxy_v1"))
                .pop3("pop-proxy-v2", Setup.Backends.plain(dovecot.proxyPort(), "proxy_v2"))
                .submission("smtp-xclient", Setup.Backends.plain(postfix.xclientPort(), "xclient"))
                .submission("smtp-proxy-v1", Setup.Backends.plain(postfix.proxyPort(), "proxy_v1"))
                .submission("smtp-proxy-v2", Setup.Backends.plain(postfix.proxyPort(), "proxy_v2")).start();
    }

    @AfterAll
    void stop() throws IOException {
        dualpost.close();
    }

    static Stream<Arguments> ways() {
        return Stream.of("xclient", "proxy-v1", "proxy-v2").flatMap(identity -> Stream
                .of(Arguments.of(identity, World.IPV4, CLIENT), Arguments.of(identity, World.IPV6, World.IPV6)));
    }

    @ParameterizedTest(name = "{0} from {2}")
    @MethodSource("ways")
    void dovecotLogsTheClientsAddressAndPort(String identity, InetAddress to, InetAddress from, World world)
            throws IOException {
        LogFile log = LogFile.fromHere(world.dovecot().log());
        Target target = dualpost.setup().target("pop-" + identity, TlsMode.IMPLICIT, World.POP, to);
        try (Talk talk = Talk.open(world, target, from)) {
            talk.loginByPassword(Account.ANNA);
            talk.ask("QUIT", "+OK");
            log.await("Login: user=<anna@example.test>");
            assertThat(log.text()).contains("rip=" + text(from) + ", rport=" + talk.localPort() + ",");
            // Dovecot 2.3 takes no DESTADDR and DESTPORT by XCLIENT.
            if (!identity.equals("xclient")) {
                assertThat(log.text()).contains("lip=" + text(to) + ", lport=" + target.port() + ",");
            }
        }
    }

    @ParameterizedTest(name = "{0} from {2}")
    @MethodSource("ways")
    void postfixLogsTheClientsAddress(String identity, InetAddress to, InetAddress from, World world)
            throws IOException {
        LogFile log = LogFile.fromHere(world.postfix().log());
        Target target = dualpost.setup().target("smtp-" + identity, TlsMode.IMPLICIT, World.SMTP, to);
        try (Talk talk = Talk.open(world, target, from)) {
            talk.submit(Account.ANNA);
            envelope(talk);
            log.await("[" + text(from) + "], sasl_method=PLAIN, sasl_username=anna@example.test");
        }
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("LIES")
    void aClientCannotTellPostfixAnotherAddress(String lie, World world) throws IOException {
        LogFile log = LogFile.fromHere(world.postfix().log());
        Target target = dualpost.setup().target("smtp-xclient", TlsMode.IMPLICIT, World.SMTP, World.IPV4);
        try (Talk talk = Talk.open(world, target, CLIENT)) {
            talk.ask("EHLO client.example.test", "250");
            assertThat(lied(talk, lie)).anyMatch(reply -> reply.startsWith("5")).noneMatch(IdentityTest::believed);
            talk.submit(Account.ANNA);
            assertThat(lied(talk, lie)).anyMatch(reply -> reply.startsWith("5")).noneMatch(IdentityTest::believed);
            envelope(talk);
            talk.ask("QUIT", "221");
        }
        log.await("sasl_username=anna@example.test");
        assertThat(log.text()).contains("client=unknown[127.0.0.5]").doesNotContain(CLAIMED).doesNotContain("XFORWARD");
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("LIES")
    void aClientCannotTellDovecotAnotherAddress(String lie, World world) throws IOException {
        LogFile log = LogFile.fromHere(world.dovecot().log());
        Target target = dualpost.setup().target("pop-xclient", TlsMode.IMPLICIT, World.POP, World.IPV4);
        try (Talk talk = Talk.open(world, target, CLIENT)) {
            talk.send(lie + "\r\nCAPA\r\n");
            assertThat(talk.line()).startsWith("-ERR");
            new String(talk.multiline(), StandardCharsets.UTF_8).lines().forEach(line -> assertThat(line)
                    .doesNotContain("Updated"));
            talk.loginByPassword(Account.ANNA);
            talk.send(lie + "\r\n");
            talk.send("QUIT\r\n");
            talk.rest();
        }
        log.await("Disconnected: ");
        assertThat(log.text()).contains("rip=127.0.0.5").doesNotContain(CLAIMED);
    }

    /** Says the lie and then EHLO, whose answer has many lines; gives what was answered before. */
    private static List<String> lied(Talk talk, String lie) throws IOException {
        talk.send(lie + "\r\nEHLO client.example.test\r\n");
        List<String> replies = new ArrayList<>();
        for (String reply = talk.reply(); !reply.contains("\n"); reply = talk.reply()) {
            replies.add(reply);
        }
        return replies;
    }

    private static void envelope(Talk talk) throws IOException {
        talk.ask("MAIL FROM:<anna@example.test>", "250");
        talk.ask("RCPT TO:<" + Account.INBOX.address("identity") + ">", "250");
        talk.ask("RSET", "250");
    }

    private static boolean believed(String reply) {
        return reply.startsWith("220");
    }

    private static String text(InetAddress address) {
        return address.equals(World.IPV6) ? "::1" : address.getHostAddress();
    }
}
