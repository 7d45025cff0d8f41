package io.dualpost.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    /** RFC 5952 sections 1, 2 and 4. */
    @ParameterizedTest
    @CsvSource({"2001:0db8::0001, 2001:db8::1", "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
            "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1", "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
            "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1", "2001:DB8::AAAA, 2001:db8::aaaa",
            "2001:db8:aaaa:bbbb:cccc:dddd:eeee:001, 2001:db8:aaaa:bbbb:cccc:dddd:eeee:1",
            "2001:db8:0:0:aaaa::1, 2001:db8::aaaa:0:0:1", "::, ::", "0:0:0:0:0:0:0:1, ::1", "1::, 1::",
            "fe80:0:0:0:1:2:3:4, fe80::1:2:3:4", "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::", "0:0:1::, 0:0:1::",
            "192.0.2.255, 192.0.2.255"})
    void textIsCanonical(String literal, String canonical) {
        assertThat(Addresses.text(InetAddress.ofLiteral(literal))).isEqualTo(canonical);
    }

    @Test
    void aMappedAddressIsItsIpv4Address() throws Exception {
        InetAddress mapped = mapped();
        assertThat(mapped).isInstanceOf(Inet6Address.class);
        assertThat(Addresses.fold(mapped)).isEqualTo(InetAddress.ofLiteral("192.0.2.1"));
        assertThat(Addresses.text(mapped)).isEqualTo("192.0.2.1");
        assertThat(Addresses.text(mapped, 995)).isEqualTo("192.0.2.1:995");
        assertThat(Family.of(mapped)).isEqualTo(Family.IPV4);
    }

    @Test
    void aZoneIsDropped() throws Exception {
        InetAddress zoned = Inet6Address.getByAddress("", InetAddress.ofLiteral("fe80::1").getAddress(), 3);
        assertThat(Addresses.fold(zoned)).isEqualTo(InetAddress.ofLiteral("fe80::1"));
        assertThat(Addresses.text(zoned, 25)).isEqualTo("[fe80::1]:25");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1.2", "192.0.2", "192.0.2.256", "192.0.2.01", "192.0.2.1 ", "0x7f.0.0.1",
            "fe80::1%eth0",
            "[::1]", "localhost", "1::2::3", "::12345", "mail.example.jp"})
    void whatIsNoLiteralIsNotLookedUp(String text) {
        assertThat(Addresses.literal(text)).isEmpty();
    }

    @Test
    void familiesAreDecidedByTheAddressAndSpeltInTwoWays() {
        assertThat(Stream.of("192.0.2.1", "::", "2001:db8::1", "::ffff:192.0.2.1", "::192.0.2.1")
                .map(text -> Family.of(InetAddress.ofLiteral(text)).label()))
                .containsExactly("ipv4", "ipv6", "ipv6", "ipv4", "ipv6");
        assertThat(Family.IPV6).hasToString("IPv6");
        assertThat(Family.IPV4).hasToString("IPv4");
    }

    static InetAddress mapped() throws Exception {
        byte[] octets = new byte[16];
        octets[10] = -1;
        octets[11] = -1;
        octets[12] = (byte) 192;
        octets[14] = 2;
        octets[15] = 1;
        // InetAddress would fold it by itself; a socket does not always.
        return Inet6Address.getByAddress("", octets, -1);
    }
}
