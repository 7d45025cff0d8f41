package io.dualpost.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTest {
    @ParameterizedTest
    @CsvSource(ignoreLeadingAndTrailingWhitespace = false, value = {"quit,QUIT,''",
            "Pass two  words ,PASS,'two  words '",
            "NOOP ,NOOP,''", " NOOP,'',NOOP", "'','',''", "PASS  x,PASS,' x'", "MAIL\tx y,MAIL\tX,y"})
    void aLineIsCutAtItsFirstSpace(String line, String verb, String argument) {
        assertThat(Command.of(Line.of(line))).isEqualTo(new Command(verb, argument));
    }

    @Test
    void spacesAroundAnArgumentCanBeLeftOut() {
        assertThat(Command.of(Line.of("AUTH  PLAIN x \t")).trimmed()).isEqualTo("PLAIN x");
        assertThat(Command.of(Line.of("AUTH  ")).trimmed()).isEmpty();
    }

    // In upper case the first becomes ASCII letters, and the last two are no octets any more.
    @ParameterizedTest
    @ValueSource(strings = {"pa\u00df", "qu\u00ect", "xc\u00ffient", "\u00b5ail"})
    void aVerbWithOtherLettersStaysAsItIs(String verb) {
        assertThat(Command.of(Line.of(verb + " x")).verb()).isEqualTo(verb);
        assertThat(Line.of(Command.upper(verb)).octets()).isEqualTo(verb);
    }

    @Test
    void upperCaseIsTheSameInEveryLanguage() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(Command.of(Line.of("quit")).verb()).isEqualTo("QUIT");
            assertThat(Offer.of(List.of("pipelining")).has("PIPELINING")).isTrue();
            assertThat(Sasl.begin("login =")).isInstanceOf(Sasl.Outcome.Challenge.class);
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "PASS secret", "c2VjcmV0", ""})
    void aCommandPrintsNoneOfItsOctets(String line) {
        assertThat(Command.of(Line.secret(line))).hasToString("command ***");
    }
}
