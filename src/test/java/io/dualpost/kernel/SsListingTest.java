package io.dualpost.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SsListingTest {
    /** As ss of iproute2 6.1 prints it. */
    private static final String LISTED = """
            0      0               127.0.0.1:995          127.0.0.1:40003 timer:(on,1.264ms,2)
            0      0      [::ffff:127.0.0.1]:587 [::ffff:127.0.0.1]:40002 timer:(on,1.244ms,2)
            0      0        [2001:db8:ff::1]:995    [2001:db8:1::1]:40001 timer:(on,1.240ms,2)
            0      0        [2001:db8:ff::1]:995    [2001:db8:1::1]:40004 timer:(on,852ms,0)
            0      0     [fe80::1]%eth0:995    [fe80::2]%eth0:40005
            0      0        [2001:db8:ff::1]:443    [2001:db8:1::1]:40006 timer:(on,852ms,1)

            """;

    @Test
    void linesAreCountedByThePeersFamily() throws IOException {
        assertThat(SsListing.parse(LISTED, Set.of(995, 587)))
                .isEqualTo(new HalfOpen.Counts(new HalfOpen.Count(2, 2), new HalfOpen.Count(3, 1)));
        assertThat(SsListing.parse("", Set.of(995)))
                .isEqualTo(new HalfOpen.Counts(new HalfOpen.Count(0, 0), new HalfOpen.Count(0, 0)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Recv-Q Send-Q Local Address:Port Peer Address:Port", "0 0 127.0.0.1:995",
            "0 0 127.0.0.1:995 localhost:40003", "0 0 127.0.0.1:pop3s 127.0.0.1:40003"})
    void whatIsNoSuchLineIsAnError(String line) {
        assertThatThrownBy(() -> SsListing.parse(line, Set.of(995))).isInstanceOf(IOException.class)
                .hasMessageStartingWith("ss: " + line);
    }
}
