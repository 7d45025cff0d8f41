package io.dualpost;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelfTestTest {
    private static SelfTest of(String address) {
        SelfTest test = new SelfTest(List.of(InetAddress.ofLiteral(address)), "pop.example.test", 995);
        test.look(false);
        return test;
    }

    @Test
    void anAddressOfThisHostIsFine() {
        assertThat(of("::1").failure()).isEmpty();
        assertThat(of("::").failure()).isEmpty();
    }

    @Test
    void anAddressOfAnotherIsNamed() {
        assertThat(of("2001:db8::10").failure()).contains("address 2001:db8::10 is not on this host");
    }
}
