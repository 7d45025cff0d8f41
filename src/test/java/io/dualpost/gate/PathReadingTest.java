package io.dualpost.gate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathReadingTest {
    @ParameterizedTest(name = "{5}: unacked {0}, sacked {1}, retransmits {2}, out of order {3}, heard {4}")
    @CsvSource({
            // A server flight of 2,132 octets into a hole of 1,280, 20 ms round trip, as measured.
            "2, 1, 0, 0, true,  FINE", "2, 1, 1, 0, true,  FINE", "2, 1, 2, 0, true,  PATH_MTU",
            "2, 1, 3, 0, true,  PATH_MTU",
            // Everything lost.
            "2, 0, 2, 0, true,  RETURN_PATH", "1, 0, 2, 0, false, RETURN_PATH",
            // A large ClientHello into the hole.
            "0, 0, 0, 1, false, CLIENT_LOSS", "0, 0, 0, 1, true,  FINE",
            // A client that takes its time.
            "0, 0, 0, 0, false, SILENT", "0, 0, 0, 0, true,  FINE", "1, 0, 0, 0, false, FINE",
            "1, 0, 1, 0, false, FINE"})
    void readsAsItWasMeasured(int unacked, int sacked, int retransmits, int outOfOrder, boolean heard,
            PathVerdict verdict) {
        assertThat(new PathReading(unacked, sacked, retransmits, outOfOrder).verdict(heard)).isEqualTo(verdict);
    }

    @Test
    void onlyACertainFaultOfThePathIsHeldAgainstANetwork() {
        assertThat(PathVerdict.values()).filteredOn(PathVerdict::isBroken).containsExactly(PathVerdict.PATH_MTU,
                PathVerdict.RETURN_PATH, PathVerdict.CLIENT_LOSS);
    }
}
