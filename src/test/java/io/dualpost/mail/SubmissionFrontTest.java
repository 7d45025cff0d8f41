package io.dualpost.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubmissionFrontTest {
    private static final String GREETED = """
            (opened)
            S: 220 mail.example.jp ESMTP ready
            """;
    private static final String SECURE = """
            (opened secure)
            S: 220 mail.example.jp ESMTP ready
            """;
    private static final String EHLO = """
            C: EHLO pc.example
            S: 250-mail.example.jp
            S: 250-PIPELINING
            S: 250-SIZE 1000
            S: 250 AUTH PLAIN LOGIN
            """;
    private static final String HELLOED = SECURE + EHLO;

    @Test
    void ehloBeforeTlsOffersStarttlsAndNoAuth() {
        play(GREETED + """
                C: ehlo pc.example
                S: 250-mail.example.jp
                S: 250-PIPELINING
                S: 250-SIZE 1000
                S: 250 STARTTLS
                C: HELO pc.example
                S: 250 mail.example.jp
                """);
    }

    @Test
    void starttlsForgetsEhloAndSpeaksForTheNameThatWasAskedFor() {
        play(GREETED + """
                C: EHLO pc.example
                S: 250-mail.example.jp
                S: 250-PIPELINING
                S: 250-SIZE 1000
                S: 250 STARTTLS
                C: STARTTLS
                S: 220 2.0.0 Ready to start TLS
                ! start tls
                (secured mail-v4.example.jp)
                C: AUTH PLAIN {\\0ann\\0secret}
                S: 503 5.5.1 Bad sequence of commands
                C: EHLO pc.example
                S: 250-mail-v4.example.jp
                S: 250-PIPELINING
                S: 250-SIZE 1000
                S: 250 AUTH PLAIN LOGIN
                C: STARTTLS
                S: 503 5.5.1 Bad sequence of commands
                """);
    }

    @Test
    void starttlsTakesNoArgument() {
        play(GREETED + """
                C: STARTTLS now
                S: 501 5.5.4 Bad argument
                C: STARTTLS
                S: 220 2.0.0 Ready to start TLS
                ! start tls
                """);
    }

    @Test
    void starttlsWhereThereIsNoneIsNotImplemented() {
        Transcript.server(
                SubmissionFront.open(new FrontTerms(false, false, Offer.NONE, List.of(), LineEndings.NORMALIZE)),
                GREETED + """
                        C: STARTTLS
                        S: 502 5.5.1 Command not supported here
                        C: EHLO pc.example
                        S: 250 mail.example.jp
                        """);
    }

    @Test
    void everyLoginAndMailIsRefusedBeforeTls() {
        play(GREETED + """
                C: AUTH PLAIN {\\0ann\\0secret}
                S: 538 5.7.11 Encryption required for the requested authentication mechanism
                C: MAIL FROM:<a@b>
                S: 530 5.7.0 Must issue a STARTTLS command first
                C: RCPT TO:<a@b>
                S: 530 5.7.0 Must issue a STARTTLS command first
                C: DATA
                S: 530 5.7.0 Must issue a STARTTLS command first
                C: BDAT 3 LAST
                S: 530 5.7.0 Must issue a STARTTLS command first
                ! discard 3
                (streamed)
                C: NOOP
                S: 250 2.0.0 OK
                """);
    }

    @Test
    void aListenerThatAllowsItByNameTakesAPlaintextLogin() {
        Transcript.server(
                SubmissionFront.open(new FrontTerms(true, true, Offer.NONE, List.of(), LineEndings.NORMALIZE)),
                GREETED + """
                        C: EHLO pc.example
                        S: 250-mail.example.jp
                        S: 250-STARTTLS
                        S: 250 AUTH PLAIN LOGIN
                        C: MAIL FROM:<a@b>
                        S: 530 5.7.0 Authentication required
                        C: AUTH PLAIN {\\0ann\\0secret}
                        ! seek ann:secret from pc.example
                        """);
    }

    @Test
    void authNeedsEhloAndHeloIsNotEnough() {
        play(SECURE + """
                C: AUTH PLAIN {\\0ann\\0secret}
                S: 503 5.5.1 Bad sequence of commands
                C: HELO pc.example
                S: 250 mail.example.jp
                C: AUTH PLAIN {\\0ann\\0secret}
                S: 503 5.5.1 Bad sequence of commands
                """ + EHLO + """
                C: AUTH
                S: 501 5.5.4 Bad argument
                C: AUTH PLAIN {\\0ann\\0secret}
                ! seek ann:secret from pc.example
                (joined 235 2.7.0 whatever)
                S: 235 2.7.0 Authentication successful
                """);
    }

    @Test
    void ehloMayBeSaidAgainAndTheLastNameCounts() {
        play(HELLOED + """
                C: EHLO
                S: 501 5.5.4 Bad argument
                C: EHLO \\s
                S: 501 5.5.4 Bad argument
                C: EHLO [IPv6:2001:db8::1]
                S: 250-mail.example.jp
                S: 250-PIPELINING
                S: 250-SIZE 1000
                S: 250 AUTH PLAIN LOGIN
                C: AUTH PLAIN {\\0ann\\0secret}
                ! seek ann:secret from [IPv6:2001:db8::1]
                """.replace("\\s", " "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc example", "pc=1", "[::1", "a+b", "\u00e4.example", "pc\texample", "<pc>"})
    void aNameThatIsNotFitStaysWithTheProxy(String name) {
        play(SECURE + EHLO.replace("pc.example", name) + """
                C: AUTH PLAIN {\\0ann\\0secret}
                ! seek ann:secret
                """);
    }

    @Test
    void aNameLongerThanAHostNameStaysWithTheProxy() {
        play(SECURE + EHLO.replace("pc.example", "x".repeat(256)) + """
                C: AUTH PLAIN {\\0ann\\0secret}
                ! seek ann:secret
                """);
    }

    @Test
    void plainAndLoginComeAtOnceOrByChallenge() {
        play(HELLOED + """
                C: AUTH PLAIN
                S: 334\\s
                C: {\\0ann\\0secret}
                ! seek ann:secret from pc.example
                (declined BAD_CREDENTIALS)
                S: 535 5.7.8 Authentication failed
                C: AUTH login
                S: 334 {Username:}
                C: {ann}
                S: 334 {Password:}
                C: {secret}
                ! seek ann:secret from pc.example
                (declined BACKEND_UNAVAILABLE)
                S: 454 4.7.0 Temporary authentication failure, try again later
                C: AUTH LOGIN {ann}
                S: 334 {Password:}
                C: {secret}
                ! seek ann:secret from pc.example
                """.replace("\\s", " "));
    }

    @Test
    void anAsteriskCancelsInEveryState() {
        play(HELLOED + """
                C: AUTH PLAIN
                S: 334\\s
                C: *
                S: 501 5.7.0 Authentication aborted
                C: AUTH LOGIN
                S: 334 {Username:}
                C: *
                S: 501 5.7.0 Authentication aborted
                C: AUTH LOGIN {ann}
                S: 334 {Password:}
                C: *
                S: 501 5.7.0 Authentication aborted
                C: AUTH PLAIN *
                S: 501 5.7.0 Authentication aborted
                """.replace("\\s", " "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"=", "AG!ubgBz", "AGFubgBzZQ=", "{\\0ann}", "{\\0ann\\0secret\\0}", "{\\0ann\\0}",
            "{\\0\\0secret}", "{\\0ann\\0sec\\r\\nret}", "QUIT"})
    void malformedCredentialsAreRefusedAndNobodyIsSought(String response) {
        play(HELLOED + "C: AUTH PLAIN " + response + "\nS: 501 5.5.2 Malformed authentication data\n");
        play(HELLOED + "C: AUTH PLAIN\nS: 334 \nC: " + response + "\nS: 501 5.5.2 Malformed authentication data\n");
        play(HELLOED + "C: AUTH LOGIN {ann}\nS: 334 {Password:}\nC: " + response.replace("QUIT", "=")
                + "\nS: 501 5.5.2 Malformed authentication data\n");
    }

    @Test
    void unknownMechanismsAndActingForSomebodyElseAreRefused() {
        play(HELLOED + """
                C: AUTH XOAUTH2 abcd
                S: 504 5.5.4 Authentication mechanism not supported
                C: AUTH PLAIN {bob\\0ann\\0secret}
                S: 535 5.7.8 Authentication failed
                """);
    }

    @ParameterizedTest
    @CsvSource({"BAD_CREDENTIALS, 535 5.7.8 Authentication failed",
            "BACKEND_FAULT, '454 4.7.0 Temporary authentication failure, try again later'",
            "BACKEND_PERMANENT, 535 5.7.0 This account is out of order"})
    void aDeclinedLoginIsSaidAndTheSessionGoesOnWithoutAnotherEhlo(Refusal refusal, String words) {
        play(HELLOED + """
                C: AUTH PLAIN {\\0ann\\0secret}
                ! seek ann:secret from pc.example
                (declined %s)
                S: %s
                C: AUTH PLAIN {\\0ann\\0secret}
                ! seek ann:secret from pc.example
                """.formatted(refusal, words));
    }

    @Test
    void fiveFailedLoginsEndTheSession() {
        String failed = "C: AUTH PLAIN {\\0ann\\0secret}\n! seek ann:secret from pc.example\n(declined BAD_CREDENTIALS)\n";
        play(HELLOED + (failed + "S: 535 5.7.8 Authentication failed\n").repeat(4) + failed
                + "S: 421 4.7.0 Too many failed logins\n! end LOGIN_FAILURES\n");
    }

    @Test
    void tenMistakesEndTheSession() {
        play(SECURE + "C: XYZZY\nS: 500 5.5.2 Command not recognized\n".repeat(9)
                + "C: BDAT 5\nS: 421 4.7.0 Too many errors\n! end PROTOCOL_ERROR\n");
    }

    @Test
    void harmlessCommandsAreAnsweredBeforeLogin() {
        play(SECURE + """
                C: NOOP x
                S: 250 2.0.0 OK
                C: RSET
                S: 250 2.0.0 OK
                C: VRFY ann
                S: 252 2.5.0 Cannot verify; send mail and see
                C: HELP
                S: 214 2.0.0 See RFC 5321 and RFC 6409
                """.repeat(4));
    }

    @Test
    void commandsForTrustedPeersAndStrangersAreRefused() {
        play(HELLOED + """
                C: XCLIENT ADDR=192.0.2.1
                S: 502 5.5.1 Command not supported here
                C: xforward ADDR=192.0.2.1
                S: 502 5.5.1 Command not supported here
                C: EXPN all
                S: 502 5.5.1 Command not supported here
                C: XYZZY
                S: 500 5.5.2 Command not recognized
                C:  NOOP
                S: 500 5.5.2 Command not recognized
                (malformed BAD_OCTETS)
                S: 500 5.5.2 CR, LF or NUL where none may be
                """);
    }

    @Test
    void aChunkBeforeLoginIsRefusedAndItsOctetsGoNowhere() {
        Transcript discarding = play(HELLOED + """
                C: BDAT 21
                S: 530 5.7.0 Authentication required
                ! discard 21
                """);
        assertThat(discarding.dialogue().listens()).isFalse();
        discarding.play("(streamed)\nC: NOOP\nS: 250 2.0.0 OK\n");
        play(HELLOED + "C: BDAT x\nS: 501 5.5.4 Bad argument\n! end PROTOCOL_ERROR\n");
    }

    @Test
    void aCommandHasAtMost512OctetsButAnAuthLineMayBeLonger() {
        play(HELLOED + """
                C: NOOP %1$sx
                S: 500 5.5.6 Line too long
                C: NOOP %1$s
                S: 250 2.0.0 OK
                (malformed LINE_TOO_LONG)
                S: 500 5.5.6 Line too long
                C: AUTH PLAIN {\\0ann\\0%1$s}
                ! seek ann:%1$s from pc.example
                """.formatted("x".repeat(505)));
        assertThat(SubmissionFront.open(terms()).lineLimit()).isEqualTo(12288);
    }

    @Test
    void quitIsAnswered() {
        play(HELLOED + "C: QUIT\nS: 221 2.0.0 Bye\n! end QUIT\n");
        play(GREETED + "C: quit\nS: 221 2.0.0 Bye\n! end QUIT\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "C: AUTH PLAIN\nS: 334 \n",
            "C: BDAT 5\nS: 530 5.7.0 Authentication required\n! discard 5\n",
            "C: AUTH PLAIN {\\0ann\\0secret}\n! seek ann:secret from pc.example\n"})
    void troubleFromOutsideEndsEveryStateWith421(String before) {
        play(HELLOED + before + """
                (troubled DRAINING)
                S: 421 4.3.2 Server is going down, try again later
                ! end SHUTDOWN
                """);
        play(HELLOED + before + "(troubled TIMED_OUT)\nS: 421 4.4.2 Timed out\n! end TIMEOUT\n");
    }

    @Test
    void aSessionMayBeRefusedInTheGreeting() {
        play("(troubled SESSION_LIMIT)\nS: 421 4.3.2 Too many connections, try again later\n! end LIMIT\n");
        play("(troubled DRAINING)\nS: 421 4.3.2 Server is going down, try again later\n! end SHUTDOWN\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(secured)", "(joined 235 ok)", "(declined IN_USE)", "(streamed)", "(heard 250 ok)"})
    void whatCannotHappenEndsTheSession(String event) {
        play(HELLOED + event + "\nS: 421 4.3.0 Internal error\n! end INTERNAL\n");
    }

    @Test
    void noLineIsTakenWhileTlsStartsOrABackendIsAsked() {
        assertThat(play(GREETED + "C: STARTTLS\nS: 220 2.0.0 Ready to start TLS\n! start tls\n").dialogue().listens())
                .isFalse();
        assertThat(play(HELLOED + "C: AUTH PLAIN {\\0ann\\0secret}\n! seek ann:secret from pc.example\n").dialogue()
                .listens()).isFalse();
    }

    private static FrontTerms terms() {
        return new FrontTerms(true, false, Offer.of(List.of("PIPELINING", "SIZE 1000")), List.of(),
                LineEndings.NORMALIZE);
    }

    private static Transcript play(String text) {
        return Transcript.server(SubmissionFront.open(terms()), text);
    }
}
