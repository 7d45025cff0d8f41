package io.dualpost.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Pop3FrontTest {
    private static final Offer OFFER = Offer.of(List.of("TOP", "UIDL", "PIPELINING"));
    private static final String GREETED = """
            (opened)
            S: +OK mail.example.jp POP3 ready
            """;
    private static final String SECURE = """
            (opened secure)
            S: +OK mail.example.jp POP3 ready
            """;

    @Test
    void capaBeforeTlsOffersStlsAndNoLogin() {
        play(GREETED + """
                C: CAPA
                S: +OK
                S: TOP
                S: UIDL
                S: PIPELINING
                S: STLS
                S: .
                """);
    }

    @Test
    void capaInsideTlsOffersLoginAndNoStls() {
        play(GREETED + """
                C: STLS
                S: +OK Begin TLS
                ! start tls
                (secured)
                C: capa
                S: +OK
                S: TOP
                S: UIDL
                S: PIPELINING
                S: USER
                S: SASL PLAIN LOGIN
                S: .
                """);
    }

    @Test
    void aListenerThatAllowsItByNameTakesAPlaintextLogin() {
        Transcript.server(Pop3Front.open(new FrontTerms(true, true, Offer.NONE, List.of(), LineEndings.NORMALIZE)),
                GREETED + """
                        C: CAPA
                        S: +OK
                        S: STLS
                        S: USER
                        S: SASL PLAIN LOGIN
                        S: .
                        C: USER ann
                        S: +OK
                        C: PASS secret
                        ! seek ann:secret
                        """);
    }

    @Test
    void aLoginEndsInTheRelayWithTheWordsOfTheBackend() {
        play(SECURE + """
                C: USER ann
                S: +OK
                C: PASS two words \s
                ! seek ann:two words \s
                (joined +OK Logged in.)
                S: +OK Logged in.
                ! relay
                """);
    }

    @Test
    void everyLoginIsRefusedBeforeTlsWithoutBlamingThePassword() {
        play(GREETED + """
                C: USER ann
                S: -ERR Login is refused without TLS; use STLS first.
                C: AUTH PLAIN
                S: -ERR Login is refused without TLS; use STLS first.
                C: AUTH PLAIN {\\0ann\\0secret}
                S: -ERR Login is refused without TLS; use STLS first.
                C: AUTH
                S: +OK
                S: .
                """);
    }

    @Test
    void passNeedsAUserWhoIsForgottenWithAnyOtherCommand() {
        play(SECURE + """
                C: PASS secret
                S: -ERR Not now.
                C: USER ann
                S: +OK
                C: NOOP
                S: -ERR Not now.
                C: PASS secret
                S: -ERR Not now.
                C: USER
                S: -ERR Bad argument.
                C: USER ann
                S: +OK
                C: USER bob
                S: +OK
                C: PASS
                S: -ERR Bad argument.
                C: PASS secret
                S: -ERR Not now.
                """);
    }

    @Test
    void aVerbIsMadeOfAsciiLettersOnly() {
        play(SECURE + """
                C: USER ann
                S: +OK
                C: pa\u00df secret
                S: -ERR Unknown command.
                """);
    }

    @Test
    void aCommandHasAtMost255OctetsButAResponseMayBeLonger() {
        String filler = "x".repeat(249);
        play(SECURE + """
                C: USER %1$sx
                S: -ERR Line too long.
                C: USER ann
                S: +OK
                C: PASS %1$sx
                S: -ERR Line too long.
                C: USER %2$s
                S: +OK
                C: PASS %2$s
                ! seek %2$s:%2$s
                (declined BAD_CREDENTIALS)
                S: -ERR [AUTH] Authentication failed.
                C: AUTH PLAIN
                S: +\\s
                C: {\\0ann\\0%1$s%1$s}
                ! seek ann:%1$s%1$s
                """.replace("\\s", " ").formatted(filler, filler.substring(1)));
    }

    @Test
    void plainComesAtOnceOrAfterAnEmptyChallenge() {
        play(SECURE + """
                C: AUTH PLAIN {\\0ann\\0secret}
                ! seek ann:secret
                (declined BAD_CREDENTIALS)
                S: -ERR [AUTH] Authentication failed.
                C: auth plain
                S: +\\s
                C: {ann\\0ann\\0secret}
                ! seek ann:secret
                (joined +OK)
                S: +OK
                ! relay
                """.replace("\\s", " "));
    }

    @Test
    void loginComesInTwoAnswersOrWithTheUserAtOnce() {
        play(SECURE + """
                C: AUTH LOGIN
                S: + {Username:}
                C: {ann}
                S: + {Password:}
                C: {secret}
                ! seek ann:secret
                (declined BAD_CREDENTIALS)
                S: -ERR [AUTH] Authentication failed.
                C: AUTH LOGIN {ann}
                S: + {Password:}
                C: {secret}
                ! seek ann:secret
                """);
    }

    @Test
    void anAsteriskCancelsInEveryState() {
        play(SECURE + """
                C: AUTH PLAIN *
                S: -ERR Authentication aborted.
                C: AUTH PLAIN
                S: +\\s
                C: *
                S: -ERR Authentication aborted.
                C: AUTH LOGIN
                S: + {Username:}
                C: *
                S: -ERR Authentication aborted.
                C: AUTH LOGIN {ann}
                S: + {Password:}
                C: *
                S: -ERR Authentication aborted.
                C: CAPA
                S: +OK
                S: TOP
                S: UIDL
                S: PIPELINING
                S: USER
                S: SASL PLAIN LOGIN
                S: .
                """.replace("\\s", " "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"=", "AG", "AG!ubgBz", "AG FubgBz", "AGFubgBzZQ=", "{ann}", "{\\0ann}", "{ann\\0secret}",
            "{\\0ann\\0secret\\0}", "{\\0ann\\0sec\\0ret}", "{\\0\\0ann\\0secret}", "{\\0ann\\0}", "{\\0\\0secret}",
            "{\\0ann\\r\\0secret}", "{\\0ann\\0sec\\r\\nret}", "{\\0a\\nnn\\0secret}"})
    void malformedPlainIsRefusedAndNobodyIsSought(String response) {
        play(SECURE + "C: AUTH PLAIN " + response + "\nS: -ERR Malformed authentication data.\n");
        play(SECURE + "C: AUTH PLAIN\nS: + \nC: " + response + "\nS: -ERR Malformed authentication data.\n");
    }

    @ParameterizedTest
    @CsvSource({"{}, {secret}", "{ann}, {}", "{a\\rnn}, {secret}", "{ann}, {sec\\nret}", "{a\\0nn}, {secret}",
            "{ann}, {sec\\0ret}", "{ann}, ="})
    void malformedLoginIsRefusedAndNobodyIsSought(String user, String password) {
        play(SECURE + "C: AUTH LOGIN\nS: + {Username:}\nC: " + user + "\nS: + {Password:}\nC: " + password
                + "\nS: -ERR Malformed authentication data.\n");
    }

    @Test
    void anEqualsSignStandsForAnEmptyInitialResponse() {
        play(SECURE + """
                C: AUTH LOGIN =
                S: + {Password:}
                C: {secret}
                S: -ERR Malformed authentication data.
                C: AUTH PLAIN =
                S: -ERR Malformed authentication data.
                C: AUTH PLAIN
                S: + \s
                C: {}
                S: -ERR Malformed authentication data.
                """.replace("+  ", "+ "));
    }

    @Test
    void actingForSomebodyElseIsAFailedLogin() {
        play(SECURE + """
                C: AUTH PLAIN {bob\\0ann\\0secret}
                S: -ERR [AUTH] Authentication failed.
                """);
    }

    @Test
    void aMechanismThatIsNotOfferedIsRefusedAndALoneAuthListsThem() {
        play(SECURE + """
                C: AUTH
                S: +OK
                S: PLAIN
                S: LOGIN
                S: .
                C: AUTH CRAM-MD5
                S: -ERR Authentication mechanism not supported.
                C: AUTH SCRAM-SHA-256-PLUS biws
                S: -ERR Authentication mechanism not supported.
                """);
    }

    @ParameterizedTest
    @CsvSource({"BAD_CREDENTIALS, [AUTH] Authentication failed.",
            "BACKEND_UNAVAILABLE, [SYS/TEMP] The mail server is not available; try again later.",
            "BACKEND_FAULT, [SYS/TEMP] The mail server is not available; try again later.",
            "IN_USE, [IN-USE] The mailbox is in use; try again later.",
            "LOGIN_DELAY, [LOGIN-DELAY] Too soon after the last login; try again later.",
            "BACKEND_PERMANENT, [SYS/PERM] This mailbox is out of order; please tell your provider."})
    void aDeclinedLoginKeepsItsResponseCodeAndTheSessionGoesOn(Refusal refusal, String words) {
        play(SECURE + """
                C: USER ann
                S: +OK
                C: PASS secret
                ! seek ann:secret
                (declined %s)
                S: -ERR %s
                C: USER ann
                S: +OK
                """.formatted(refusal, words));
    }

    @Test
    void fiveFailedLoginsEndTheSession() {
        String failed = "C: AUTH PLAIN {\\0ann\\0secret}\n! seek ann:secret\n(declined BAD_CREDENTIALS)\n";
        play(SECURE + (failed + "S: -ERR [AUTH] Authentication failed.\n").repeat(4) + failed
                + "S: -ERR [AUTH] Too many failed logins.\n! end LOGIN_FAILURES\n");
    }

    @Test
    void fiveLoginsThatComeToNothingEndTheSessionWhateverTheReason() {
        String tried = "C: AUTH PLAIN {\\0ann\\0secret}\n! seek ann:secret\n";
        String down = tried + "(declined BACKEND_UNAVAILABLE)\n";
        play(SECURE + (down + "S: -ERR [SYS/TEMP] The mail server is not available; try again later.\n").repeat(4)
                + down + "S: -ERR [SYS/TEMP] Connection to the mail server lost.\n! end LOGIN_FAILURES\n");
        String used = tried + "(declined IN_USE)\n";
        play(SECURE + (used + "S: -ERR [IN-USE] The mailbox is in use; try again later.\n").repeat(4) + used
                + "S: -ERR Too many errors.\n! end LOGIN_FAILURES\n");
    }

    @Test
    void tenMistakesEndTheSession() {
        play(SECURE + "C: XYZZY\nS: -ERR Unknown command.\n".repeat(9)
                + "C: XYZZY\nS: -ERR Too many errors.\n! end PROTOCOL_ERROR\n");
    }

    @Test
    void mistakesAndFailuresAreRememberedAcrossTls() {
        play(GREETED + "C: XYZZY\nS: -ERR Unknown command.\n".repeat(9)
                + "C: STLS\nS: +OK Begin TLS\n! start tls\n(secured)\n"
                + "C:  CAPA\nS: -ERR Too many errors.\n! end PROTOCOL_ERROR\n");
    }

    @Test
    void stlsTakesNoArgumentAndComesOnce() {
        play(GREETED + """
                C: STLS now
                S: -ERR Bad argument.
                C: STLS
                S: +OK Begin TLS
                ! start tls
                (secured)
                C: STLS
                S: -ERR Not now.
                """);
        play(SECURE + "C: STLS\nS: -ERR Not now.\n");
    }

    @Test
    void stlsWhereThereIsNoneIsUnknown() {
        Transcript.server(Pop3Front.open(new FrontTerms(false, false, Offer.NONE, List.of(), LineEndings.NORMALIZE)),
                GREETED + """
                        C: STLS
                        S: -ERR Unknown command.
                        C: CAPA
                        S: +OK
                        S: .
                        """);
    }

    @Test
    void noLineIsTakenWhileTlsStartsOrABackendIsAsked() {
        assertThat(play(GREETED + "C: STLS\nS: +OK Begin TLS\n! start tls\n").dialogue().listens()).isFalse();
        assertThat(play(SECURE + "C: USER ann\nS: +OK\nC: PASS secret\n! seek ann:secret\n").dialogue().listens())
                .isFalse();
        assertThat(Pop3Front.open(terms()).listens()).isFalse();
    }

    @Test
    void mailboxCommandsBeforeLoginAndStrangersAreRefused() {
        play(SECURE + """
                C: STAT
                S: -ERR Log in first.
                C: RETR 1
                S: -ERR Log in first.
                C: XCLIENT ADDR=192.0.2.1
                S: -ERR Unknown command.
                C:\\s
                S: -ERR Unknown command.
                C: APOP ann 0123
                S: -ERR Unknown command.
                (malformed LINE_TOO_LONG)
                S: -ERR Line too long.
                (malformed BAD_OCTETS)
                S: -ERR CR, LF or NUL where none may be.
                """.replace("\\s", " "));
    }

    @ParameterizedTest
    @ValueSource(strings = {GREETED_TEXT, GREETED_TEXT + "C: USER ann\nS: +OK\n"})
    void quitIsAnsweredBeforeLogin(String before) {
        play(before + "C: QUIT\nS: +OK Bye\n! end QUIT\n");
    }

    private static final String GREETED_TEXT = "(opened secure)\nS: +OK mail.example.jp POP3 ready\n";

    @ParameterizedTest
    @ValueSource(strings = {"", GREETED_TEXT, GREETED_TEXT + "C: USER ann\nS: +OK\n",
            GREETED_TEXT + "C: AUTH PLAIN\nS: + \n",
            GREETED_TEXT + "C: USER ann\nS: +OK\nC: PASS secret\n! seek ann:secret\n"})
    void troubleFromOutsideEndsEveryStateInWords(String before) {
        play(before + """
                (troubled DRAINING)
                S: -ERR [SYS/TEMP] The server is going down; try again later.
                ! end SHUTDOWN
                """);
        play(before + "(troubled TIMED_OUT)\nS: -ERR [SYS/TEMP] Timed out.\n! end TIMEOUT\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(secured)", "(joined +OK)", "(declined IN_USE)", "(streamed)", "(heard +OK)"})
    void whatCannotHappenEndsTheSession(String event) {
        play(SECURE + event + "\nS: -ERR [SYS/TEMP] Internal error.\n! end INTERNAL\n");
    }

    private static FrontTerms terms() {
        return new FrontTerms(true, false, OFFER, List.of(), LineEndings.NORMALIZE);
    }

    private static Transcript play(String text) {
        return Transcript.server(Pop3Front.open(terms()), text);
    }
}
