package io.dualpost.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @ParameterizedTest
    @CsvSource({"Mail.Example.JP:995, mail.example.jp:995", "192.0.2.1:110, 192.0.2.1:110",
            "[2001:DB8:0::1]:110, [2001:db8::1]:110", "localhost:0, localhost:0", "[::ffff:192.0.2.1]:1, 192.0.2.1:1",
            "a_b.internal:65535, a_b.internal:65535"})
    void hostAndPortAreReadAndWritten(String text, String canonical) {
        assertThat(Endpoint.parse(text)).get().hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":1", "mail", "mail:", "mail:x", "mail:65536", "2001:db8::1:110", "[mail]:110", "[::1]",
            "[::1]110", "192.0.2.256:1", "mail..jp:1", "-a:1", "a-:1", "a b:1", "mail.jp.:1", "[::1:110"})
    void whatIsNoEndpointIsNotRead(String text) {
        assertThat(Endpoint.parse(text)).isEmpty();
    }

    @Test
    void namesFollowRfc1123() {
        assertThat(Endpoint.isName("a".repeat(63) + ".jp")).isTrue();
        assertThat(Endpoint.isName("a".repeat(64) + ".jp")).isFalse();
        assertThat(Endpoint.isName("a.".repeat(126) + "a")).isTrue();
        assertThat(Endpoint.isName("a.".repeat(126) + "ab")).isFalse();
        assertThat(Endpoint.isName("mail.123")).isFalse();
        assertThat(Endpoint.isName("123.mail")).isTrue();
    }

    @Test
    void onlyALiteralHasAnAddress() {
        assertThat(new Endpoint("2001:db8::1", 1).literal()).contains(InetAddress.ofLiteral("2001:db8::1"));
        assertThat(new Endpoint("mail.jp", 1).literal()).isEmpty();
    }
}
