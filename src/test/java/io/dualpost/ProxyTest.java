package io.dualpost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualpost.address.Endpoint;
import io.dualpost.address.Host;
import io.dualpost.address.HostRole;
import io.dualpost.config.Configuration;
import io.dualpost.gate.GateMode;
import io.dualpost.gate.Ipv6Policy;
import io.dualpost.gate.Limits;
import io.dualpost.mail.Forwarding;
import io.dualpost.mail.LineEndings;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import io.dualpost.route.Backend;
import io.dualpost.route.Pool;
import io.dualpost.session.Listener;
import io.dualpost.session.Patience;
import io.dualpost.session.Service;
import io.dualpost.telemetry.Log;
import io.dualpost.telemetry.LogFormat;
import io.dualpost.tls.DevelopmentAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProxyTest {
    private static final InetAddress V4 = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress V6 = InetAddress.ofLiteral("::1");

    private static final Log.Settings LOG = new Log.Settings(LogFormat.JSON, Optional.empty(), Log.Verbosity.WARN,
            Map.of());

    private static final Ipv6Policy IPV6 = new Ipv6Policy(1220, true, GateMode.OBSERVE, List.of(),
            Ipv6Policy.SelfTest.LOCAL, Optional.empty(), Optional.empty());

    private static Configuration configuration(int port) throws Exception {
        Duration time = Duration.ofMinutes(10);
        Listener listener = new Listener("pop-" + port, Protocol.POP3, port, TlsMode.IMPLICIT, false,
                LineEndings.NORMALIZE, List.of(), new Patience(time, time, time, time, time, time, time, time));
        Pool pool = new Pool("pool", Protocol.POP3, List.of(new Backend("pool", new Endpoint("127.0.0.1", 9))),
                TlsMode.NONE, new Pool.Trust(Optional.empty(), Optional.empty()), Forwarding.NONE, List.of());
        Service service = new Service("pop", new Host("pop.example.test", HostRole.DUAL, List.of(V4, V6)),
                Optional.empty(), List.of(listener), pool);
        return new Configuration(List.of(service),
                DevelopmentAuthority.create(InstantSource.system()).issue(List.of("pop.example.test")),
                new Limits(10, 10), IPV6, Optional.empty(), Optional.empty(), LOG, 1, "");
    }

    /** A port that is taken on IPv6 and free on IPv4. */
    private static ServerSocket taken() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, V4)) {
            return new ServerSocket(free.getLocalPort(), 1, V6);
        }
    }

    @Test
    void aPortThatIsTakenIsNamedAndNothingStaysOpen() throws Exception {
        try (ServerSocket taken = taken()) {
            Configuration configuration = configuration(taken.getLocalPort());
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> Proxy.open(configuration)).isInstanceOf(IOException.class)
                        .hasMessageContaining("listener pop-" + taken.getLocalPort())
                        .hasMessageContaining("[::1]:" + taken.getLocalPort()).hasMessageContaining("IPv6");
                try (ServerSocket free = new ServerSocket(taken.getLocalPort(), 1, V4)) {
                    assertThat(free.isBound()).isTrue();
                }
            }
        }
    }
}
