package io.dualpost.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Prefix;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrefixMapTest {
    private final PrefixMap<Integer> networks = new PrefixMap<>();

    private static Prefix prefix(String text) {
        return Prefix.parse(text).orElseThrow();
    }

    private Optional<Prefix> containing(String address) {
        return networks.containing(InetAddress.ofLiteral(address), _ -> true);
    }

    @Test
    void theNarrowestNetworkIsFound() {
        networks.put(prefix("2001:db8::/32"), 1);
        networks.put(prefix("2001:db8:7::/48"), 2);
        networks.put(prefix("2001:db8:7::9"), 3);

        assertThat(containing("2001:db8:7::9")).contains(prefix("2001:db8:7::9"));
        assertThat(containing("2001:db8:7::8")).contains(prefix("2001:db8:7::/48"));
        assertThat(containing("2001:db8:8::9")).contains(prefix("2001:db8::/32"));
        assertThat(containing("2001:db9::9")).isEmpty();
    }

    @Test
    void aWiderNetworkStandsWhereTheNarrowerWillNotDo() {
        networks.put(prefix("2001:db8::/32"), 1);
        networks.put(prefix("2001:db8:7::/48"), 2);

        assertThat(networks.containing(InetAddress.ofLiteral("2001:db8:7::1"), value -> value < 2))
                .contains(prefix("2001:db8::/32"));
    }

    @Test
    void theFamiliesAreApart() {
        networks.put(prefix("::/0"), 1);
        assertThat(containing("2001:db8::1")).contains(prefix("::/0"));
        assertThat(containing("::")).contains(prefix("::/0"));
        assertThat(containing("192.0.2.1")).isEmpty();
        networks.put(prefix("192.0.2.0/24"), 2);
        assertThat(containing("192.0.2.1")).contains(prefix("192.0.2.0/24"));
        assertThat(containing("::ffff:192.0.2.1")).contains(prefix("192.0.2.0/24"));
        assertThat(containing("c000:201::")).contains(prefix("::/0"));
    }

    @Test
    void whatIsReplacedAndRemovedIsCountedOnce() {
        networks.put(prefix("2001:db8::/32"), 1);
        networks.put(prefix("2001:db8::/32"), 2);
        networks.put(prefix("2001:db9::/32"), 3);
        assertThat(networks.all()).containsEntry(prefix("2001:db8::/32"), 2).hasSize(2);

        assertThat(networks.remove(prefix("2001:db9::/32"))).isTrue();
        assertThat(networks.remove(prefix("2001:db9::/32"))).isFalse();
        assertThat(containing("2001:db8::1")).isPresent();
        networks.removeIf(value -> value == 2);
        assertThat(containing("2001:db8::1")).isEmpty();
        assertThat(networks.all()).isEmpty();
    }

    @Test
    void ofManyTheSameIsFoundAsByLookingAtEach() {
        Random random = new Random(4711);
        List<Prefix> all = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            Prefix one = new Prefix(address(random), 8 + random.nextInt(57));
            all.add(one);
            networks.put(one, i);
        }
        for (int i = 0; i < 2_000; i++) {
            InetAddress address = address(random);
            Optional<Prefix> narrowest = all.stream().filter(one -> one.contains(address))
                    .reduce((one, other) -> one.length() >= other.length() ? one : other);
            assertThat(networks.containing(address, _ -> true)).isEqualTo(narrowest);
        }
    }

    // Few bits differ, so that networks overlap.
    private static InetAddress address(Random random) {
        StringBuilder address = new StringBuilder("2001:");
        for (int i = 0; i < 6; i++) {
            address.append(Integer.toHexString(random.nextInt(4) << 14)).append(':');
        }
        return InetAddress.ofLiteral(address.append('1').toString());
    }
}
