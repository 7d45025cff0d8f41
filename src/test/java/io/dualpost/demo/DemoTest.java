package io.dualpost.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualpost.demo.Demo.CertificateFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoTest {
    private static final int BASE = 26000;

    @Test
    void theFolderIsPrivateAndGoneAfterwards() throws Exception {
        Path folder;
        try (Demo demo = Demo.open(BASE)) {
            folder = demo.folder();
            Files.createDirectories(folder.resolve("certificates"));
            Files.writeString(folder.resolve("certificates/ca.pem"), "x");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))).isEqualTo("rwx------");
        }
        assertThat(folder).doesNotExist();
    }

    @Test
    void theConfigurationPointsAtServersThatAnswer() throws Exception {
        try (Demo demo = Demo.open(BASE)) {
            Path file = demo.configure(List.of(
                    new CertificateFiles(Path.of("/tmp/it's/chain.pem"), Path.of("/tmp/key.pem")),
                    new CertificateFiles(Path.of("/tmp/rsa.pem"), Path.of("/tmp/rsa.key"))), "warn");
            String text = Files.readString(file);

            assertThat(file).hasParent(demo.folder());
            assertThat(text).contains("port: 26995, tls: implicit", "port: 26110, tls: starttls",
                    "port: 26465, tls: implicit", "port: 26587, tls: starttls", "listen: \"127.0.0.1:26143\"",
                    """
                            certificates:
                              - { chain: '/tmp/it''s/chain.pem', key: '/tmp/key.pem' }
                              - { chain: '/tmp/rsa.pem', key: '/tmp/rsa.key' }
                            """);
            assertThat(Demo.HOSTS).allSatisfy(host -> assertThat(text).contains("name: " + host + ","));
            assertThat(greeting(text, "mailbox")).isEqualTo('+');
            assertThat(greeting(text, "outgoing")).isEqualTo('2');
        }
    }

    @Test
    void everyCommandStandsOnALineOfItsOwn(@TempDir Path folder) throws Exception {
        try (Demo demo = Demo.open(BASE)) {
            Path authority = folder.resolve("it's an authority.pem");
            String text = demo.welcome(authority);
            List<String> commands = text.lines().filter(line -> line.startsWith("  $ ")).toList();

            assertThat(text).doesNotContain("%");
            assertThat(commands).hasSize(5);
            assertThat(commands.subList(0, 4)).allSatisfy(
                    command -> assertThat(command).contains("'" + folder + "/it'\\''s an authority.pem'"));
            assertThat(commands.getFirst()).contains(demo.ipv6() ? ":[::1]'" : ":127.0.0.1'");
        }
    }

    @Test
    void withoutIpv6EveryCommandUsesIpv4() {
        String text = new DemoText(new DemoPorts(BASE), false, 1, 2).welcome(Path.of("/ca"), Path.of("/yaml"));

        assertThat(text).contains("no IPv6").doesNotContain("[::1]");
    }

    @Test
    void takenPortsAreNamedWithTheWayOut() throws Exception {
        try (ServerSocket one = new ServerSocket(BASE + 587, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
                ServerSocket two = new ServerSocket(BASE + 143, 1,
                        InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            assertThat(one.isBound() && two.isBound()).isTrue();
            assertThatThrownBy(() -> Demo.open(BASE)).isInstanceOf(IOException.class)
                    .hasMessage("demo: port 26587, 26143 on 127.0.0.1 or ::1: taken by another program"
                            + " (expected: free; try another place with --port-base, for example 36000)");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1023, 64541})
    void aPortBaseOutOfRangeIsRefused(int base) {
        assertThatThrownBy(() -> Demo.open(base)).isInstanceOf(IOException.class)
                .hasMessage("demo: --port-base: " + base + " (expected: 1024 to 64540)");
    }

    private static int greeting(String configuration, String pool) throws IOException {
        Matcher server = Pattern.compile(pool + ": +\\{ servers: \\[\"127\\.0\\.0\\.1:([0-9]+)\"]")
                .matcher(configuration);
        assertThat(server.find()).isTrue();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(server.group(1)))) {
            return socket.getInputStream().read();
        }
    }
}
