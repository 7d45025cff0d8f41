package io.dualpost.mail;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Peer;
import java.util.List;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a dialogue must have forgotten, and what it must still know, after a login that failed and after a handshake. */
class MemoryTest {
    private static final String POP3 = "(opened secure)\nS: +OK mail.example.jp POP3 ready\n";
    private static final Optional<Credentials> ANN = Credentials.of(Credentials.Mechanism.PLAIN, "ann", "secret");
    private static final Optional<Identity> IDENTITY = Optional.of(new Identity(
            Peer.direct(new InetSocketAddress("2001:db8::1", 40000), new InetSocketAddress("2001:db8::10", 465)),
            "s-1", HeloName.of("pc.example")));

    @ParameterizedTest
    @ValueSource(strings = {"BAD_CREDENTIALS)\nS: -ERR [AUTH] Authentication failed.",
            "IN_USE)\nS: -ERR [IN-USE] The mailbox is in use; try again later.",
            "BACKEND_UNAVAILABLE)\nS: -ERR [SYS/TEMP] The mail server is not available; try again later."})
    void afterAFailedLoginPassNeedsAnotherUser(String declined) {
        pop3(POP3 + """
                C: USER ann
                S: +OK
                C: PASS secret
                ! seek ann:secret
                (declined %s
                C: PASS second
                S: -ERR Not now.
                C: USER bob
                S: +OK
                C: PASS third
                ! seek bob:third
                """.formatted(declined));
    }

    @Test
    void aUserDoesNotSurviveAnotherWayToLogIn() {
        pop3(POP3 + """
                C: USER ann
                S: +OK
                C: AUTH PLAIN
                S: +\\s
                C: *
                S: -ERR Authentication aborted.
                C: PASS secret
                S: -ERR Not now.
                C: AUTH LOGIN {ann}
                S: + {Password:}
                C: PASS secret
                S: -ERR Malformed authentication data.
                C: PASS secret
                S: -ERR Not now.
                """.replace("\\s", " "));
    }

    @Test
    void aUserDoesNotSurviveAPassThatWasRefused() {
        pop3(POP3 + """
                C: USER ann
                S: +OK
                C: PASS %s
                S: -ERR Line too long.
                C: PASS secret
                S: -ERR Not now.
                C: USER ann
                S: +OK
                (malformed BAD_OCTETS)
                S: -ERR CR, LF or NUL where none may be.
                C: PASS secret
                S: -ERR Not now.
                """.formatted("x".repeat(249)));
    }

    // RFC 2595 section 4: what was said before TLS counts for nothing; somebody else may have said it.
    @Test
    void aUserDoesNotSurviveStls() {
        Transcript.server(Pop3Front.open(new FrontTerms(true, true, Offer.NONE, List.of(), LineEndings.NORMALIZE)), """
                (opened)
                S: +OK mail.example.jp POP3 ready
                C: USER ann
                S: +OK
                C: STLS
                S: +OK Begin TLS
                ! start tls
                (secured)
                C: PASS secret
                S: -ERR Not now.
                C: USER bob
                S: +OK
                C: PASS secret
                ! seek bob:secret
                """);
    }

    @Test
    void anEhloDoesNotSurviveStarttlsOrAHeloButAFailedLogin() {
        String ehlo = """
                S: 250-mail.example.jp
                S: 250 AUTH PLAIN LOGIN
                """;
        Transcript.server(
                SubmissionFront.open(new FrontTerms(true, true, Offer.NONE, List.of(), LineEndings.NORMALIZE)), """
                        (opened)
                        S: 220 mail.example.jp ESMTP ready
                        C: EHLO before.example
                        S: 250-mail.example.jp
                        S: 250-STARTTLS
                        S: 250 AUTH PLAIN LOGIN
                        C: STARTTLS
                        S: 220 2.0.0 Ready to start TLS
                        ! start tls
                        (secured)
                        C: AUTH PLAIN {\\0ann\\0secret}
                        S: 503 5.5.1 Bad sequence of commands
                        C: EHLO after.example
                        """ + ehlo + """
                        C: AUTH PLAIN {\\0ann\\0secret}
                        ! seek ann:secret from after.example
                        (declined BAD_CREDENTIALS)
                        S: 535 5.7.8 Authentication failed
                        C: AUTH PLAIN {\\0ann\\0secret}
                        ! seek ann:secret from after.example
                        (declined BAD_CREDENTIALS)
                        S: 535 5.7.8 Authentication failed
                        C: HELO last.example
                        S: 250 mail.example.jp
                        C: AUTH PLAIN {\\0ann\\0secret}
                        S: 503 5.5.1 Bad sequence of commands
                        C: EHLO last one
                        """ + ehlo + """
                        C: AUTH PLAIN {\\0ann\\0secret}
                        ! seek ann:secret
                        """);
    }

    // The first EHLO is anybody's on the wire, the second is meant for the proxy; the third is what the client gets.
    @Test
    void ofThreeEhlosOfABackendTheLastCounts() {
        back(SubmissionBack.open(new BackTerms(TlsMode.STARTTLS, Forwarding.XCLIENT, IDENTITY, ANN, Offer.NONE)), """
                (opened)
                S: 220 backend ESMTP
                C: EHLO mail.example.jp
                S: 250-backend
                S: 250-STARTTLS
                S: 250-XCLIENT NAME ADDR PORT PROTO HELO
                S: 250-CHUNKING
                S: 250-SIZE 1
                S: 250 AUTH PLAIN
                C: STARTTLS
                S: 220 go
                ! start tls
                (secured)
                C: EHLO mail.example.jp
                S: 250-backend
                S: 250-XCLIENT ADDR HELO
                S: 250-DSN
                S: 250-SIZE 2
                S: 250 AUTH PLAIN
                C: XCLIENT HELO=pc.example ADDR=IPV6:2001:db8::1
                S: 220 backend ESMTP
                C: EHLO pc.example
                S: 250-backend
                S: 250-SIZE 3
                S: 250 AUTH LOGIN
                C: AUTH LOGIN
                S: 334 {Username:}
                C: {ann}
                S: 334 {Password:}
                C: {secret}
                S: 235 ok
                ! tell joined 235 ok; SIZE 3; AUTH LOGIN
                """);
    }

    @Test
    void theXclientOfTheEhloBeforeTlsDoesNotCount() {
        back(SubmissionBack.open(new BackTerms(TlsMode.STARTTLS, Forwarding.XCLIENT, IDENTITY, ANN, Offer.NONE)), """
                (opened)
                S: 220 backend ESMTP
                C: EHLO mail.example.jp
                S: 250-backend
                S: 250-STARTTLS
                S: 250 XCLIENT ADDR
                C: STARTTLS
                S: 220 go
                ! start tls
                (secured)
                C: EHLO mail.example.jp
                S: 250-backend
                S: 250 AUTH PLAIN
                ! tell troubled BACKEND_FAULT
                """);
    }

    // Dovecot greets once, before TLS; its [XCLIENT] holds afterwards.
    @Test
    void thePop3BackSaysXclientAfterStlsAndBeforeTheLogin() {
        Transcript handshake = back(pop3Back(), """
                (opened)
                S: +OK [XCLIENT] Dovecot ready.
                C: STLS
                S: +OK Begin TLS negotiation now.
                ! start tls
                """);
        assertThat(handshake.dialogue().listens()).isFalse();
        handshake.play("""
                (secured)
                C: XCLIENT ADDR=2001:db8::1 PORT=40000 DESTADDR=2001:db8::10 DESTPORT=465 SESSION=s-1
                S: +OK Updated
                C: USER ann
                S: +OK
                C: PASS secret
                S: +OK Logged in.
                ! tell joined +OK Logged in.
                """);
    }

    @Test
    void aPop3BackThatDidNotGreetWithXclientIsAFaultAfterStls() {
        back(pop3Back(), """
                (opened)
                S: +OK Dovecot ready.
                C: STLS
                S: +OK [XCLIENT] Begin TLS negotiation now.
                ! start tls
                (secured)
                ! tell troubled BACKEND_FAULT
                """);
    }

    private static Dialogue pop3Back() {
        return Pop3Back.open(new BackTerms(TlsMode.STARTTLS, Forwarding.XCLIENT, IDENTITY, ANN, Offer.NONE));
    }

    private static Transcript back(Dialogue dialogue, String text) {
        return Transcript.client(dialogue, text);
    }

    private static void pop3(String text) {
        Transcript.server(Pop3Front.open(new FrontTerms(true, false, Offer.NONE, List.of(), LineEndings.NORMALIZE)),
                text);
    }
}
