package io.dualpost.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that do wrong and clients that break off. */
@Tag("real")
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(RealServers.class)
class MisbehaviourTest {
    /** SASL PLAIN messages that no backend may ever see. */
    static final List<String> BAD_PLAIN = List.of("!!!!", "====", "AGFubmE", "\u00e4\u00e4\u00e4\u00e4",
            Talk.base64("no separators"), Talk.base64("\0anna@example.test\0correct horse\0more"),
            Talk.base64("\0anna@example.test\r\nQUIT\0correct horse"),
            Talk.base64("\0anna@example.test\0correct horse\nQUIT"), Talk.base64("\0\0"));

    private final Dualpost dualpost;

    MisbehaviourTest(World world) throws IOException {
        dualpost = new Setup(world).pop3("pop", Setup.Backends.plain(world.dovecot().xclientPort(), "xclient"))
                .submission("submission", Setup.Backends.plain(world.postfix().xclientPort(), "xclient")).start();
    }

    @AfterAll
    void stop() throws IOException {
        dualpost.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CAPA", "USER anna@example.test", "QUIT", "x"})
    void whatIsSentBehindStlsIsNeverAnswered(String injected) throws IOException {
        try (Talk talk = plain("pop", World.POP)) {
            talk.line();
            talk.send("STLS\r\n" + injected + "\r\n");
            assertThat(talk.rest().stream().filter(line -> line.startsWith("+OK")).toList()).hasSizeLessThan(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EHLO x", "RSET", "MAIL FROM:<a@example.test>", "QUIT", "x"})
    void whatIsSentBehindStartTlsIsNeverAnswered(String injected) throws IOException {
        try (Talk talk = plain("submission", World.SMTP)) {
            talk.reply();
            talk.ask("EHLO client.example.test", "250");
            talk.send("STARTTLS\r\n" + injected + "\r\n");
            assertThat(talk.rest().stream().filter(line -> line.matches("[245][0-9][0-9].*")).toList())
                    .hasSizeLessThan(2).noneMatch(line -> line.startsWith("250"));
        }
    }

    @Test
    void aLoginBeforeTlsIsRefusedWithoutBlamingThePassword() throws IOException {
        try (Talk pop3 = plain("pop", World.POP); Talk submission = plain("submission", World.SMTP)) {
            pop3.line();
            assertThat(pop3.ask("USER anna@example.test")).startsWith("-ERR").doesNotContain("[AUTH]");
            assertThat(pop3.ask("AUTH PLAIN")).startsWith("-ERR").doesNotContain("[AUTH]");
            submission.reply();
            assertThat(submission.ask("EHLO client.example.test")).contains("STARTTLS").doesNotContain("AUTH");
            assertThat(submission.ask("AUTH PLAIN")).startsWith("538 5.7.11");
            assertThat(submission.ask("MAIL FROM:<anna@example.test>")).startsWith("530 5.7.0");
        }
    }

    @ParameterizedTest
    @FieldSource("BAD_PLAIN")
    void malformedCredentialsNeverReachABackend(String message, World world) throws IOException {
        LogFile dovecot = LogFile.fromHere(world.dovecot().log());
        LogFile postfix = LogFile.fromHere(world.postfix().log());
        try (Talk pop3 = secure(world, "pop", World.POP); Talk submission = secure(world, "submission", World.SMTP)) {
            pop3.ask("AUTH PLAIN", "+ ");
            assertThat(pop3.ask(message)).startsWith("-ERR");
            submission.ask("EHLO client.example.test", "250");
            assertThat(submission.ask("AUTH PLAIN " + message)).matches("(?s)(501|535).*");
            assertThat(dovecot.text()).doesNotContain("Login: ").doesNotContain("auth failed");
            assertThat(postfix.text()).doesNotContain("authentication failed");
            pop3.loginByPassword(Account.ANNA);
            submission.ask("AUTH PLAIN " + Talk.plain(Account.ANNA), "235");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN"})
    void anAsteriskCancelsALogin(String mechanism, World world) throws IOException {
        try (Talk pop3 = secure(world, "pop", World.POP); Talk submission = secure(world, "submission", World.SMTP)) {
            pop3.ask("AUTH " + mechanism, "+ ");
            assertThat(pop3.ask("*")).startsWith("-ERR").doesNotContain("[AUTH]");
            pop3.loginByPassword(Account.ANNA);
            submission.ask("EHLO client.example.test", "250");
            submission.ask("AUTH " + mechanism, "334");
            assertThat(submission.ask("*")).startsWith("501");
            submission.ask("AUTH PLAIN " + Talk.plain(Account.ANNA), "235");
        }
    }

    @Test
    void aLineThatIsTooLongIsRefusedAndForgotten(World world) throws IOException {
        try (Talk pop3 = secure(world, "pop", World.POP); Talk submission = secure(world, "submission", World.SMTP)) {
            // RFC 2449 section 4: 255 octets with CRLF; RFC 5321 section 4.5.3.1.4: 512.
            assertThat(pop3.ask("USER " + "x".repeat(248))).startsWith("+OK");
            assertThat(pop3.ask("USER " + "x".repeat(249))).startsWith("-ERR").containsIgnoringCase("line");
            pop3.loginByPassword(Account.ANNA);
            assertThat(submission.ask("EHLO " + "x".repeat(505))).startsWith("250");
            assertThat(submission.ask("EHLO " + "x".repeat(506))).startsWith("500");
            submission.submit(Account.ANNA);
        }
    }

    @Test
    void aLineWithoutEndIsNotKeptForEver(World world) throws IOException {
        byte[] flood = new byte[64 * 1024];
        Arrays.fill(flood, (byte) 'x');
        try (Talk talk = secure(world, "pop", World.POP)) {
            for (int i = 0; i < 256; i++) {
                talk.send(flood);
            }
            talk.send("\r\n");
            assertThat(talk.line()).startsWith("-ERR");
        } catch (java.net.SocketException | javax.net.ssl.SSLException e) {
            // Closed under the flood: as good.
            assertThat(e).hasMessageMatching("(?i).*(reset|closed|broken pipe|abort).*");
        }
    }

    @Test
    void nulInACommandIsRefused(World world) throws IOException {
        try (Talk pop3 = secure(world, "pop", World.POP); Talk submission = secure(world, "submission", World.SMTP)) {
            assertThat(pop3.ask("USER anna\0@example.test")).startsWith("-ERR");
            assertThat(submission.ask("EHLO a\0b")).startsWith("5");
            submission.submit(Account.ANNA);
            assertThat(submission.ask("MAIL FROM:<anna\0@example.test>")).startsWith("5");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMessageThatItsClientDidNotFinishNeverArrives(boolean reset, World world) throws IOException {
        Mailbox inbox = world.mailbox(Account.INBOX);
        inbox.clear();
        LogFile log = LogFile.fromHere(world.postfix().log());
        try (Talk talk = secure(world, "submission", World.SMTP)) {
            talk.submit(Account.ANNA);
            talk.ask("MAIL FROM:<anna@example.test>", "250");
            talk.ask("RCPT TO:<" + Account.INBOX.address("half") + ">", "250");
            talk.ask("DATA", "354");
            talk.send("Subject: half\r\n\r\nhalf of it\r\n.");
            if (reset) {
                talk.abort();
            }
        }
        log.await("lost connection after DATA");
        world.postfix().settle();
        assertThat(inbox.count()).isZero();
    }

    @Test
    void aChunkThatItsClientDidNotFinishNeverArrives(World world) throws IOException {
        Mailbox inbox = world.mailbox(Account.INBOX);
        inbox.clear();
        LogFile log = LogFile.fromHere(world.postfix().log());
        try (Talk talk = secure(world, "submission", World.SMTP)) {
            talk.submit(Account.ANNA);
            talk.ask("MAIL FROM:<anna@example.test>", "250");
            talk.ask("RCPT TO:<" + Account.INBOX.address("half") + ">", "250");
            talk.send("BDAT 100 LAST\r\nSubject: half\r\n\r\nhalf of it\r\n");
        }
        log.await("lost connection after BDAT");
        world.postfix().settle();
        assertThat(inbox.count()).isZero();
    }

    @Test
    void aSessionWithoutQuitDeletesNothing(World world) throws IOException {
        Mailbox mailbox = world.mailbox(Account.PLUS);
        mailbox.clear();
        mailbox.put("one", "Subject: one\n\none\n".getBytes(StandardCharsets.US_ASCII));
        LogFile log = LogFile.fromHere(world.dovecot().log());
        try (Talk talk = secure(world, "pop", World.POP)) {
            talk.loginByPassword(Account.PLUS);
            talk.ask("DELE 1", "+OK");
        }
        log.await("Disconnected: ");
        assertThat(mailbox.count()).isEqualTo(1);
        mailbox.clear();
    }

    private Talk plain(String service, String host) throws IOException {
        InetAddress address = World.IPV4;
        return Talk.connect(address, address, dualpost.setup().target(service, TlsMode.STARTTLS, host, address).port());
    }

    private Talk secure(World world, String service, String host) throws IOException {
        return Talk.open(world, dualpost.setup().target(service, TlsMode.IMPLICIT, host, World.IPV6));
    }
}
