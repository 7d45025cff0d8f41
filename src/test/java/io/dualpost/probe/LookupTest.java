package io.dualpost.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Addresses;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LookupTest {
    private static Stream<InetAddress> addresses(String prefix, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> InetAddress.ofLiteral(prefix + i));
    }

    private static List<String> probed(int six, int four) {
        Lookup lookup = Lookup.found(
                Stream.concat(addresses("192.0.2.", four), addresses("2001:db8::", six)).toList(), Duration.ZERO);
        assertThat(lookup.found()).isEqualTo(six + four);
        return lookup.addresses().stream().map(Addresses::text).toList();
    }

    @Test
    void sixteenAreProbedAndBothFamiliesAreSeen() {
        assertThat(probed(1, 1)).containsExactly("2001:db8::1", "192.0.2.1");
        assertThat(probed(40, 20)).hasSize(16).startsWith("2001:db8::1").endsWith("192.0.2.8");
        assertThat(probed(40, 2)).hasSize(16).endsWith("192.0.2.1", "192.0.2.2");
        assertThat(probed(2, 40)).hasSize(16).startsWith("2001:db8::1", "2001:db8::2", "192.0.2.1");
        assertThat(probed(0, 40)).hasSize(16);
    }

    @Test
    void oneAddressIsProbedOnce() {
        InetAddress four = InetAddress.ofLiteral("192.0.2.1");
        assertThat(Lookup.found(List.of(four, four), Duration.ZERO).addresses()).containsExactly(four);
    }

    @Test
    void anAddressIsNotAskedFor() throws InterruptedException {
        Target target = Target.of("[::1]:995", Optional.empty(), Optional.empty());
        assertThat(Lookup.of(target, Duration.ofSeconds(1)))
                .isEqualTo(new Lookup(List.of(InetAddress.ofLiteral("::1")), 1, Optional.empty(), Optional.empty()));
    }

    @Test
    void aNameWithoutAddressIsSaidToBeOne() throws InterruptedException {
        Lookup lookup = Lookup.of(Target.of("nowhere.invalid", Optional.empty(), Optional.empty()),
                Duration.ofSeconds(60));
        assertThat(lookup.addresses()).isEmpty();
        assertThat(lookup.problem()).isPresent();
    }
}
