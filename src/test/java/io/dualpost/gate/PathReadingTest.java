package io.dualpost.gate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathReadingTest {
    @ParameterizedTest(name = "{6}: unacked {0}, sacked {1}, retransmits {2}, out of order {3}, received {4}, heard {5}")
    @CsvSource({
            // A server flight of 2,132 octets into a hole of 1,280, 20 ms round trip, as measured.
            "2, 1, 0, 0, 517, true,  FINE", "2, 1, 1, 0, 517, true,  FINE", "2, 1, 2, 0, 517, true,  PATH_MTU",
            "2, 1, 3, 0, 517, true,  PATH_MTU",
            // Everything lost.
            "2, 0, 2, 0, 517, true,  RETURN_PATH", "1, 0, 2, 0, 0, false, RETURN_PATH",
            // A large ClientHello into the hole.
            "0, 0, 0, 1, 0,   false, CLIENT_LOSS", "0, 0, 0, 1, 1700, true,  FINE",
            // A client that takes its time, also after packets that chance had put out of order.
            "0, 0, 0, 0, 0,   false, SILENT", "0, 0, 0, 1, 581, false, SILENT", "0, 0, 0, 0, 517, true,  FINE",
            "1, 0, 0, 0, 0,   false, FINE", "1, 0, 1, 0, 0,   false, FINE"})
    void readsAsItWasMeasured(int unacked, int sacked, int retransmits, int outOfOrder, long received, boolean heard,
            PathVerdict verdict) {
        assertThat(
                new PathReading(unacked, sacked, retransmits, outOfOrder, received, 0).verdict(PathReading.NOTHING,
                        heard))
                .isEqualTo(verdict);
    }

    @ParameterizedTest(name = "{2}: out of order {0}, received {1}")
    @CsvSource({"2, 20, SILENT", "3, 20, CLIENT_LOSS", "3, 1200, SILENT"})
    void onlyWhatWasLostSinceTheClientsTurnBeganIsHeldAgainstItsPath(int outOfOrder, long received,
            PathVerdict verdict) {
        PathReading before = new PathReading(0, 0, 0, 2, 20, 0);
        assertThat(new PathReading(0, 0, 0, outOfOrder, received, 0).verdict(before, false)).isEqualTo(verdict);
    }

    @Test
    void onlyACertainFaultOfThePathIsHeldAgainstANetwork() {
        assertThat(PathVerdict.values()).filteredOn(PathVerdict::isBroken).containsExactly(PathVerdict.PATH_MTU,
                PathVerdict.RETURN_PATH, PathVerdict.CLIENT_LOSS);
    }
}
