package io.dualpost.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemoMailboxTest {
    private static final Origin HERE = new Origin(InetAddress.getLoopbackAddress(), false);

    private final DemoMail mail = DemoMail.empty();
    private DemoMailbox server;

    @BeforeEach
    void open() throws IOException {
        server = DemoMailbox.open(mail);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void capabilitiesAreTheSameBeforeAndAfterLogin() throws Exception {
        String capabilities = """
                C: CAPA
                S: +OK Capability list follows
                S: TOP
                S: UIDL
                S: USER
                S: SASL PLAIN
                S: RESP-CODES
                S: PIPELINING
                S: AUTH-RESP-CODE
                S: .
                """;
        play(capabilities + """
                C: user ann
                S: +OK
                C: pass secret
                S: +OK Logged in.
                """ + capabilities + """
                C: QUIT
                S: +OK Logging out.
                ---
                """);
    }

    @Test
    void aWrongPasswordIsSaidToBeWrongAndTheClientMayTryAgain() throws Exception {
        play("""
                C: PASS secret
                S: -ERR No username given.
                C: USER ann
                S: +OK
                C: PASS geheim
                S: -ERR [AUTH] Authentication failed.
                C: PASS secret
                S: -ERR No username given.
                C: USER nobody
                S: +OK
                C: PASS secret
                S: -ERR [AUTH] Authentication failed.
                C: STAT
                S: -ERR Unknown command.
                C: AUTH PLAIN AGJvYgBnZWhlaW0=
                S: +OK Logged in.
                C: USER ann
                S: -ERR Unknown command.
                """);
    }

    @Test
    void authTakesAnInitialResponseOrAsksForOne() throws Exception {
        play("""
                C: AUTH
                S: +OK
                S: PLAIN
                S: .
                C: AUTH CRAM-MD5
                S: -ERR Unsupported authentication mechanism.
                C: AUTH PLAIN
                S: +\s
                C: *
                S: -ERR Authentication aborted.
                C: AUTH PLAIN =
                S: -ERR Invalid PLAIN response.
                C: AUTH PLAIN !!!
                S: -ERR Invalid PLAIN response.
                an authorization identity of somebody else: bob, ann, secret
                C: AUTH PLAIN Ym9iAGFubgBzZWNyZXQ=
                S: -ERR Invalid PLAIN response.
                C: AUTH PLAIN
                S: +\s
                C: AGFubgBzZWNyZXQ=
                S: +OK Logged in.
                """);
    }

    @Test
    void pipelinedCommandsAreAnsweredInOrder() throws Exception {
        play("""
                R: USER ann\\r\\nPASS secret\\r\\nSTAT\\r\\nQUIT\\r\\n
                S: +OK [XCLIENT] Dualpost demo mailbox ready.
                S: +OK
                S: +OK Logged in.
                S: +OK 0 0
                S: +OK Logging out.
                ---
                """, "");
    }

    @Test
    void messagesAreListedAndReadWithTheirDotsStuffed() throws Exception {
        deliver("Subject: one\r\n\r\n.\r\nline 2\r\n..three\r\n");
        deliver("Subject: two\r\n\r\nwithout a line end");
        play("""
                C: AUTH PLAIN AGFubgBzZWNyZXQ=
                S: +OK Logged in.
                C: STAT
                S: +OK 2 72
                C: LIST
                S: +OK 2 messages:
                S: 1 36
                S: 2 36
                S: .
                C: LIST 2
                S: +OK 2 36
                C: UIDL
                S: +OK 2 messages:
                S: 1 demo-1
                S: 2 demo-2
                S: .
                C: UIDL 1
                S: +OK 1 demo-1
                C: RETR 1
                S: +OK 36 octets
                S: Subject: one
                S:\s
                S: ..
                S: line 2
                S: ...three
                S: .
                C: TOP 1 0
                S: +OK
                S: Subject: one
                S:\s
                S: .
                C: TOP 1 2
                S: +OK
                S: Subject: one
                S:\s
                S: ..
                S: line 2
                S: .
                C: TOP 2 99
                S: +OK
                S: Subject: two
                S:\s
                S: without a line end
                S: .
                """);
    }

    @Test
    void wrongMessageNumbersAreRefused() throws Exception {
        deliver("Subject: one\r\n\r\n");
        play("""
                C: AUTH PLAIN AGFubgBzZWNyZXQ=
                S: +OK Logged in.
                C: RETR 2
                S: -ERR There's no message 2.
                C: RETR 0
                S: -ERR There's no message 0.
                C: RETR
                S: -ERR Invalid arguments.
                C: DELE -1
                S: -ERR Invalid arguments.
                C: TOP 1
                S: -ERR Invalid arguments.
                C: TOP 1 x
                S: -ERR Invalid number of lines.
                C: DELE 1
                S: +OK Marked to be deleted.
                C: RETR 1
                S: -ERR There's no message 1.
                C: LIST
                S: +OK 0 messages:
                S: .
                C: RSET
                S: +OK
                C: STAT
                S: +OK 1 16
                C: NOOP
                S: +OK
                """);
    }

    @Test
    void onlyQuitDeletes() throws Exception {
        deliver("Subject: one\r\n\r\n");
        deliver("Subject: two\r\n\r\n");
        String delete = """
                C: AUTH PLAIN AGFubgBzZWNyZXQ=
                S: +OK Logged in.
                C: DELE 1
                S: +OK Marked to be deleted.
                """;
        play(delete);
        assertThat(mail.box("ann", HERE)).hasSize(2);
        play(delete + """
                C: QUIT
                S: +OK Logging out, messages deleted.
                ---
                """);
        assertThat(mail.box("ann", HERE)).extracting(DemoMail.Message::uid).containsExactly("demo-2");
    }

    @Test
    void xclientTellsWhereTheClientIs() throws Exception {
        try (DemoMailbox welcoming = DemoMailbox.open(DemoMail.welcoming())) {
            Transcript.play(welcoming.port(), """
                    S: +OK [XCLIENT] Dualpost demo mailbox ready.
                    C: XCLIENT ADDR=2001:db8::7 PORT=50000 SESSION=abc DESTPORT=995 TTL=4 FOO=1 nonsense
                    S: +OK Updated
                    C: AUTH PLAIN AGFubgBzZWNyZXQ=
                    S: +OK Logged in.
                    C: UIDL 5
                    S: +OK 5 came-from-2001:db8::7-told
                    C: TOP 5 5
                    S: +OK
                    S~ Date: .*
                    S~ From: .*
                    S~ To: .*
                    S: Subject: How you came here
                    S:\s
                    S~ The mailbox server .*
                    S~ It takes .*
                    S:\s
                    S:     2001:db8::7 (family ipv6, told by XCLIENT)
                    S:\s
                    S: .
                    C: DELE 5
                    S: +OK Marked to be deleted.
                    C: QUIT
                    S: +OK Logging out, messages deleted.
                    """);
            Transcript.play(welcoming.port(), """
                    S: +OK [XCLIENT] Dualpost demo mailbox ready.
                    C: XCLIENT ADDR=2001:db8::7
                    S: +OK Updated
                    C: AUTH PLAIN AGFubgBzZWNyZXQ=
                    S: +OK Logged in.
                    C: UIDL 5
                    S: -ERR There's no message 5.
                    """);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ADDR=IPV6:2001:db8::7", "ADDR=nowhere", "ADDR=", "PORT=65536", "PORT=x"})
    void brokenXclientIsRefused(String arguments) throws Exception {
        play("C: XCLIENT " + arguments + "\nS: -ERR Invalid parameters.");
    }

    @Test
    void xclientAfterLoginIsUnknown() throws Exception {
        play("""
                C: AUTH PLAIN AGFubgBzZWNyZXQ=
                S: +OK Logged in.
                C: XCLIENT ADDR=192.0.2.1
                S: -ERR Unknown command.
                """);
    }

    @ParameterizedTest
    @CsvSource({"CAPA\\nQUIT\\r\\n", "US\\0ER ann\\r\\n", "USER ann\\rPASS secret\\r\\n"})
    void controlCharactersInACommandAreRefused(String octets) throws Exception {
        play("R: " + octets + "\nS: -ERR Unknown command.");
    }

    @Test
    void aLineWithoutMeasureEndsTheConnection() throws Exception {
        play("R: " + "x".repeat(2048) + "\nS: -ERR line of more than 2048 octets\n---");
    }

    @Test
    void tenMistakesEndTheConnection() throws Exception {
        play("C: FOO\nS: -ERR Unknown command.\n".repeat(10) + "S: -ERR Too many mistakes.\n---");
    }

    @Test
    void oneConnectionMoreThanTheCeilingIsClosed() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 64; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                sockets.add(socket);
                assertThat(socket.getInputStream().read()).isEqualTo('+');
            }
            Transcript.play(server.port(), "---");
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void closingEndsConnectionsAndKeepsTheMail() throws Exception {
        deliver("Subject: one\r\n\r\n");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("AUTH PLAIN AGFubgBzZWNyZXQ=\r\nDELE 1\r\n".getBytes(StandardCharsets.US_ASCII));
            String expected = "+OK [XCLIENT] Dualpost demo mailbox ready.\r\n+OK Logged in.\r\n+OK Marked to be deleted.\r\n";
            assertThat(socket.getInputStream().readNBytes(expected.length()))
                    .asString(StandardCharsets.US_ASCII).isEqualTo(expected);
            server.close();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(mail.box("ann", HERE)).hasSize(1);
    }

    private void deliver(String octets) {
        assertThat(mail.deliver(List.of("ann"), octets)).isTrue();
    }

    private void play(String text) throws IOException {
        play(text, "S: +OK [XCLIENT] Dualpost demo mailbox ready.\n");
    }

    private void play(String text, String greeting) throws IOException {
        Transcript.play(server.port(), greeting + text);
    }
}
