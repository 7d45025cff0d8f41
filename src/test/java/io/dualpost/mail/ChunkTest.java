package io.dualpost.mail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkTest {
    @ParameterizedTest
    @CsvSource({"0, 0, false, BDAT 0", "0 LAST, 0, true, BDAT 0 LAST", "86, 86, false, BDAT 86",
            "86 last, 86, true, BDAT 86 LAST", "86   LaSt, 86, true, BDAT 86 LAST", "007, 7, false, BDAT 7",
            "999999999999999, 999999999999999, false, BDAT 999999999999999"})
    void aSizeAndMaybeLastAreSaidInTheirPlainestForm(String argument, long octets, boolean last, String command) {
        assertThat(Chunk.parse(argument)).hasValue(new Chunk(octets, last));
        assertThat(new Chunk(octets, last).command()).isEqualTo(Line.of(command));
    }

    // Whatever two servers could read in two ways, or what would not fit a long.
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "LAST", "-1", "+1", "0x10", "1e3", "1.0", "1,000", "1LAST", "1 LAST LAST",
            "1 LAST x",
            "1 2", "1\tLAST", "1 \tLAST", " 1", "1 ", "1 FIRST", "1 \u017fLAST", "1 LA\u017fT", "\u0661", "\u00b2",
            "1000000000000000", "9223372036854775807", "18446744073709551617"})
    void anythingElseIsNoChunk(String argument) {
        assertThat(Chunk.parse(argument)).isEmpty();
    }
}
