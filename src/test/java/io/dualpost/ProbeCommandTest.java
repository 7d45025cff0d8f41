package io.dualpost;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeCommandTest {
    private record Ran(int code, String out, String err) {}

    private static Ran ran(String... args) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(said, true, UTF_8));
            System.setErr(new PrintStream(complained, true, UTF_8));
            int code = Main.run(args);
            return new Ran(code, said.toString(UTF_8), complained.toString(UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
            return taken.getLocalPort();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "h:0", "h --protocol imap", "h --tls later", "h --timeout 10",
            "h --timeout 99ms",
            "h --timeout 6m", "h --ca /nowhere.pem", "h other", "h --user ann"})
    void wrongUsageIs2AndOpensNothing(String words) {
        Ran ran = ran(("probe " + words).strip().split(" (?!b)"));
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("Usage: dualpost probe");
    }

    @Test
    void aServerThatIsNotThereIs3() throws IOException {
        int port = closedPort();
        Ran text = ran("probe", "[::1]:" + port);
        assertThat(text.code()).isEqualTo(3);
        assertThat(text.out()).startsWith("[::1]:" + port + ", POP3, TLS from the start\n")
                .contains("FAULT ::1: IPv6 is refused");
        Ran json = ran("probe", "[::1]:" + port, "--json", "--protocol", "submission", "--tls", "starttls",
                "--timeout", "2s");
        assertThat(json.code()).isEqualTo(3);
        assertThat(json.out()).endsWith("\"exit_code\":3}\n").contains("\"kind\":\"refused\"",
                "\"protocol\":\"submission\",\"tls\":\"starttls\",\"rescue\":false");
        assertThat(json.err()).isEmpty();
    }
}
