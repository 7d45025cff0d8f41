package io.dualpost.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the running program says about itself, as Prometheus sees it. */
@Tag("real")
@ExtendWith(RealServers.class)
class MetricsTest {
    @Test
    void promtoolFindsNothingToComplainOf(World world) throws IOException {
        Path directory = world.scratch("metrics");
        try (Dualpost dualpost = new Setup(world)
                .pop3("pop", Setup.Backends.plain(world.dovecot().xclientPort(), "xclient"))
                .submission("submission", Setup.Backends.plain(world.postfix().xclientPort(), "xclient")).start()) {
            for (TlsMode tls : Matrix.MODES) {
                try (Talk talk = Talk.open(world, dualpost.setup().target("pop", tls, World.POP, World.IPV6))) {
                    talk.loginByPassword(Account.ANNA);
                    talk.ask("QUIT", "+OK");
                }
            }
            Command.Outcome scrape = Command.run(directory, new byte[0], List.of("curl", "-sS", "-f",
                    "http://127.0.0.1:" + dualpost.setup().adminPort() + "/metrics"));
            assertThat(scrape.errors()).isEmpty();
            assertThat(scrape.output()).contains("dualpost_build_info{");
            assertThat(scrape.output().lines().filter(line -> line.startsWith("dualpost_login_duration_seconds_count")
                    && line.contains("ipv6") && line.endsWith(" 1"))).hasSize(2);
            Command.Outcome checked = Command.run(directory, scrape.output().getBytes(StandardCharsets.ISO_8859_1),
                    List.of("promtool", "check", "metrics"));
            assertThat(checked.errors() + checked.output()).isEmpty();
            assertThat(checked.code()).isZero();
        }
    }
}
