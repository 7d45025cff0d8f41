package io.dualpost.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualpost.address.Prefix;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTest {
    private static final int CAP = 4096;

    private static Prefix prefix(String text) {
        return Prefix.parse(text).orElseThrow();
    }

    @Test
    void everyRequestIsUnderstood() throws MalformedRequest {
        assertThat(Request.parse("hello 1", CAP)).isEqualTo(new Request.Hello());
        assertThat(Request.parse("ports 995 110", CAP)).isEqualTo(new Request.Ports(new TreeSet<>(List.of(110, 995))));
        assertThat(Request.parse("add 2001:db8::/64 3600", CAP))
                .isEqualTo(new Request.Add(new RefusedPrefix(prefix("2001:db8::/64"), 3600)));
        assertThat(Request.parse("remove 2001:db8::1/128", CAP))
                .isEqualTo(new Request.Remove(prefix("2001:db8::1/128")));
        assertThat(Request.parse("replace 4096", CAP)).isEqualTo(new Request.Replace(4096));
        assertThat(Request.parse("list", CAP)).isEqualTo(new Request.Listing());
        assertThat(Request.parse("hits", CAP)).isEqualTo(new Request.Hits());
        assertThat(Request.parse("clear", CAP)).isEqualTo(new Request.Clear());
        assertThat(Request.parseEntry("2001:db8::/32 86400"))
                .isEqualTo(new RefusedPrefix(prefix("2001:db8::/32"), 86_400));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "hello 2 | hello: 2 (expected: 1)",
            "hello | request: hello (expected: hello VERSION)",
            "ports | ports: 0 ports (expected: 1 to 64)",
            "ports 0 | port: 0 (expected: 1 to 65535)",
            "ports 65536 | port: 65536 (expected: 1 to 65535)",
            "ports 110  995 | port: nothing (expected: 1 to 65535)",
            "ports 110;995 | port: 110;995 (expected: 1 to 65535)",
            "add 2001:db8::/64 | request: add 2001:db8::/64 (expected: add PREFIX SECONDS)",
            "add 2001:db8::/64 0 | seconds: 0 (expected: 1 to 86400)",
            "add 2001:db8::/64 86401 | seconds: 86401 (expected: 1 to 86400)",
            "add 2001:db8::/64 060 | seconds: 060 (expected: 1 to 86400)",
            "add 2001:db8::/64 -1 | seconds: -1 (expected: 1 to 86400)",
            "add 2001:db8::/64 9999999999999 | seconds: 9999999999999 (expected: 1 to 86400)",
            "add 2001:DB8::/64 60 | prefix: 2001:DB8::/64 (expected: 2001:db8::/64)",
            "add 2001:db8::1/64 60 | prefix: 2001:db8::1/64 (expected: 2001:db8::/64)",
            "add 2001:db8:: 60 | prefix: 2001:db8:: (expected: 2001:db8::/128)",
            "replace 4097 | replace: 4097 (expected: 0 to 4096)",
            "replace -1 | replace: -1 (expected: 0 to 4096)",
            "list all | request: list all (expected: list alone)",
            "\" list\" | request:  list (expected: hello, ports, add, remove, replace, list, hits or clear)"})
    void whatIsWrongIsNamed(String line, String fault) {
        assertThatThrownBy(() -> Request.parse(line, CAP)).isInstanceOf(MalformedRequest.class).hasMessage(fault);
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.0/24", "0.0.0.0/32", "::ffff:192.0.2.1/128", "::ffff:0:0/96", "::/64", "::/32",
            "::1/128", "::/128", "::2/128", "::fffe:0:0/95", "fe80::/64", "fe80::/32", "ff02::1/128", "2001::/31",
            "2000::/16", "::/0", "2001:db8::/129", "2001:db8::/064", "2001:db8::%1/64", "[2001:db8::]/64",
            "::192.0.2.1/128",
            "2001:db8::/64/64", "2001:db8::/", "/64", "}", "2001:db8::/64}"})
    void noSuchPrefixGetsIn(String prefix) {
        assertThatThrownBy(() -> Request.parse("add " + prefix + " 60", CAP)).isInstanceOf(MalformedRequest.class)
                .hasMessageStartingWith("prefix: ");
    }

    @Test
    void allOf6to4IsTheOneShortPrefix() throws MalformedRequest {
        assertThat(RefusedPrefix.prefix("2002::/16")).isEqualTo(prefix("2002::/16"));
        assertThat(RefusedPrefix.fault(prefix("2003::/16"))).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"PT0S,0", "PT-1S,0", "PT0.001S,1", "PT59.5S,60", "PT24H,86400", "PT23H59M59.5S,86400", "P300D,86400",
            "PT2562047788015215H30M7.999999999S,86400"})
    void aTimeIsRoundedUpAndEndsAtADay(Duration time, int seconds) {
        assertThat(RefusedPrefix.of(prefix("2001:db8::/64"), time).map(RefusedPrefix::seconds).orElse(0))
                .isEqualTo(seconds);
    }

    @Test
    void sixtyFourPortsAndNoMore() throws MalformedRequest {
        String most = IntStream.rangeClosed(1, 64).mapToObj(Integer::toString).collect(Collectors.joining(" "));
        assertThat(((Request.Ports) Request.parse("ports " + most, CAP)).ports()).hasSize(64);
        assertThatThrownBy(() -> Request.parse("ports " + most + " 65", CAP)).hasMessageContaining("65 ports");
    }

    /** Whatever comes, it is a request with values in their bounds or a fault of one printable line. */
    @Test
    void noiseIsNeverTakenForAnything() {
        Random random = new Random(20_261_125);
        String[] seeds = {"add 2001:db8::/64 3600", "remove 2001:db8::/48", "ports 110 995", "replace 7", "hello 1"};
        for (int i = 0; i < 20_000; i++) {
            StringBuilder line = new StringBuilder(seeds[random.nextInt(seeds.length)]);
            for (int j = random.nextInt(4); j >= 0 && !line.isEmpty(); j--) {
                int at = random.nextInt(line.length());
                switch (random.nextInt(3)) {
                    case 0 -> line.setCharAt(at, (char) random.nextInt(256));
                    case 1 -> line.deleteCharAt(at);
                    default -> line.insert(at, "0:/ ;{}f".charAt(random.nextInt(8)));
                }
            }
            try {
                if (Request.parse(line.toString(), CAP) instanceof Request.Add(RefusedPrefix refused)) {
                    assertThat(line).hasToString("add " + refused);
                    assertThat(NftText.add(List.of(refused)))
                            .matches("add element inet dualpost refused_[0-9]+ \\{ [0-9a-f:]+ timeout [0-9]+s }\n");
                }
            } catch (MalformedRequest e) {
                assertThat(e.getMessage()).matches("[ -~]{1,300}").contains("(expected: ");
            }
        }
    }
}
