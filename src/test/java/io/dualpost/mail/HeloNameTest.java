package io.dualpost.mail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeloNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"pc", "pc.example", "PC-1_x.example.", "192.0.2.1", "[192.0.2.1]", "[IPv6:2001:db8::1]",
            "[ipv6:::1]", "xn--bcher-kva.example"})
    void aHostNameOrAnAddressLiteralIsFit(String name) {
        assertThat(HeloName.of(name).text()).hasValue(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " pc", "pc ", "pc example", "pc.example ADDR=192.0.2.1", "pc=1", "pc+20",
            "pc\texample",
            "pc\r\nDATA",
            "pc\n", "pc\0", "\u00e4.example", "\u0661", "[", "[]", "[::1", "::1]", "[::1]x", "x[::1]", "[[::1]]", "::1",
            "<pc>", "pc;", "pc\"", "(pc)", "[fe80::1%eth0]"})
    void anythingElseStaysWithTheProxy(String argument) {
        assertThat(HeloName.of(argument)).isSameAs(HeloName.NONE);
    }

    @Test
    void aNameHasAtMost255Octets() {
        assertThat(HeloName.of("x".repeat(255)).text()).hasValue("x".repeat(255));
        assertThat(HeloName.of("x".repeat(256))).isSameAs(HeloName.NONE);
        assertThat(HeloName.of("[" + "1".repeat(253) + "]").text()).isPresent();
        assertThat(HeloName.of("[" + "1".repeat(254) + "]")).isSameAs(HeloName.NONE);
    }
}
