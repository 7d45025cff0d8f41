package io.dualpost.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTest {
    @ParameterizedTest
    @CsvSource({"192.0.2.0/24, 192.0.2.0/24", "192.0.2.77/24, 192.0.2.0/24", "192.0.2.255/25, 192.0.2.128/25",
            "192.0.2.1, 192.0.2.1/32", "0.0.0.0/0, 0.0.0.0/0", "2001:DB8::/32, 2001:db8::/32", "::/0, ::/0",
            "2001:db8:ffff:ffff::1/60, 2001:db8:ffff:fff0::/60", "2001:db8::1, 2001:db8::1/128"})
    void blocksAreReadWithTheBitsBehindCleared(String text, String canonical) {
        assertThat(Prefix.parse(text)).get().hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/024", "192.0.2.0/-1", "::/129", "mail/24",
            "192.0.2.0/24/24", "::/ 1"})
    void whatIsNoBlockIsNotRead(String text) {
        assertThat(Prefix.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.0/24, 192.0.2.255, true", "192.0.2.0/24, 192.0.3.0, false",
            "192.0.2.128/25, 192.0.2.127, false",
            "192.0.2.128/25, 192.0.2.129, true", "0.0.0.0/0, 255.0.0.1, true", "0.0.0.0/0, ::1, false",
            "::/0, 192.0.2.1, false", "2001:db8::/63, 2001:db8:0:1::9, true", "2001:db8::/63, 2001:db8:0:2::, false",
            "192.0.2.1, 192.0.2.1, true", "192.0.2.1, 192.0.2.2, false"})
    void aBlockContainsItsAddressesOnly(String block, String address, boolean inside) {
        assertThat(Prefix.parse(block).orElseThrow().contains(InetAddress.ofLiteral(address))).isEqualTo(inside);
    }

    @Test
    void mappedAddressesAreFolded() throws Exception {
        assertThat(Prefix.parse("192.0.2.0/24").orElseThrow().contains(AddressesTest.mapped())).isTrue();
        Prefix block = new Prefix(AddressesTest.mapped(), 24);
        assertThat(block).hasToString("192.0.2.0/24");
        assertThat(block.family()).isEqualTo(Family.IPV4);
    }

    @Test
    void lengthsHaveTheirRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Prefix(InetAddress.ofLiteral("192.0.2.0"), 33))
                .withMessage("prefix length 33 (expected: 0 to 32)");
    }
}
