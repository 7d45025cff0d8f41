package io.dualpost.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemoSubmissionTest {
    private static final Origin HERE = new Origin(InetAddress.getLoopbackAddress(), false);
    private static final String GREETING = "S: 220 demo.example.test ESMTP Dualpost demo submission\n";
    private static final String EHLO = """
            C: EHLO laptop.example.test
            S: 250-demo.example.test
            S: 250-PIPELINING
            S: 250-SIZE 26214400
            S: 250-AUTH PLAIN LOGIN
            S: 250-ENHANCEDSTATUSCODES
            S: 250-8BITMIME
            S: 250-SMTPUTF8
            """;
    private static final String TRUSTED = """
            S: 250-XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT
            """;
    private static final String LAST = "S: 250 CHUNKING\n";
    private static final String LOGIN = EHLO + TRUSTED + LAST + """
            C: AUTH PLAIN AGFubgBzZWNyZXQ=
            S: 235 2.7.0 Authentication successful
            """;
    private static final String TO_BOB = """
            C: MAIL FROM:<ann@example.test>
            S: 250 2.1.0 Ok
            C: RCPT TO:<bob@example.test>
            S: 250 2.1.5 Ok
            """;
    private static final String DATA = """
            C: DATA
            S: 354 End with <CRLF>.<CRLF>
            """;

    private final DemoMail mail = DemoMail.empty();
    private DemoSubmission server;

    @BeforeEach
    void open() throws IOException {
        server = DemoSubmission.open(mail);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aMessageIsDeliveredToEveryRecipientWithATraceOfItsWay() throws Exception {
        play(EHLO + TRUSTED + LAST + """
                C: XCLIENT NAME=phone.example.test ADDR=IPV6:2001:db8::7 PORT=50000 PROTO=ESMTP
                """ + GREETING + EHLO + LAST + """
                C: AUTH PLAIN AGFubgBzZWNyZXQ=
                S: 235 2.7.0 Authentication successful
                C: MAIL FROM:<ann@example.test> SIZE=100 BODY=8BITMIME SMTPUTF8
                S: 250 2.1.0 Ok
                C: RCPT TO:<BOB@elsewhere.test>
                S: 250 2.1.5 Ok
                C: RCPT TO:<nobody@example.test>
                S: 550 5.1.1 No such user here
                C: RCPT TO:<ann@example.test>
                S: 250 2.1.5 Ok
                """ + DATA + """
                C: Subject: Grüße
                C:\s
                C: ..one dot
                C: .
                S: 250 2.0.0 Ok: delivered
                C: QUIT
                S: 221 2.0.0 Bye
                ---
                """);
        String text = only("bob");
        assertThat(text).startsWith("""
                Return-Path: <ann@example.test>
                Received: from laptop.example.test ([IPv6:2001:db8::7])
                \t(family ipv6, told by XCLIENT; login ann)
                \tby demo.example.test with ESMTPA id 1;
                \t""".replace("\n", "\r\n")).endsWith("\r\nSubject: Gr\u00c3\u00bc\u00c3\u009fe\r\n\r\n.one dot\r\n");
        assertThat(only("ann")).isEqualTo(text);
    }

    @Test
    void nothingIsTakenBeforeLogin() throws Exception {
        play("""
                C: MAIL FROM:<ann@example.test>
                S: 503 5.5.1 Send EHLO first
                C: AUTH PLAIN AGFubgBzZWNyZXQ=
                S: 503 5.5.1 Send EHLO first
                C: HELO laptop
                S: 250 demo.example.test
                C: MAIL FROM:<ann@example.test>
                S: 530 5.7.0 Authentication required
                C: DATA
                S: 530 5.7.0 Authentication required
                R: BDAT 6 LAST\\r\\nQUIT\\r\\n
                S: 530 5.7.0 Authentication required
                C: NOOP
                S: 250 2.0.0 Ok
                C: VRFY ann
                S: 252 2.0.0 Send it and see
                C: STARTTLS
                S: 500 5.5.2 Command not known
                """);
    }

    @Test
    void bothMechanismsWorkWithAndWithoutAnInitialResponse() throws Exception {
        String ehlo = EHLO + TRUSTED + LAST;
        play(ehlo + """
                C: AUTH PLAIN
                S: 334\s
                C: AGFubgBzZWNyZXQ=
                S: 235 2.7.0 Authentication successful
                C: AUTH PLAIN AGFubgBzZWNyZXQ=
                S: 503 5.5.1 Already authenticated
                """);
        play(ehlo + """
                C: AUTH LOGIN
                S: 334 VXNlcm5hbWU6
                C: Ym9i
                S: 334 UGFzc3dvcmQ6
                C: Z2VoZWlt
                S: 235 2.7.0 Authentication successful
                """);
        play(ehlo + """
                C: auth login Ym9i
                S: 334 UGFzc3dvcmQ6
                C: Z2VoZWlt
                S: 235 2.7.0 Authentication successful
                """);
    }

    @Test
    void brokenLoginsAreRefusedEachInItsWords() throws Exception {
        play(EHLO + TRUSTED + LAST + """
                C: AUTH PLAIN AGFubgBnZWhlaW0=
                S: 535 5.7.8 Authentication failed
                C: AUTH PLAIN
                S: 334\s
                C: *
                S: 501 5.7.0 Authentication aborted
                C: AUTH PLAIN !
                S: 501 5.5.2 Malformed response
                C: AUTH LOGIN Ym9i
                S: 334 UGFzc3dvcmQ6
                C: *
                S: 501 5.7.0 Authentication aborted
                C: AUTH SCRAM-SHA-256
                S: 504 5.5.4 Mechanism not known
                C: AUTH
                S: 504 5.5.4 Mechanism not known
                """);
    }

    @Test
    void onlyCrlfDotCrlfEndsAMessage() throws Exception {
        play(LOGIN + TO_BOB + DATA + """
                R: a\\n.\\nb\\r\\n.\\nc\\n.\\r\\nd\\r.\\re\\r\\n.\\r\\n
                S: 250 2.0.0 Ok: delivered
                C: NOOP
                S: 250 2.0.0 Ok
                """);
        assertThat(only("bob")).endsWith("\r\na\n.\nb\r\n\nc\n.\r\nd\r.\re\r\n");
    }

    @Test
    void anEmptyMessageEndsAtOnce() throws Exception {
        play(LOGIN + TO_BOB + DATA + """
                C: .
                S: 250 2.0.0 Ok: delivered
                """);
        assertThat(mail.box("bob", HERE)).hasSize(1);
    }

    @Test
    void chunksAreTakenOctetByOctet() throws Exception {
        play(LOGIN + TO_BOB + """
                R: BDAT 14\\r\\nSubject: x\\r\\n\\r\\n
                S: 250 2.0.0 14 octets received
                C: DATA
                S: 503 5.5.1 Send MAIL first
                C: RCPT TO:<ann@example.test>
                S: 503 5.5.1 Send MAIL first
                R: BDAT 5 LAST\\r\\n.\\r\\n.\\n
                S: 250 2.0.0 Ok: delivered
                R: BDAT 6 LAST\\r\\nQUIT\\r\\n
                S: 503 5.5.1 Send MAIL first
                """ + TO_BOB + """
                R: BDAT 4\\r\\nxxxx
                S: 250 2.0.0 4 octets received
                C: RSET
                S: 250 2.0.0 Ok
                """ + TO_BOB + """
                C: BDAT 0 LAST
                S: 250 2.0.0 Ok: delivered
                """);
        List<DemoMail.Message> box = mail.box("bob", HERE);
        assertThat(box).hasSize(2);
        assertThat(box.getFirst().octets()).endsWith("\r\nSubject: x\r\n\r\n.\r\n.\n\r\n");
        assertThat(box.getLast().octets()).doesNotContain("xxxx");
    }

    @Test
    void aChunkOfUnknownSizeEndsTheConnection() throws Exception {
        play(LOGIN + TO_BOB + """
                C: BDAT x LAST
                S: 501 5.5.4 Syntax: BDAT size [LAST]
                ---
                """);
    }

    @Test
    void commandsOutOfOrderAreRefused() throws Exception {
        play(LOGIN + """
                C: RCPT TO:<bob@example.test>
                S: 503 5.5.1 Send MAIL first
                C: DATA
                S: 503 5.5.1 Send MAIL first
                C: MAIL FROM:<>
                S: 250 2.1.0 Ok
                C: MAIL FROM:<>
                S: 503 5.5.1 Nested MAIL
                C: DATA
                S: 554 5.5.1 No valid recipients
                C: XCLIENT ADDR=192.0.2.1
                S: 503 5.5.1 Error: MAIL transaction in progress
                C: EHLO again and again
                S: 501 5.5.4 Syntax: EHLO hostname
                """);
    }

    @ParameterizedTest
    @CsvSource({"FROM:ann@example.test, 501 5.5.4 Syntax: MAIL FROM:<address>",
            "FROM:<ann@example.test> SIZE=26214401, 552 5.3.4 Message too big",
            "FROM:<ann@example.test> BODY=BINARYMIME, 555 5.5.4 Parameter not known",
            "FROM:<ann@example.test> RET=HDRS, 555 5.5.4 Parameter not known"})
    void parametersThatAreNotOfferedAreRefused(String argument, String answer) throws Exception {
        play(LOGIN + "C: MAIL " + argument + "\nS: " + answer);
    }

    @Test
    void xclientMayLogInAndSplitsUntilTheAddressIsTold() throws Exception {
        play("""
                C: XCLIENT PORT=50000 NAME=[UNAVAILABLE]
                """ + GREETING + """
                C: XCLIENT LOGIN=b+6Fb HELO=phone.example.test ADDR=192.0.2.1
                """ + GREETING + TO_BOB + DATA + """
                C: .
                S: 250 2.0.0 Ok: delivered
                C: XCLIENT ADDR=192.0.2.2
                S: 550 5.7.0 Error: insufficient authorization
                """);
        assertThat(only("bob")).contains("from phone.example.test ([192.0.2.1])",
                "family ipv4, told by XCLIENT; login bob");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ADDR=2001:db8::1", "ADDR=IPV6:192.0.2.1", "ADDR=x", "PORT=x", "FOO=1", "", "NAME=a+0Db",
            "NAME=a+d", "LOGIN=nobody", "PROTO=HTTP"})
    void brokenXclientIsRefused(String arguments) throws Exception {
        play("C: XCLIENT " + arguments + "\nS: 501 5.5.4 Error: bad XCLIENT argument");
    }

    @Test
    void xclientForgetsTheLogin() throws Exception {
        play(LOGIN + """
                C: XCLIENT ADDR=192.0.2.1
                """ + GREETING + EHLO + LAST + """
                C: MAIL FROM:<ann@example.test>
                S: 530 5.7.0 Authentication required
                """);
    }

    @Test
    void controlCharactersInACommandAreRefused() throws Exception {
        play("R: NOOP\\nQUIT\\r\\n\nS: 500 5.5.2 Control character in a command");
    }

    @Test
    void aLineWithoutMeasureEndsTheConnection() throws Exception {
        play("R: " + "x".repeat(2048) + "\nS: 500 5.5.6 line of more than 2048 octets\n---");
    }

    @Test
    void twentyMistakesEndTheConnection() throws Exception {
        play("C: FOO\nS: 500 5.5.2 Command not known\n".repeat(20) + "S: 421 4.7.0 Too many mistakes\n---");
    }

    @Test
    void aMessageOverTheLimitIsReadAndRefused() throws Exception {
        play(LOGIN + TO_BOB + DATA + "R: " + ("x".repeat(998) + "\\r\\n").repeat(26215) + ".\\r\\n\n"
                + "S: 552 5.3.4 Message too big\nC: NOOP\nS: 250 2.0.0 Ok\n");
        assertThat(mail.box("bob", HERE)).isEmpty();
    }

    @Test
    void anUnfinishedMessageIsNotDelivered() throws Exception {
        play(LOGIN + TO_BOB + DATA + "C: half a message");
        server.close();
        assertThat(mail.box("bob", HERE)).isEmpty();
    }

    private String only(String user) {
        List<DemoMail.Message> box = mail.box(user, HERE);
        assertThat(box).hasSize(1);
        return box.getFirst().octets();
    }

    private void play(String text) throws IOException {
        Transcript.play(server.port(), GREETING + text);
    }
}
