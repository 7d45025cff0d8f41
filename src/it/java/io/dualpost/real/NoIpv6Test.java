package io.dualpost.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A machine without IPv6: a network namespace that goes away with the proxy in it. */
@Tag("real")
@ExtendWith(RealServers.class)
class NoIpv6Test {
    private static final String WITHOUT_IPV6 = "echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6; ip link set lo up;"
            + " exec \"$@\"";

    @Test
    void onlyIpv4IsServedAndReadySaysSo(World world) throws IOException, InterruptedException {
        Path directory = world.scratch("no-ipv6");
        Path log = directory.resolve("demo.log");
        world.watch(log);
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process demo = new ProcessBuilder("unshare", "--net", "sh", "-ec", WITHOUT_IPV6, "sh",
                System.getProperty("java.home") + "/bin/java", "--enable-native-access=ALL-UNNAMED", "-cp",
                Objects.requireNonNull(classPath), "io.dualpost.Main", "demo").directory(directory.toFile())
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            Waiting.until("the demo says what to try", 30,
                    () -> demo.isAlive() && Files.readString(log).contains("Ctrl-C"));
            assertThat(Files.readString(log))
                    .containsOnlyOnce("service pop: IPv6 is withdrawn (self_test): address ::1 is not on this host")
                    .contains("This machine has no IPv6").doesNotContain("[::1]':");
            assertThat(curl(directory, demo, "-f", "http://127.0.0.1:9143/ready"))
                    .startsWith("{\"ready\":true,\"reasons\":[\"service pop: IPv6 is withdrawn: address ::1 is not on "
                            + "this host\",\"service submission: IPv6 is withdrawn: ");
            assertThat(curl(directory, demo, "--insecure", "pop3s://ann:secret@127.0.0.1:9995/")).startsWith("1 ");
        } finally {
            demo.destroy();
        }
        assertThat(demo.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(demo.exitValue()).isEqualTo(143);
    }

    private static String curl(Path directory, Process demo, String... words) throws IOException {
        List<String> command = new java.util.ArrayList<>(
                List.of("nsenter", "--target", String.valueOf(demo.pid()), "--net", "curl", "-sS"));
        command.addAll(List.of(words));
        Command.Outcome outcome = Command.run(directory, new byte[0], command);
        assertThat(outcome.errors()).isEmpty();
        return outcome.output();
    }
}
