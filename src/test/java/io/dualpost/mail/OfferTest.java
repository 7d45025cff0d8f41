package io.dualpost.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OfferTest {
    private static final List<String> SMTP = List.of("PIPELINING", "SIZE 1000", "8BITMIME", "ENHANCEDSTATUSCODES",
            "DSN",
            "SMTPUTF8", "CHUNKING", "BINARYMIME");
    private static final List<String> POP3 = List.of("TOP", "UIDL", "RESP-CODES", "PIPELINING", "AUTH-RESP-CODE",
            "EXPIRE 60", "LOGIN-DELAY 900");

    @Test
    void keywordsAreReadInAnyCaseAndKeepTheirOrder() {
        Offer offer = Offer.of(List.of("size 1000", " Pipelining ", "", " ", "8bitmime", "SIZE 5"));
        assertThat(offer.lines()).containsExactly("SIZE 1000", "PIPELINING", "8BITMIME");
        assertThat(offer.has("SIZE")).isTrue();
        assertThat(offer.has("DSN")).isFalse();
    }

    @Test
    void parametersAreReadInAnyCaseAndAnnouncedAsTheyCame() {
        Offer offer = Offer.of(List.of("AUTH plain  Login", "DSN", "EXPIRE Never"));
        assertThat(offer.parameters("AUTH")).containsExactly("PLAIN", "LOGIN");
        assertThat(offer.parameters("DSN")).isEmpty();
        assertThat(offer.parameters("SIZE")).isEmpty();
        assertThat(offer.lines()).contains("EXPIRE Never");
    }

    // In upper case, two of these letters are no octets any more and the third becomes two ASCII letters.
    @ParameterizedTest
    @ValueSource(strings = {"X-\u00ff", "X-\u00b5", "X-\u00df"})
    void aKeywordOfOtherLettersStaysALine(String keyword) {
        Offer offer = Offer.of(List.of(keyword + " 1"));
        assertThat(offer.lines()).containsExactly(keyword + " 1");
        assertThat(offer.lines().stream().map(Line::of)).hasSize(1);
        assertThat(Offer.of(List.of("AUTH " + keyword)).parameters("AUTH")).containsExactly(keyword);
    }

    @Test
    void otherLettersMakeNoKnownKeyword() {
        assertThat(Offer.of(List.of("D\u00dfN", "AUTH PLA\u0131N", "\u017fIZE 1")).kept(Protocol.SUBMISSION, List.of()))
                .isEqualTo(Offer.NONE);
    }

    @ParameterizedTest
    @CsvSource({"SIZE 1000, SIZE 2000, SIZE 1000", "SIZE 2000, SIZE 1000, SIZE 1000", "SIZE 1000, SIZE, SIZE 1000",
            "SIZE, SIZE 1000, SIZE 1000", "SIZE 0, SIZE 1000, SIZE 1000", "SIZE 1000, SIZE 0, SIZE 1000",
            "SIZE, SIZE, SIZE", "SIZE 1000, SIZE many, SIZE 1000", "SIZE many, SIZE 1000, SIZE 1000",
            "SIZE 9223372036854775807, SIZE 1000, SIZE 1000"})
    void ofTwoSizesTheSmallerHoldsAndZeroAndNoneAreNoLimit(String one, String other, String both) {
        assertThat(intersected(List.of(one), List.of(other))).containsExactly(both);
    }

    @Test
    void anIntersectionHasWhatBothHaveInTheSameWords() {
        assertThat(intersected(List.of("TOP", "UIDL", "EXPIRE 60", "LOGIN-DELAY 900"),
                List.of("UIDL", "PIPELINING", "EXPIRE NEVER", "login-delay 900", "TOP"))).containsExactly("TOP", "UIDL",
                        "LOGIN-DELAY 900");
        assertThat(intersected(SMTP, List.of())).isEmpty();
        assertThat(intersected(List.of(), SMTP)).isEmpty();
        assertThat(intersected(SMTP, SMTP)).isEqualTo(SMTP);
    }

    @Test
    void aNarrowedOfferHasOnlyTheseKeywordsAndNoneThatWasNotThere() {
        assertThat(Offer.of(SMTP).narrowed(List.of("CHUNKING", "SIZE", "DELIVERBY")).lines())
                .containsExactly("SIZE 1000", "CHUNKING");
        assertThat(Offer.of(SMTP).narrowed(List.of())).isEqualTo(Offer.NONE);
    }

    @Test
    void whatTheBackendAloneDoesIsKept() {
        assertThat(Offer.of(SMTP).kept(Protocol.SUBMISSION, List.of()).lines()).isEqualTo(SMTP);
        assertThat(Offer.of(POP3).kept(Protocol.POP3, List.of()).lines()).isEqualTo(POP3);
    }

    // The proxy's own to announce, what a client must never say, and what would bind a client to another TLS session.
    @ParameterizedTest
    @EnumSource(Protocol.class)
    void whatAProxyCannotKeepIsNeverKept(Protocol protocol) {
        assertThat(Offer.of(List.of("STARTTLS", "starttls", "STLS", "XCLIENT NAME ADDR", "XFORWARD NAME", "AUTH PLAIN",
                "AUTH=PLAIN LOGIN", "AUTH SCRAM-SHA-256-PLUS", "SCRAM-SHA-256-PLUS", "SASL PLAIN SCRAM-SHA-1-PLUS",
                "USER", "APOP", "UTF8 USER", "LANG", "IMPLEMENTATION Dovecot", "BURL imap", "ETRN", "VRFY", "HELP",
                "REQUIRETLS", "X-EXPS NTLM", "SIZE\t1000", "LIMITS RCPTMAX=100")).kept(protocol, List.of()))
                .isEqualTo(Offer.NONE);
    }

    @Test
    void anOfferIsItsOwn() {
        Map<String, String> capabilities = new HashMap<>(Map.of("TOP", ""));
        Offer offer = new Offer(capabilities);
        capabilities.put("UIDL", "");
        assertThat(offer.lines()).containsExactly("TOP");
        assertThatThrownBy(() -> offer.capabilities().put("UIDL", ""))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private static List<String> intersected(List<String> one, List<String> other) {
        return Offer.of(one).intersected(Offer.of(other)).lines();
    }
}
