package io.dualpost.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code dualpost probe} against real servers, and in a network namespace where paths are broken. */
@Tag("real")
@ExtendWith(RealServers.class)
class ClientProbeTest {
    /** A hosts file of its own: the mount goes away with the probe. */
    private static final String WITH_HOSTS = "mount --bind \"$1\" /etc/hosts; shift; exec \"$@\"";
    private static final String BROKEN_PATHS = """
            ip link set lo up
            for host in 1 2 3; do ip -6 addr add 2001:db8::$host/128 dev lo nodad; done
            nft -f - <<END
            table ip6 broken {
              chain input {
                type filter hook input priority 0
                ip6 daddr 2001:db8::2 tcp dport 995 drop
                ip6 daddr 2001:db8::3 tcp dport 995 reject with icmpv6 type admin-prohibited
              }
            }
            END
            """;
    /** Large packets from the server vanish, over IPv6 alone. */
    private static final String HOLE = """
            ip link set lo up
            nft -f - <<END
            table ip6 hole {
              chain input {
                type filter hook input priority 0
                tcp sport 9995 ip6 length > 600 drop
              }
            }
            END
            exec "$@"
            """;

    private static List<String> java(String... words) {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED", "-cp", Objects.requireNonNull(classPath), "io.dualpost.Main"));
        command.addAll(List.of(words));
        return command;
    }

    private static Command.Outcome probe(Path directory, String hosts, List<String> inside, String before,
            String... words) throws IOException {
        Path file = Files.writeString(Files.createTempFile(directory, "hosts", ""), hosts);
        List<String> command = new ArrayList<>(inside);
        command.addAll(List.of("sh", "-ec", before + WITH_HOSTS, "sh", file.toString()));
        command.addAll(java(words));
        Command.Outcome outcome = Command.run(directory, new byte[0], command);
        assertThat(outcome.errors()).isEmpty();
        return outcome;
    }

    @ParameterizedTest
    @EnumSource(names = {"IMPLICIT", "STARTTLS"})
    void dovecotAndPostfixServeOverBothFamilies(TlsMode tls, World world) throws IOException {
        boolean implicit = tls == TlsMode.IMPLICIT;
        int pop = implicit ? world.dovecot().tlsPort() : world.dovecot().xclientPort();
        int smtp = implicit ? world.postfix().tlsPort() : world.postfix().startTlsPort();
        LogFile log = LogFile.fromHere(world.dovecot().log());
        assertServes(world, World.POP + ":" + pop, "pop3", tls);
        assertServes(world, World.SMTP + ":" + smtp, "submission", tls);
        assertThat(log.text()).doesNotContain("auth failed");
    }

    private static void assertServes(World world, String target, String protocol, TlsMode tls) throws IOException {
        Command.Outcome outcome = probe(world.scratch("probe"),
                "::1 " + World.POP + " " + World.SMTP + "\n127.0.0.1 " + World.POP + " " + World.SMTP + "\n",
                List.of("unshare", "--mount"), "", "probe", target, "--protocol", protocol, "--tls", tls.label(),
                "--ca", world.authority().certificate().toString());
        assertThat(outcome.output()).contains("\n::1 ", "\n127.0.0.1 ", "covers the name, trusted",
                "fine  all 2 addresses serve");
        assertThat(outcome.code()).isZero();
    }

    @Test
    void eachWayInWhichASynFailsIsToldFromTheOthers(World world) throws IOException {
        Command.Outcome outcome = probe(world.scratch("probe"), """
                2001:db8::1 pop.example.test
                2001:db8::2 pop.example.test
                2001:db8::3 pop.example.test
                2001:db8:ffff::1 pop.example.test
                127.0.0.1 pop.example.test
                """, List.of("unshare", "--net", "--mount"), BROKEN_PATHS, "probe", "pop.example.test", "--timeout",
                "5s", "--json");
        assertThat(outcome.code()).isEqualTo(3);
        assertThat(kind(outcome, "2001:db8::1")).isEqualTo("refused");
        assertThat(kind(outcome, "2001:db8::2")).isEqualTo("unanswered");
        assertThat(kind(outcome, "2001:db8::3")).isEqualTo("unreachable");
        assertThat(kind(outcome, "2001:db8:ffff::1")).isEqualTo("no_route");
        assertThat(kind(outcome, "127.0.0.1")).isEqualTo("refused");
    }

    private static String kind(Command.Outcome outcome, String address) {
        String from = outcome.output().substring(outcome.output().indexOf("{\"address\":\"" + address + "\""));
        return from.replaceFirst("(?s).*?\"kind\":\"([a-z_]+)\".*", "$1");
    }

    /** The proxy notices it within seconds; of a server that does not, the probe would see nothing. */
    @Test
    void aPathMtuHoleIsSuspectedAndNobodyFallsBackFromIt(World world) throws IOException, InterruptedException {
        Path directory = world.scratch("hole");
        Path log = directory.resolve("demo.log");
        world.watch(log);
        List<String> command = new ArrayList<>(List.of("unshare", "--net", "sh", "-ec", HOLE, "sh"));
        command.addAll(java("demo"));
        Process demo = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile()).start();
        try {
            Waiting.until("the demo says what to try", 30,
                    () -> demo.isAlive() && Files.readString(log).contains("Ctrl-C"));
            String authority = Files.readString(log).replaceFirst("(?s).*?  authority +(\\S+).*", "$1");
            Command.Outcome outcome = probe(directory, "::1 pop.example.test\n127.0.0.1 pop.example.test\n",
                    List.of("nsenter", "--target", String.valueOf(demo.pid()), "--net", "unshare", "--mount"), "",
                    "probe", "pop.example.test:9995", "--ca", authority, "--timeout", "20s");
            assertThat(outcome.output()).contains(
                    "FAULT ::1: TLS did not come, and the server ended the connection", "looks like a path-MTU hole",
                    "+OK pop.example.test POP3 ready").containsPattern("fast fallback +error after");
            assertThat(outcome.code()).isEqualTo(1);
        } finally {
            demo.destroy();
            demo.waitFor();
        }
    }
}
