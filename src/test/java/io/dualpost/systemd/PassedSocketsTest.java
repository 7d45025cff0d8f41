package io.dualpost.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only what needs no passed socket; those are in the tests of the whole program. */
class PassedSocketsTest {
    private static final long PID = 4711;

    @Test
    void nothingIsPassedToAnotherProcess() throws IOException {
        for (Map<String, String> environment : java.util.List.of(Map.<String, String>of(),
                Map.of("LISTEN_FDS", "2"), Map.of("LISTEN_FDS", "2", "LISTEN_PID", "1"),
                Map.of("LISTEN_FDS", "0", "LISTEN_PID", "4711"), Map.of("LISTEN_FDS", "", "LISTEN_PID", "4711"))) {
            assertThat(PassedSockets.of(environment, PID).any()).as("%s", environment).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", "10001", "999999999999"})
    void nonsenseIsNamed(String count) {
        assertThatThrownBy(() -> PassedSockets.of(Map.of("LISTEN_FDS", count, "LISTEN_PID", "4711"), PID))
                .isInstanceOf(IOException.class).hasMessageContaining("LISTEN_FDS: " + count + " (expected: ");
    }

    @Test
    void aDescriptorThatIsNotOpenIsNamed() {
        // Of so many the first is no listening socket, or not open at all.
        assertThatThrownBy(() -> PassedSockets.of(Map.of("LISTEN_FDS", "10000", "LISTEN_PID", "4711"), PID))
                .isInstanceOf(IOException.class).hasMessageContaining("passed socket ");
    }
}
