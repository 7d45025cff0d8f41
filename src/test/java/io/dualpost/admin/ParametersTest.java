package io.dualpost.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request may say, and what it hears when it says something else. */
class ParametersTest {
    private static final List<String> KNOWN = List.of("family", "for", "persist", "prefix", "address");

    @Test
    void pairsAreDecoded() throws Rejected {
        Parameters read = read("family=ipv6&for=1h30m&persist=true&prefix=2001%3adb8%3A%3a1/64&address=%e6%97%a5+x");

        read.family();
        assertThat(read.time("for")).contains(Duration.ofMinutes(90));
        assertThat(read.truth("persist")).isTrue();
        assertThat(read.prefix()).hasToString("2001:db8::/64");
        assertThat(read.text("address")).contains("日 x");
    }

    @Test
    void nothingIsNothing() throws Rejected {
        Parameters read = read("");

        assertThat(read.text("family")).isEmpty();
        assertThat(read.time("for")).isEmpty();
        assertThat(read.truth("persist")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "family                 | body, parameter 1: \"family\" (expected: name=value)",
            "family=ipv6&           | body, parameter 2: \"\" (expected: name=value)",
            "family=ipv6&fro=2h     | body, parameter 2: \"fro\" (expected: one of family, for, persist, prefix, address)",
            "family=a&family=a      | body, parameter 2: family for the second time (expected: it once)",
            "family=                | body, parameter 1: family is empty (expected: a value)",
            "family=%4              | body, parameter 1: \"%4\" (expected: % and two hexadecimal digits)",
            "family=%zz             | body, parameter 1: \"%zz\" (expected: % and two hexadecimal digits)",
            "family=%ff             | body, parameter 1: \"%ff\" (expected: UTF-8, percent-encoded)",
            "family=%c0%af          | body, parameter 1: \"%c0%af\" (expected: UTF-8, percent-encoded)",
            "family=a%0d%0ab        | body, parameter 1: \"a%0d%0ab\" (expected: no control characters)",
            "family=%00             | body, parameter 1: \"%00\" (expected: no control characters)",
            "family={\"a\":1} x     | body: octet 14 is 0x20 (expected: name=value pairs with & between them, percent-encoded)",
            "family=é               | body: octet 7 is 0xe9 (expected: name=value pairs with & between them, percent-encoded)"})
    void whatCannotBeReadIsNamedWithItsPlace(String body, String words) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(Rejected.class).hasMessage(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "2d", "-1h", "0s", "999ms", "8760h1s", "999999999h", "1h 1m", "1h-", "h", "1.5h"})
    void aTimeThatNobodyCanMeanIsRefused(String time) throws Rejected {
        Parameters read = read("for=" + time.replace(" ", "+"));

        assertThatThrownBy(() -> read.time("for"))
                .hasMessage("for: \"" + time + "\" (expected: a time like 30m, 2h or 1h30m, from 1s to 8760h)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "family=ipv4              | family: \"ipv4\" (expected: ipv6; IPv4 is what clients fall back to)",
            "family=IPv6              | family: \"IPv6\" (expected: ipv6)",
            "for=1h                   | family: missing (expected: ipv6)"})
    void onlyIpv6IsWithdrawn(String body, String words) throws Rejected {
        Parameters read = read(body);

        assertThatThrownBy(read::family).hasMessage(words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "192.0.2.0/24             | 192.0.2.0/24 is IPv4 (expected: an IPv6 network like 2001:db8::/64; the gate never refuses IPv4)",
            "::ffff:192.0.2.1         | ::ffff:192.0.2.1 is IPv4 (expected: an IPv6 network like 2001:db8::/64; the gate never refuses IPv4)",
            "2001:db8::/129           | \"2001:db8::/129\" (expected: an IPv6 network like 2001:db8::/64)",
            "fe80::1%eth0             | \"fe80::1%eth0\" (expected: an IPv6 network like 2001:db8::/64)",
            "pop.example.test         | \"pop.example.test\" (expected: an IPv6 network like 2001:db8::/64)",
            "::/0                     | ::/0 (expected: a length of at least 16; to refuse IPv6 altogether, disable the family)",
            "2000::/15                | 2000::/15 (expected: a length of at least 16; to refuse IPv6 altogether, disable the family)"})
    void onlyIpv6NetworksAreRefused(String prefix, String words) throws Rejected {
        Parameters read = read("prefix=" + prefix.replace("%", "%25"));

        assertThatThrownBy(read::prefix).hasMessage("prefix: " + words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "::ffff:192.0.2.1", "2001:db8::/64", "localhost", "2001:db8::1:2:3:4:5:6:7"})
    void onlyIpv6AddressesAreExplained(String address) throws Rejected {
        Parameters read = read("address=" + address);

        assertThatThrownBy(read::address).hasMessageStartingWith("address: ")
                .hasMessageContaining("(expected: an IPv6 address like 2001:db8::1");
    }

    @Test
    void aTruthIsOneOfTwoWords() throws Rejected {
        Parameters read = read("persist=yes");

        assertThatThrownBy(() -> read.truth("persist")).hasMessage("persist: \"yes\" (expected: true or false)");
    }

    @Test
    void aLongValueIsNotRepeatedWhole() throws Rejected {
        Parameters read = read("for=" + "9".repeat(900));

        assertThatThrownBy(() -> read.time("for")).satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }

    private static Parameters read(String body) throws Rejected {
        return Parameters.read("body", body.getBytes(ISO_8859_1), KNOWN);
    }
}
