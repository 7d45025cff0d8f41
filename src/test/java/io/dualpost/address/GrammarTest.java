package io.dualpost.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is read by hand, because it is read for each session, against the expressions that say the same. */
class GrammarTest {
    private static final String LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";
    private static final String NUMBER = "(0|[1-9][0-9]{0,2})";

    @Test
    void namesAreLabelsOfWhichTheLastIsNoNumber() {
        Random random = new Random(1);
        int names = 0;
        for (int i = 0; i < 200_000; i++) {
            String text = text(random, "az09-_..A ", i % 50 == 0 ? 260 : 9);
            boolean expected = text.length() <= 253 && text.matches(LABEL + "(\\." + LABEL + ")*")
                    && !text.matches("(.*\\.)?[0-9]+");
            assertThat(Endpoint.isName(text)).as(text).isEqualTo(expected);
            names += expected ? 1 : 0;
        }
        assertThat(names).isGreaterThan(1_000);
        String longest = "a".repeat(63);
        assertThat(Endpoint.isName(longest)).isTrue();
        assertThat(Endpoint.isName(longest + "a")).isFalse();
        assertThat(Endpoint.isName((longest + ".").repeat(3) + "b".repeat(61))).isTrue();
        assertThat(Endpoint.isName((longest + ".").repeat(3) + "b".repeat(62))).isFalse();
    }

    @Test
    void dottedDecimalsAreFourNumbers() {
        Random random = new Random(2);
        int literals = 0;
        for (int i = 0; i < 300_000; i++) {
            String text = text(random, "0129....", 12);
            boolean expected = text.matches(NUMBER + "(\\." + NUMBER + "){3}")
                    && java.util.Arrays.stream(text.split("\\.")).allMatch(number -> Integer.parseInt(number) < 256);
            assertThat(Addresses.literal(text).isPresent()).as(text).isEqualTo(expected);
            literals += expected ? 1 : 0;
        }
        assertThat(literals).isGreaterThan(500);
    }

    private static String text(Random random, String letters, int longest) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(longest + 1); left > 0; left--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }
}
