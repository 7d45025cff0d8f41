package io.dualpost.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineTest {
    @ParameterizedTest
    @ValueSource(strings = {"\r", "\n", "\0", "\r\n", "NOOP\r", "\nNOOP", "NO\0OP", "NOOP\r\nDELE 1", "\u0100",
            "\u20ac"})
    void neitherALineEndingNorNulNorWhatIsNoOctetCanStandInALine(String octets) {
        assertThatThrownBy(() -> Line.of(octets)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: no CR, LF or NUL)");
        assertThatThrownBy(() -> Line.secret(octets)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyOtherOctetStaysAsItIs() {
        StringBuilder octets = new StringBuilder();
        for (char c = 1; c <= 0xff; c++) {
            if (c != '\r' && c != '\n') {
                octets.append(c);
            }
        }
        byte[] bytes = Line.of(octets.toString()).bytes();
        assertThat(bytes).hasSize(253).startsWith(1, 2, 3).endsWith(0xfd, 0xfe, 0xff);
        assertThat(Line.of("").bytes()).isEmpty();
    }

    @Test
    void aSecretLinePrintsAsAsterisksAndIsElseTheSame() {
        assertThat(Line.secret("PASS secret")).hasToString("***").isEqualTo(Line.of("PASS secret"))
                .hasSameHashCodeAs(Line.of("PASS secret")).isNotEqualTo(Line.of("PASS Secret"));
        assertThat(Line.of("+OK")).hasToString("+OK");
    }
}
