package io.dualpost.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dualpost.address.Peer;
import io.dualpost.mail.Credentials.Mechanism;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that a log line or a stack trace might show prints a password, in whatever way it came. */
class SecretsTest {
    private static final String PASSWORD = "s3cr3t-Pa55w0rd";
    private static final FrontTerms FRONT = new FrontTerms(true, false, Offer.NONE, List.of(), LineEndings.NORMALIZE);
    private static final String POP3 = "(opened secure)\nS: +OK mail.example.jp POP3 ready\n";
    private static final String SMTP = """
            (opened secure)
            S: 220 mail.example.jp ESMTP ready
            C: EHLO pc.example
            S: 250-mail.example.jp
            S: 250 AUTH PLAIN LOGIN
            """;
    private static final String BACKEND = "(opened)\nS: 220 backend\nC: EHLO pc.example\nS: 250-backend\n";
    private static final List<String> FORMS = forms();
    private static final Identity IDENTITY = new Identity(
            Peer.direct(new InetSocketAddress("2001:db8::1", 40000), new InetSocketAddress("2001:db8::10", 995)),
            "s-1", HeloName.of("pc.example"));

    @Test
    void thePop3FrontPrintsNone() {
        assertSilent(pop3(), "S: ", POP3 + """
                C: USER ann
                S: +OK
                C: PASS %s
                ! seek ann:%1$s
                (declined BAD_CREDENTIALS)
                S: -ERR [AUTH] Authentication failed.
                C: PASS %1$s
                S: -ERR Not now.
                C: USER %1$s
                S: +OK
                C: %1$s
                S: -ERR Unknown command.
                C: {\\0ann\\0%1$s}
                S: -ERR Unknown command.
                C: USER ann
                S: +OK
                C: PASS %1$s
                ! seek ann:%1$s
                (joined +OK)
                S: +OK
                ! relay
                """);
        assertSilent(pop3(), "S: ", POP3 + """
                C: AUTH PLAIN {\\0ann\\0%s}
                ! seek ann:%1$s
                (declined IN_USE)
                S: -ERR [IN-USE] The mailbox is in use; try again later.
                C: AUTH PLAIN
                S: +\\s
                C: {bob\\0ann\\0%1$s}
                S: -ERR [AUTH] Authentication failed.
                C: AUTH PLAIN
                S: +\\s
                C: %1$s
                S: -ERR Malformed authentication data.
                C: AUTH PLAIN %1$s
                S: -ERR Malformed authentication data.
                C: AUTH %1$s
                S: -ERR Authentication mechanism not supported.
                C: AUTH LOGIN {%1$s}
                S: + {Password:}
                C: *
                S: -ERR Authentication aborted.
                C: AUTH LOGIN {ann}
                S: + {Password:}
                C: {\\0%1$s}
                S: -ERR Malformed authentication data.
                C: AUTH LOGIN
                S: + {Username:}
                C: {ann}
                S: + {Password:}
                C: {%1$s}
                ! seek ann:%1$s
                """);
    }

    @Test
    void aFrontPrintsNoneThatComesBeforeTls() {
        assertSilent(pop3(), "S: ", """
                (opened)
                S: +OK mail.example.jp POP3 ready
                C: USER %s
                S: -ERR Login is refused without TLS; use STLS first.
                C: PASS %1$s
                S: -ERR Login is refused without TLS; use STLS first.
                C: AUTH PLAIN {\\0ann\\0%1$s}
                S: -ERR Login is refused without TLS; use STLS first.
                """);
        assertSilent(submission(), "S: ", """
                (opened)
                S: 220 mail.example.jp ESMTP ready
                C: AUTH PLAIN {\\0ann\\0%s}
                S: 538 5.7.11 Encryption required for the requested authentication mechanism
                C: AUTH LOGIN {%1$s}
                S: 538 5.7.11 Encryption required for the requested authentication mechanism
                """);
    }

    @Test
    void theSubmissionFrontPrintsNone() {
        assertSilent(submission(), "S: ", SMTP + """
                C: AUTH PLAIN
                S: 334\\s
                C: {bob\\0ann\\0%s}
                S: 535 5.7.8 Authentication failed
                C: AUTH PLAIN %1$s
                S: 501 5.5.2 Malformed authentication data
                C: AUTH LOGIN {%1$s}
                S: 334 {Password:}
                C: *
                S: 501 5.7.0 Authentication aborted
                C: AUTH LOGIN
                S: 334 {Username:}
                C: {ann}
                S: 334 {Password:}
                C: {%1$s}
                ! seek ann:%1$s from pc.example
                (declined BAD_CREDENTIALS)
                S: 535 5.7.8 Authentication failed
                C: {\\0ann\\0%1$s}
                S: 500 5.5.2 Command not recognized
                C: AUTH PLAIN {ann\\0ann\\0%1$s}
                ! seek ann:%1$s from pc.example
                (joined 235 ok)
                S: 235 2.7.0 Authentication successful
                C: AUTH PLAIN {\\0ann\\0%1$s}
                S: 503 5.5.1 Bad sequence of commands
                C: %1$s
                S: 500 5.5.2 Command not recognized
                C: NOOP %1$s
                ! pass NOOP %1$s
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+OK\n! tell joined +OK\n", "-ERR not %s\n! tell declined BAD_CREDENTIALS\n",
            "-ERR [SYS/TEMP] later\n! tell postponed BACKEND_UNAVAILABLE\n", "%s\n! tell troubled BACKEND_FAULT\n"})
    void thePop3BackPrintsNone(String answer) {
        assertSilent(Recording.back(Pop3Back.open(back(PASSWORD))), "C: ",
                "(opened)\nS: +OK\nC: USER ann\nS: +OK\nC: PASS %s\nS: " + answer);
        String filler = "x".repeat(250);
        assertSilent(Recording.back(Pop3Back.open(back(filler + PASSWORD))), "C: ",
                "(opened)\nS: +OK\nC: AUTH PLAIN\nS: + \nC: {\\0ann\\0" + filler + "%s}\nS: " + answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"235 ok\n! tell joined 235 ok; AUTH MECHANISM\n",
            "535 not {\\0ann\\0%s}\n! tell declined BAD_CREDENTIALS\n",
            "454 later\n! tell postponed BACKEND_UNAVAILABLE\n", "334 more\n! tell postponed BACKEND_UNAVAILABLE\n",
            "504 not {%s}\n! tell postponed BACKEND_FAULT\n", "%s\n! tell troubled BACKEND_FAULT\n"})
    void theSubmissionBackPrintsNone(String answer) {
        String plain = "S: 250 AUTH PLAIN\n";
        assertSilent(Recording.back(SubmissionBack.open(back(PASSWORD))), "C: ",
                BACKEND + plain + "C: AUTH PLAIN {\\0ann\\0%s}\nS: " + answer.replace("MECHANISM", "PLAIN"));
        String filler = "x".repeat(400);
        assertSilent(Recording.back(SubmissionBack.open(back(filler + PASSWORD))), "C: ", BACKEND + plain
                + "C: AUTH PLAIN\nS: 334 \nC: {\\0ann\\0" + filler + "%s}\nS: " + answer.replace("MECHANISM", "PLAIN"));
        assertSilent(Recording.back(SubmissionBack.open(back(PASSWORD))), "C: ", BACKEND
                + "S: 250 AUTH LOGIN\nC: AUTH LOGIN\nS: 334 {Username:}\nC: {ann}\nS: 334 {Password:}\nC: {%s}\nS: "
                + answer.replace("MECHANISM", "LOGIN"));
    }

    static Stream<Sasl.Outcome> outcomes() {
        String plain = Transcript.base64("\\0ann\\0" + PASSWORD);
        String password = Transcript.base64(PASSWORD);
        return Stream.of(Sasl.begin("PLAIN " + plain), Sasl.begin("PLAIN " + password), Sasl.begin("LOGIN " + password),
                Sasl.begin(PASSWORD), Sasl.heard(new Sasl.Plain(), plain), Sasl.heard(new Sasl.Plain(), PASSWORD),
                Sasl.heard(new Sasl.LoginUser(), password), Sasl.heard(new Sasl.LoginPassword(PASSWORD), password));
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void noOutcomeOfAnExchangePrintsOne(Sasl.Outcome outcome) {
        assertSilent(List.of(outcome.toString()));
    }

    @Test
    void aLineThatCannotBeMadeDoesNotPrintItselfInItsException() {
        assertSilent(Stream.of("\r", "\n", "\0", "\u0100")
                .map(bad -> catchThrowable(() -> Line.secret("PASS " + PASSWORD + bad)).toString()).toList());
    }

    private static void assertSilent(Recording recording, String own, String text) {
        String played = text.replace("%1$s", PASSWORD).replace("%s", PASSWORD).replace("\\s", " ");
        Transcript transcript = own.equals("S: ")
                ? Transcript.server(recording, played)
                : Transcript.client(recording, played);
        assertThat(recording.printed()).hasSizeGreaterThan(100);
        assertSilent(recording.printed());
        assertSilent(transcript.printed());
    }

    private static void assertSilent(List<String> printed) {
        // Upper-casing a verb would not hide a password.
        assertThat(printed.stream().map(text -> text.toLowerCase(Locale.ROOT))
                .filter(text -> FORMS.stream().anyMatch(text::contains)).distinct()).isEmpty();
    }

    /** The password, and what is the same in its base64 wherever it stands in a message. */
    private static List<String> forms() {
        List<String> forms = new ArrayList<>(List.of(PASSWORD));
        for (String before : List.of("", "x", "xx")) {
            String encoded = Transcript.base64(before + PASSWORD);
            forms.add(encoded.substring(before.isEmpty() ? 0 : 4, encoded.length() - 4));
        }
        return forms.stream().map(form -> form.toLowerCase(Locale.ROOT)).toList();
    }

    private static Recording pop3() {
        return Recording.front(Pop3Front.open(FRONT), PASSWORD);
    }

    private static Recording submission() {
        return Recording.front(SubmissionFront.open(FRONT), PASSWORD);
    }

    private static BackTerms back(String password) {
        return new BackTerms(TlsMode.NONE, Forwarding.NONE, Optional.of(IDENTITY),
                Credentials.of(Mechanism.PLAIN, "ann", password), Offer.NONE);
    }
}
