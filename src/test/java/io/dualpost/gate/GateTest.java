package io.dualpost.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.mail.Refusal;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateTest {
    private static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    @Test
    void theCeilingHoldsForAllAndIsGivenBack() {
        Gate gate = new Gate(new Limits(2, 10));
        assertThat(gate.enter(address("192.0.2.1"))).isEmpty();
        assertThat(gate.enter(address("2001:db8::1"))).isEmpty();
        assertThat(gate.enter(address("192.0.2.3"))).contains(Refusal.SESSION_LIMIT);
        assertThat(gate.sessions()).isEqualTo(2);
        gate.leave(address("192.0.2.1"));
        assertThat(gate.enter(address("192.0.2.3"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 192.0.2.1, true", "192.0.2.1, 192.0.2.2, false", "2001:db8::1, 2001:db8::ffff:1, true",
            "2001:db8::1, 2001:db8:0:1::1, false", "192.0.2.1, ::ffff:192.0.2.1, true"})
    void oneNetworkIsOneIpv4AddressOrOneIpv6Prefix(String one, String other, boolean same) {
        Gate gate = new Gate(new Limits(10, 1));
        assertThat(gate.enter(address(one))).isEmpty();
        assertThat(gate.enter(address(other)).isPresent()).isEqualTo(same);
        assertThat(gate.networks()).isEqualTo(same ? 1 : 2);
    }

    @Test
    void whoIsRefusedHoldsNothing() {
        Gate gate = new Gate(new Limits(10, 1));
        assertThat(gate.enter(address("192.0.2.1"))).isEmpty();
        for (int i = 0; i < 20; i++) {
            assertThat(gate.enter(address("192.0.2.1"))).contains(Refusal.PREFIX_LIMIT);
        }
        assertThat(gate.sessions()).isEqualTo(1);
        gate.leave(address("192.0.2.1"));
        assertThat(gate.sessions()).isZero();
        assertThat(gate.networks()).isZero();
    }
}
