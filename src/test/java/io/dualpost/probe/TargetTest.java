package io.dualpost.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
    private static String read(String text, Optional<Protocol> protocol, Optional<TlsMode> tls) {
        Target target = Target.of(text, protocol, tls);
        return target.endpoint() + " " + target.protocol().label() + " " + target.tls().label();
    }

    @ParameterizedTest
    @CsvSource({
            "pop.example.jp,             pop.example.jp:995 pop3 implicit",
            "Pop.Example.JP.:995,        pop.example.jp:995 pop3 implicit",
            "pop.example.jp:110,         pop.example.jp:110 pop3 starttls",
            "smtp.example.jp:465,        smtp.example.jp:465 submission implicit",
            "smtp.example.jp:587,        smtp.example.jp:587 submission starttls",
            "smtp.example.jp:9587,       smtp.example.jp:9587 pop3 implicit",
            "192.0.2.1,                  192.0.2.1:995 pop3 implicit",
            "192.0.2.1:110,              192.0.2.1:110 pop3 starttls",
            "2001:DB8::1,                [2001:db8::1]:995 pop3 implicit",
            "[2001:db8::1],              [2001:db8::1]:995 pop3 implicit",
            "[2001:db8::1]:587,          [2001:db8::1]:587 submission starttls",
            "m\u00fcller.example:995,    xn--mller-kva.example:995 pop3 implicit"})
    void whatIsNotGivenFollowsFromThePort(String text, String expected) {
        assertThat(read(text, Optional.empty(), Optional.empty())).isEqualTo(expected);
    }

    @Test
    void whatIsGivenCounts() {
        assertThat(read("h", Optional.of(Protocol.SUBMISSION), Optional.empty()))
                .isEqualTo("h:465 submission implicit");
        assertThat(read("h", Optional.of(Protocol.SUBMISSION), Optional.of(TlsMode.STARTTLS)))
                .isEqualTo("h:587 submission starttls");
        assertThat(read("h", Optional.empty(), Optional.of(TlsMode.NONE))).isEqualTo("h:110 pop3 none");
        assertThat(read("h:110", Optional.empty(), Optional.of(TlsMode.NONE))).isEqualTo("h:110 pop3 none");
        assertThat(read("h:110", Optional.of(Protocol.SUBMISSION), Optional.empty()))
                .isEqualTo("h:110 submission implicit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":995", "h:", "h:0", "h:65536", "h:pop", "a b", "[192.0.2.1", "[2001:db8::1]995",
            "2001:db8::zz", "-h", "1.2.3", "fe80::1%eth0", "h\u001b[2J"})
    void whatIsNoHostIsRefusedInHarmlessWords(String text) {
        assertThatThrownBy(() -> Target.of(text, Optional.empty(), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("expected: a name or an address")
                .message().doesNotContain("\u001b");
    }

    @ParameterizedTest
    @CsvSource({"pop-v4.example.jp, true", "v4.example.jp, true", "ipv4.example.jp, true", "smtp-ipv4, true",
            "pop-v4-tokyo.example.jp, true", "pop.example.jp, false", "popv4.example.jp, false",
            "pop.v4.example.jp, false", "192.0.2.4, false"})
    void aNameMaySayThatItIsForIpv4Alone(String text, boolean expected) {
        assertThat(Target.of(text, Optional.empty(), Optional.empty()).saysIpv4()).isEqualTo(expected);
    }
}
