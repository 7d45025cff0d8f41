package io.dualpost;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualpost.config.ConfigurationReader;
import io.dualpost.demo.DemoMail;
import io.dualpost.demo.DemoMailbox;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line, as an operator uses it. */
class MainTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.basedir", "."));

    @TempDir
    Path folder;

    /** What a command printed and how it ended. */
    private record Ran(int code, String out, String err) {}

    @Test
    void versionIsPrinted() {
        Ran version = new Ran(0, "dualpost 0.1.0\n", "");
        assertThat(List.of(ran("version"), ran("--version"), ran("check", "-V"))).containsOnly(version);
        assertThat(ran("--help").out()).contains("Usage: dualpost", "demo");
    }

    @Test
    void wrongUsageIs2() {
        assertThat(ran().code()).isEqualTo(2);
        assertThat(ran("serve").code()).isEqualTo(2);
        assertThat(ran("check", "--jsn").code()).isEqualTo(2);
        assertThat(ran("certs").code()).isEqualTo(2);
        assertThat(ran("certs", "dev").err()).contains("--out");
    }

    @Test
    void theSchemaIsPrinted() {
        assertThat(ran("schema").out()).isEqualTo(ConfigurationReader.schema());
    }

    @Test
    void checkNamesEveryProblemAndEndsWith1() throws IOException {
        Path file = Files.writeString(folder.resolve("bad.yaml"), "services: {}\nevent_lops: 1\n");
        Ran text = ran("check", "--config", file.toString());
        assertThat(text.code()).isEqualTo(1);
        assertThat(text.err()).contains(file + ":2:1: ", "did you mean \"event_loops\"?",
                "problems in the configuration");
        Ran json = ran("check", "--json", "--config", file.toString());
        assertThat(json.code()).isEqualTo(1);
        assertThat(json.err()).isEmpty();
        assertThat(json.out()).startsWith("{\"ok\":false,\"problems\":[{\"file\":").endsWith("],\"warnings\":[]}\n");
    }

    @Test
    void checkOfAMissingFileSaysSo() {
        Ran ran = ran("check", "--config", folder.resolve("none.yaml").toString());
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).contains("none.yaml");
    }

    @Test
    void aDevelopmentAuthorityServesAConfigurationThatHasNoCertificatesYet() throws IOException {
        Path file = sample(995, 110, 465, 587, 1110);
        Ran before = ran("check", "--config", file.toString());
        assertThat(before.code()).isEqualTo(1);
        assertThat(before.err()).contains("pop-ecdsa.pem");

        Path out = folder.resolve("made");
        Ran made = ran("certs", "dev", "--config", file.toString(), "--out", out.toString());
        assertThat(made.err()).isEmpty();
        assertThat(made.code()).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out.resolve("pop.example.jp-rsa.key"))))
                .isEqualTo("rw-------");
        assertThat(ran("certs", "dev", "--config", file.toString(), "--out", out.toString()).code()).isEqualTo(1);

        certify(file, out);
        assertThat(ran("check", "--config", file.toString())).isEqualTo(new Ran(0, file + ": fine\n", ""));
        assertThat(ran("check", "--json", "--config", file.toString()))
                .isEqualTo(new Ran(0, "{\"ok\":true,\"problems\":[],\"warnings\":[]}\n", ""));
    }

    @Test
    void aSigningRequestNamesEveryHost() throws Exception {
        Path file = sample(995, 110, 465, 587, 1110);
        Ran made = ran("certs", "csr", "--config", file.toString(), "--out", folder.resolve("csr").toString());
        assertThat(made.code()).isZero();
        Path request = Path.of(made.out().lines().filter(line -> line.endsWith(".csr")).findFirst().orElseThrow());
        Process openssl = new ProcessBuilder("openssl", "req", "-in", request.toString(), "-noout", "-text", "-verify")
                .redirectErrorStream(true).start();
        String text = new String(openssl.getInputStream().readAllBytes(), UTF_8);
        assertThat(openssl.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(text).contains("DNS:pop.example.jp", "DNS:pop-v4.example.jp", "DNS:smtp.example.jp",
                "DNS:smtp-v4.example.jp", "verify OK");
    }

    @Test
    void theShippedSampleStartsAndServesBothFamilies() throws Exception {
        try (DemoMailbox mailbox = DemoMailbox.open(DemoMail.welcoming())) {
            List<Integer> ports = freePorts(4);
            Path file = sample(ports.get(0), ports.get(1), ports.get(2), ports.get(3), mailbox.port());
            ran("certs", "dev", "--config", file.toString(), "--out", folder.resolve("made").toString());
            certify(file, folder.resolve("made"));
            Process proxy = run(file);
            try {
                awaitLine(proxy, "dualpost 0.1.0 serves");
                for (String address : List.of("127.0.0.1", "::1")) {
                    assertThat(greeting(address, ports.get(1))).isEqualTo("+OK pop.example.jp POP3 ready");
                }
                // No submission server is there: clients hear so over IPv4, and IPv6 sends them there.
                assertThat(greeting("127.0.0.1", ports.get(3))).isEqualTo("220 smtp.example.jp ESMTP ready");
                awaitLine(proxy, "service submission: IPv6 is withdrawn (backends)");
                assertThatThrownBy(() -> greeting("::1", ports.get(3))).isInstanceOf(ConnectException.class);
                Ran again = ran("run", "--config", file.toString());
                assertThat(again.code()).isEqualTo(1);
                assertThat(again.err()).contains("listener pop-" + ports.get(0) + ": cannot listen on 127.0.0.1:"
                        + ports.get(0) + " (IPv4): ", "Address already in use");
            } finally {
                proxy.destroy();
            }
            assertThat(proxy.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(proxy.exitValue()).isEqualTo(143);
        }
    }

    /** The shipped sample, moved to loopback and to these ports. */
    private Path sample(int pop3s, int pop3, int submissions, int submission, int mailbox) throws IOException {
        String text = Files.readString(PROJECT.resolve("deploy/dualpost.yaml"));
        text = text.replace("192.0.2.10,", "127.0.0.1,").replace("[192.0.2.10]", "[127.0.0.1]")
                .replace("2001:db8::10", "::1").replace("port: 995", "port: " + pop3s)
                .replace("port: 110", "port: " + pop3)
                .replace("port: 465", "port: " + submissions).replace("port: 587", "port: " + submission)
                .replace("\"dovecot1.internal:110\", \"dovecot2.internal:110\"", "\"127.0.0.1:" + mailbox + "\"")
                .replace("${env:SUBMISSION_HOST}:587", "127.0.0.1:1587").replace("internal-ca.pem", "made/ca.pem")
                .replace("chain: mail.pem ", "chain: pop-ecdsa.pem ").replace("127.0.0.1:9143", "127.0.0.1:0");
        return Files.writeString(folder.resolve("dualpost.yaml"), text);
    }

    private static void certify(Path file, Path made) throws IOException {
        Files.writeString(file, Files.readString(file)
                .replace("chain: pop-ecdsa.pem ", "chain: " + made.resolve("pop.example.jp-ecdsa.pem") + " ")
                .replace("key: mail.key ", "key: " + made.resolve("pop.example.jp-ecdsa.key") + " "));
    }

    private static Process run(Path file) throws IOException {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), "io.dualpost.Main",
                "run", "--config", file.toString()).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static void awaitLine(Process process, String part) throws IOException {
        BufferedReader lines = process.errorReader(UTF_8);
        List<String> seen = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            seen.add(line);
            if (line.contains(part)) {
                return;
            }
        }
        throw new AssertionError(part + " was not said, but " + seen);
    }

    private static String greeting(String address, int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral(address), port)) {
            socket.setSoTimeout(10_000);
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
        }
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1")));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    private static Ran ran(String... args) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, UTF_8));
        System.setErr(new PrintStream(complained, true, UTF_8));
        try {
            int code = Main.run(args);
            return new Ran(code, said.toString(UTF_8), complained.toString(UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
