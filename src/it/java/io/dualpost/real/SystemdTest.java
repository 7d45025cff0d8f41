package io.dualpost.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.systemd.Messages;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program as systemd starts it: readiness, signs of life, passed sockets, a key among the credentials. */
@Tag("real")
class SystemdTest {
    @TempDir
    static Path certificates;

    private static Authority.Leaf certificate;

    @TempDir
    Path folder;

    private final int port = Server.freePort();
    private final int other = Server.freePort();

    @BeforeAll
    static void certify() throws IOException {
        certificate = Authority.create(certificates).issue("front", World.POP);
    }

    /** Two listeners, one event loop: a loop that is held up holds up everything. */
    private Path settings(String key) throws IOException {
        return Files.writeString(folder.resolve("dualpost.yaml"), """
                services:
                  pop:
                    dual: { name: %s, addresses: [127.0.0.1, "::1"] }
                    listeners:
                      - { protocol: pop3, port: %d, tls: starttls }
                      - { protocol: pop3, port: %d, tls: starttls }
                    backends: mailbox
                backends: { mailbox: { servers: ["127.0.0.1:9"] } }
                certificates: [ { chain: %s, key: "%s" } ]
                admin: { listen: none }
                event_loops: 1
                """.formatted(World.POP, port, other, certificate.chain(), key));
    }

    private Activation activation(Map<String, String> environment, String... sockets) throws IOException {
        return Activation.of(folder, settings(certificate.key().toString()), environment, List.of(sockets));
    }

    private String[] all() {
        return new String[] {"pop3-ipv4=tcp4:127.0.0.1:" + port, "pop3-ipv6=tcp6:[::1]:" + port,
                "=tcp4:127.0.0.1:" + other, "=tcp6:[::1]:" + other};
    }

    private static String greeting(InetAddress address, int port) throws IOException {
        try (Socket client = connected(address, port)) {
            return greeting(client);
        }
    }

    private static Socket connected(InetAddress address, int port) throws IOException {
        Socket client = new Socket();
        client.setSoTimeout(30_000);
        client.connect(new InetSocketAddress(address, port), 5_000);
        return client;
    }

    private static String greeting(Socket client) throws IOException {
        return new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1))
                .readLine();
    }

    @Test
    void itTellsSystemdAllThroughItsLife() throws IOException {
        String address = folder.resolve("notify").toString();
        try (Messages systemd = new Messages(address);
                Activation program = activation(Map.of("NOTIFY_SOCKET", address, "WATCHDOG_USEC", "600000"))) {
            program.start();
            Waiting.until("ready", 60, () -> systemd.lines().contains("READY=1"));
            assertThat(systemd.all().getFirst()).startsWith("READY=1\nSTATUS=sessions: 0 over IPv4, 0 over IPv6");
            // No listener may still be closed then.
            try (Socket v4 = connected(World.IPV4, port);
                    Socket first = connected(World.IPV6, other);
                    Socket second = connected(World.IPV6, port)) {
                for (Socket client : List.of(v4, first, second)) {
                    assertThat(greeting(client)).startsWith("+OK");
                }
                Waiting.until("signs of life", 30, () -> systemd.lines().stream().filter("WATCHDOG=1"::equals)
                        .count() > 3);
                Waiting.until("sessions are counted", 30, () -> systemd.lines().stream()
                        .anyMatch(line -> line.startsWith("STATUS=sessions: 1 over IPv4, 2 over IPv6")));
            }
            assertThat(program.stop()).isEqualTo(143);
            assertThat(systemd.lines()).containsSubsequence("READY=1", "STOPPING=1", "STATUS=stopping",
                    "EXTEND_TIMEOUT_USEC=20000000");
        }
    }

    @Test
    void aStartThatFailsIsExplainedAndNeverReady() throws IOException {
        String address = "@dualpost-" + ProcessHandle.current().pid() + "-" + port;
        try (Messages systemd = new Messages(address);
                Socket taken = new Socket();
                Activation program = activation(Map.of("NOTIFY_SOCKET", address))) {
            taken.bind(new InetSocketAddress(World.IPV6, other));
            assertThat(program.start().await()).isEqualTo(1);
            Waiting.until("the reason", 10, () -> systemd.lines().stream()
                    .anyMatch(line -> line.startsWith("STATUS=listener pop-" + other + ": cannot listen on [::1]:")));
            assertThat(systemd.lines()).doesNotContain("READY=1");
        }
    }

    @Test
    void passedSocketsServeBothFamiliesAndOutliveTheProgram() throws IOException {
        try (Activation program = activation(Map.of(), all())) {
            // Nothing runs yet, and nobody is refused.
            try (Socket early = connected(World.IPV6, port)) {
                program.start();
                assertThat(greeting(early)).startsWith("+OK");
            }
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                for (int each : List.of(port, other)) {
                    for (InetAddress address : List.of(World.IPV4, World.IPV6)) {
                        clients.add(connected(address, each));
                        assertThat(greeting(clients.getLast())).startsWith("+OK");
                    }
                }
            }
            assertThat(program.stop()).isEqualTo(143);
            try (Socket between4 = connected(World.IPV4, other); Socket between6 = connected(World.IPV6, other)) {
                program.start();
                assertThat(greeting(between4)).startsWith("+OK");
                assertThat(greeting(between6)).startsWith("+OK");
            }
            assertThat(program.log()).doesNotContain("no socket was passed");
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @Test
    void whatWasNotPassedIsOpenedWithAWarning() throws IOException {
        try (Activation program = activation(Map.of(), "pop3-ipv4=tcp4:127.0.0.1:" + port)) {
            program.start();
            assertThat(greeting(World.IPV4, port)).startsWith("+OK");
            Waiting.until("the others are open", 30, () -> program.log().contains(" serves "));
            assertThat(greeting(World.IPV6, port)).startsWith("+OK");
            assertThat(program.log()).contains("no socket was passed for [::1]:" + port)
                    .contains("no socket was passed for 127.0.0.1:" + other)
                    .doesNotContain("no socket was passed for 127.0.0.1:" + port);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', value = {
            "odd=tcp4:127.0.0.2:@ | (odd): no listener on 127.0.0.2:@ (expected: ListenStream=",
            "=tcp4:127.0.0.2:@ | (unnamed): no listener on 127.0.0.2:@ (expected: ListenStream=",
            "m=mixed:[::]:@ | (m): [::]:@ would take IPv4 as well (expected: BindIPv6Only=ipv6-only)",
            "u=udp4:127.0.0.1:@ | (u): not a TCP socket that listens (expected: ListenStream="})
    void aSocketThatCannotServeIsNamed(String socket, String words) throws IOException {
        try (Activation program = activation(Map.of(), socket.replace("@", Integer.toString(port)))) {
            assertThat(program.start().await()).isEqualTo(1);
            assertThat(program.log()).contains("passed socket 3 " + words.replace("@", Integer.toString(port)));
        }
    }

    @Test
    void theKeyMayBeACredential() throws IOException {
        Path credentials = Files.createDirectory(folder.resolve("credentials"));
        Path key = Files.copy(certificate.key(), credentials.resolve("mail.key"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("r--r-----"));
        Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("r-x------"));
        Path settings = settings("${env:CREDENTIALS_DIRECTORY}/mail.key");
        try (Activation program = Activation.of(folder, settings,
                Map.of("CREDENTIALS_DIRECTORY", credentials.toString()), List.of(all()))) {
            program.start();
            assertThat(greeting(World.IPV6, port)).startsWith("+OK");
        }
    }
}
