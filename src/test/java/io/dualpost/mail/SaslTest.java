package io.dualpost.mail;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.mail.Credentials.Mechanism;
import java.util.List;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SaslTest {
    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "plain", "Plain"})
    void plainWithoutAnInitialResponseIsAskedForIt(String mechanism) {
        assertThat(Sasl.begin(mechanism)).isEqualTo(new Sasl.Outcome.Challenge("", new Sasl.Plain()));
    }

    @Test
    void loginAsksForTheUserAndThenForThePassword() {
        assertThat(Sasl.begin("login")).isEqualTo(
                new Sasl.Outcome.Challenge(Transcript.base64("Username:"), new Sasl.LoginUser()));
        assertThat(Sasl.heard(new Sasl.LoginUser(), Transcript.base64("ann"))).isEqualTo(
                new Sasl.Outcome.Challenge(Transcript.base64("Password:"), new Sasl.LoginPassword("ann")));
        assertComplete(Sasl.heard(new Sasl.LoginPassword("ann"), Transcript.base64("secret")), Mechanism.LOGIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOGIN YW5u", "login  YW5u", "LOGIN YW5u "})
    void loginTakesTheUserAtOnce(String argument) {
        assertThat(Sasl.begin(argument)).isEqualTo(
                new Sasl.Outcome.Challenge(Transcript.base64("Password:"), new Sasl.LoginPassword("ann")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\0ann\\0secret", "ann\\0ann\\0secret"})
    void plainHasAnEmptyAuthorizationIdentityOrTheUsersOwn(String message) {
        assertComplete(Sasl.begin("PLAIN " + Transcript.base64(message)), Mechanism.PLAIN);
        assertComplete(Sasl.heard(new Sasl.Plain(), Transcript.base64(message)), Mechanism.PLAIN);
    }

    // A trusting backend would otherwise make a master user of the client; case and spaces make another name.
    @ParameterizedTest
    @ValueSource(strings = {"bob\\0ann\\0secret", "Ann\\0ann\\0secret", " \\0ann\\0secret", "ann \\0ann\\0secret",
            "bob\\0ann\\0", "bob\\0\\0secret", "bob\\0ann\\r\\0secret"})
    void anotherAuthorizationIdentityIsAFailedLogin(String message) {
        assertFailed(Sasl.heard(new Sasl.Plain(), Transcript.base64(message)), Refusal.BAD_CREDENTIALS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ann", "\\0ann", "ann\\0secret", "\\0ann\\0secret\\0", "\\0ann\\0sec\\0ret",
            "\\0\\0ann\\0secret", "\\0\\0\\0", "\\0ann\\0", "\\0\\0secret", "\\0\\0"})
    void plainHasExactlyThreePartsAndTheLastTwoAreNotEmpty(String message) {
        assertFailed(Sasl.heard(new Sasl.Plain(), Transcript.base64(message)), Refusal.AUTH_MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\r", "\\n", "\\r\\n", "\\r\\nDELE 1", "\\0"})
    void whatCannotStandInALineIsRefusedInUserAndPassword(String octets) {
        for (String text : Arrays.asList(octets + "ann", "a" + octets + "nn", "ann" + octets)) {
            assertFailed(Sasl.begin("PLAIN " + Transcript.base64("\\0" + text + "\\0secret")), Refusal.AUTH_MALFORMED);
            assertFailed(Sasl.begin("PLAIN " + Transcript.base64("\\0ann\\0" + text)), Refusal.AUTH_MALFORMED);
            assertFailed(Sasl.heard(new Sasl.LoginPassword("ann"), Transcript.base64(text)), Refusal.AUTH_MALFORMED);
            assertFailed(login(Transcript.base64(text), "c2VjcmV0"), Refusal.AUTH_MALFORMED);
        }
    }

    // Octets that a lenient decoder skips, padding that is missing, doubled or inside, bits behind the last octet.
    @ParameterizedTest
    @ValueSource(strings = {"A", "AG", "AGF", "AGFubgBzZQ", "AGFubgBzZQ=", "AGFubgBzZWNyZXQ", "AGFubgBz!ZWN",
            "AGFubgBz ZWN",
            "AGFubgBzZWNy====", "AGE=bgBzZWNyZXQ=", "====", "=AAA", "A===", "AGFubgBzZWNyZX-_", "AGFubgBz\tAAA",
            "AGFubgBzZWNy\u00e9AAA", "\"AGFubgBz\"AA", "*AAA", "**", "* ", " *"})
    void badBase64IsRefusedAndNotSkippedOver(String text) {
        assertFailed(Sasl.heard(new Sasl.Plain(), text), Refusal.AUTH_MALFORMED);
        assertFailed(Sasl.heard(new Sasl.LoginUser(), text), Refusal.AUTH_MALFORMED);
        assertFailed(Sasl.heard(new Sasl.LoginPassword("ann"), text), Refusal.AUTH_MALFORMED);
    }

    @Test
    void aLoneAsteriskCancelsEveryExchange() {
        assertFailed(Sasl.begin("PLAIN *"), Refusal.AUTH_ABORTED);
        assertFailed(Sasl.begin("LOGIN *"), Refusal.AUTH_ABORTED);
        assertFailed(Sasl.heard(new Sasl.Plain(), "*"), Refusal.AUTH_ABORTED);
        assertFailed(Sasl.heard(new Sasl.LoginUser(), "*"), Refusal.AUTH_ABORTED);
        assertFailed(Sasl.heard(new Sasl.LoginPassword("ann"), "*"), Refusal.AUTH_ABORTED);
    }

    @Test
    void anEqualsSignIsAnEmptyInitialResponseAndNothingLater() {
        assertFailed(Sasl.begin("PLAIN ="), Refusal.AUTH_MALFORMED);
        assertThat(Sasl.begin("LOGIN =")).isEqualTo(
                new Sasl.Outcome.Challenge(Transcript.base64("Password:"), new Sasl.LoginPassword("")));
        assertFailed(Sasl.heard(new Sasl.LoginPassword(""), "c2VjcmV0"), Refusal.AUTH_MALFORMED);
        assertFailed(Sasl.heard(new Sasl.LoginUser(), "="), Refusal.AUTH_MALFORMED);
        assertFailed(Sasl.heard(new Sasl.LoginPassword("ann"), "="), Refusal.AUTH_MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "CRAM-MD5", "XOAUTH2 abcd", "SCRAM-SHA-256-PLUS biws", "PLAIN-CLIENTTOKEN",
            "EXTERNAL =",
            "PLAIN\tAGFubgBz", "*", "pla\u00ecn", " PLAIN"})
    void anyOtherMechanismIsUnknown(String argument) {
        assertFailed(Sasl.begin(argument), Refusal.MECHANISM_UNKNOWN);
    }

    @Test
    void octetsAboveAsciiStayAsTheyAre() {
        String user = "\u00e4nn\u00ff";
        assertThat(Sasl.heard(new Sasl.Plain(), Transcript.base64("\\0" + user + "\\0s\u0080cret")))
                .isInstanceOfSatisfying(Sasl.Outcome.Complete.class, complete -> {
                    assertThat(complete.credentials().user()).isEqualTo(user);
                    assertThat(complete.credentials().password()).isEqualTo("s\u0080cret");
                });
    }

    @ParameterizedTest
    @CsvSource({"512, 4096, true", "513, 1, false", "1, 4097, false"})
    void whatNoBackendWouldReadIsRefused(int user, int password, boolean taken) {
        String name = "u".repeat(user);
        String word = "p".repeat(password);
        Class<?> expected = taken ? Sasl.Outcome.Complete.class : Sasl.Outcome.Failed.class;
        assertThat(Sasl.begin("PLAIN " + Transcript.base64("\\0" + name + "\\0" + word))).isInstanceOf(expected);
        assertThat(login(Transcript.base64(name), Transcript.base64(word))).isInstanceOf(expected);
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void aLineThatIsTooLongEndsTheExchange(Protocol protocol) {
        FrontTerms terms = new FrontTerms(false, true, Offer.NONE, List.of(), LineEndings.NORMALIZE);
        switch (protocol) {
            case POP3 -> Transcript.server(Pop3Front.open(terms), """
                    (opened)
                    S: +OK mail.example.jp POP3 ready
                    C: AUTH LOGIN {ann}
                    S: + {Password:}
                    (malformed LINE_TOO_LONG)
                    S: -ERR Line too long.
                    C: {secret}
                    S: -ERR Unknown command.
                    """);
            case SUBMISSION -> Transcript.server(SubmissionFront.open(terms), """
                    (opened)
                    S: 220 mail.example.jp ESMTP ready
                    C: EHLO pc.example
                    S: 250-mail.example.jp
                    S: 250 AUTH PLAIN LOGIN
                    C: AUTH LOGIN {ann}
                    S: 334 {Password:}
                    (malformed LINE_TOO_LONG)
                    S: 500 5.5.6 Line too long
                    C: {secret}
                    S: 500 5.5.2 Command not recognized
                    """);
        }
    }

    private static Sasl.Outcome login(String user, String password) {
        return Sasl.begin("LOGIN " + user) instanceof Sasl.Outcome.Challenge(String _, Sasl next)
                ? Sasl.heard(next, password)
                : Sasl.begin("LOGIN " + user);
    }

    private static void assertComplete(Sasl.Outcome outcome, Mechanism mechanism) {
        assertThat(outcome).isInstanceOfSatisfying(Sasl.Outcome.Complete.class, complete -> {
            assertThat(complete.credentials().mechanism()).isEqualTo(mechanism);
            assertThat(complete.credentials().user()).isEqualTo("ann");
            assertThat(complete.credentials().password()).isEqualTo("secret");
        });
    }

    private static void assertFailed(Sasl.Outcome outcome, Refusal refusal) {
        assertThat(outcome).isEqualTo(new Sasl.Outcome.Failed(refusal));
    }
}
