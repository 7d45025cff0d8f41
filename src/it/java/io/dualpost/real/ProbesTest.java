package io.dualpost.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.connect.NameServer;
import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The shipped modules of blackbox-exporter, run by the program itself against the proxy, on both families. */
@Tag("real")
@ExtendWith(RealServers.class)
class ProbesTest {
    /** The exporter finds the test's hosts in a hosts file of its own: the mount goes away with it. */
    private static final String WITH_HOSTS = "mount --bind \"$1\" /etc/hosts; shift; exec \"$@\"";

    @Test
    void everyPortAnswersOverEachFamilyAndNoProbeIsTrouble(World world) throws IOException {
        try (Dualpost dualpost = proxy(world); Exporter exporter = Exporter.start(world)) {
            for (TlsMode tls : Matrix.MODES) {
                for (int family : List.of(4, 6)) {
                    assertReached(exporter, family, (tls == TlsMode.IMPLICIT ? "pop3s" : "pop3_starttls"),
                            dualpost.setup().target("pop", tls, World.POP, World.IPV4));
                    assertReached(exporter, family,
                            (tls == TlsMode.IMPLICIT ? "submissions" : "submission_starttls"),
                            dualpost.setup().target("submission", tls, World.SMTP, World.IPV4));
                }
            }
            String metrics = get(world, dualpost.setup().adminPort(), "/metrics");
            assertThat(samples(metrics, "dualpost_connections_closed_total")).hasSize(8)
                    .allMatch(line -> line.contains("cause=\"quit\"") && line.endsWith(" 1.0"));
            assertThat(samples(metrics, "dualpost_connections_lost_total")).isEmpty();
        }
    }

    @Test
    void aFamilyThatIsNotThereIsNotReplacedByTheOther(World world) throws IOException {
        try (Dualpost dualpost = proxy(world); Exporter exporter = Exporter.start(world)) {
            for (TlsMode tls : Matrix.MODES) {
                Target pop = dualpost.setup().target("pop", tls, World.POP_RESCUE, World.IPV4);
                Target smtp = dualpost.setup().target("submission", tls, World.SMTP_RESCUE, World.IPV4);
                boolean implicit = tls == TlsMode.IMPLICIT;
                assertReached(exporter, 4, implicit ? "pop3s" : "pop3_starttls", pop);
                assertThat(exporter.probe((implicit ? "pop3s" : "pop3_starttls") + "_v6", pop)).contains(
                        "probe_success 0\n");
                assertReached(exporter, 4, implicit ? "submissions" : "submission_starttls", smtp);
                assertThat(exporter.probe((implicit ? "submissions" : "submission_starttls") + "_v6", smtp)).contains(
                        "probe_success 0\n");
            }
        }
    }

    @Test
    void anotherProtocolOrAStrangeCertificateIsAFailure(World world) throws IOException {
        try (Dualpost dualpost = proxy(world); Exporter exporter = Exporter.start(world)) {
            Target pop = dualpost.setup().target("pop", TlsMode.IMPLICIT, World.POP, World.IPV4);
            Target smtp = dualpost.setup().target("submission", TlsMode.IMPLICIT, World.SMTP, World.IPV4);
            assertThat(exporter.probe("pop3s_v4", smtp)).contains("probe_success 0\n");
            assertThat(exporter.probe("submissions_v6", pop)).contains("probe_success 0\n");
            assertThat(exporter.probe("pop3s_v6", "stranger.example.test:" + pop.port())).contains("probe_success 0\n");
        }
    }

    @Test
    void theRescueHostMustHaveNoAaaa(World world) throws IOException {
        try (Exporter exporter = Exporter.start(world);
                NameServer ipv4 = NameServer.open(World.IPV4);
                NameServer both = NameServer.open(World.IPV4, World.IPV6)) {
            for (String module : List.of("pop_rescue_has_no_aaaa", "submission_rescue_has_no_aaaa")) {
                assertThat(exporter.probe(module, "127.0.0.1:" + ipv4.port())).contains("probe_success 1\n",
                        "probe_dns_query_succeeded 1\n");
                assertThat(exporter.probe(module, "127.0.0.1:" + both.port())).contains("probe_success 0\n",
                        "probe_dns_query_succeeded 1\n");
            }
        }
    }

    private static Dualpost proxy(World world) throws IOException {
        return new Setup(world).pop3("pop", Setup.Backends.plain(world.dovecot().xclientPort(), "xclient"))
                .submission("submission", Setup.Backends.plain(world.postfix().xclientPort(), "xclient")).start();
    }

    private static void assertReached(Exporter exporter, int family, String module, Target target) throws IOException {
        assertThat(exporter.probe(module + "_v" + family, target)).as(module + " over IPv" + family).contains(
                "probe_success 1\n", "probe_ip_protocol " + family + "\n", "probe_ssl_earliest_cert_expiry ");
    }

    private static List<String> samples(String metrics, String name) {
        return metrics.lines().filter(line -> line.startsWith(name + "{") && !line.endsWith(" 0.0")).toList();
    }

    private static String get(World world, int port, String path) throws IOException {
        return Command.succeed(world.scratch("get"), new byte[0],
                List.of("curl", "-sS", "-f", "http://127.0.0.1:" + port + path)).output();
    }

    /** A running blackbox-exporter with the shipped modules, which trusts the tests' authority. */
    private record Exporter(World world, Server server, int port) implements AutoCloseable {
        static Exporter start(World world) throws IOException {
            Path directory = world.scratch("blackbox");
            Path hosts = Files.writeString(directory.resolve("hosts"), """
                    127.0.0.1 %s %s %s %s stranger.example.test
                    ::1 %s %s stranger.example.test
                    """.formatted(World.POP, World.POP_RESCUE, World.SMTP, World.SMTP_RESCUE, World.POP, World.SMTP));
            int port = Server.freePort();
            Server server = Server.start(directory, List.of("unshare", "--mount", "sh", "-ec", WITH_HOSTS, "sh",
                    hosts.toString(), "env", "SSL_CERT_FILE=" + world.authority().certificate(),
                    "SSL_CERT_DIR=" + directory, "prometheus-blackbox-exporter",
                    "--config.file=" + World.project().resolve("deploy/prometheus/blackbox.yml"),
                    "--web.listen-address=127.0.0.1:" + port), port);
            return new Exporter(world, server, port);
        }

        String probe(String module, Target target) throws IOException {
            return probe(module, target.host() + ":" + target.port());
        }

        String probe(String module, String target) throws IOException {
            return get(world, port, "/probe?module=" + module + "&target=" + target);
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
