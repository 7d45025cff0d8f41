package io.dualpost.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Before something that is no proxy, or one that is not well. */
@Timeout(60)
class AdminClientTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    @TempDir
    Path folder;
    private Path path;
    private ServerSocketChannel server;

    @BeforeEach
    void listen() throws IOException {
        path = folder.resolve("admin.sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path), 1);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void questionsAndOrdersAreSaidPlainly() throws IOException {
        CompletableFuture<String> question = answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes");
        HttpAnswer answer = client().get("/gate/explain", Map.of("address", "2001:db8::1&x=é"), "text/plain");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(body(answer)).isEqualTo("yes");
        assertThat(question.join().lines()).containsExactly(
                "GET /gate/explain?address=2001%3Adb8%3A%3A1%26x%3D%C3%A9 HTTP/1.1", "Host: localhost",
                "Connection: close", "Accept: text/plain", "");

        CompletableFuture<String> order = answering("HTTP/1.1 409 Conflict\r\ncontent-length:0\r\n\r\n");
        assertThat(client().post("/gate/add", new TreeMap<>(Map.of("for", "1h", "prefix", "::/64")), "text/plain")
                .status()).isEqualTo(409);
        assertThat(order.join().lines().skip(4)).containsExactly("Content-Type: application/x-www-form-urlencoded",
                "Content-Length: 25", "", "for=1h&prefix=%3A%3A%2F64");
    }

    @Test
    void chunksArePutTogether() throws IOException {
        answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n");
        assertThat(body(client().get("/", Map.of(), ""))).isEqualTo("abc0123456789");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12345678",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab"})
    void halfAnAnswerIsNone(String half) {
        answering(half);
        assertThatThrownBy(() -> client().get("/", Map.of(), "")).isInstanceOf(IOException.class)
                .hasMessage("the answer was cut off");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"SSH-2.0-OpenSSH~|a line \"SSH-2.0-OpenSSH\"",
            "HTTP/1.1 999 ~~|a line \"HTTP/1.1 999\"", "x\u001b[2J~|a line \"x\\u{1b}[2J\"",
            "HTTP/1.1 200 OK~nonsense~~|a line \"nonsense\"",
            "HTTP/1.1 200 OK~~|a body without a length",
            "HTTP/1.1 200 OK~Content-Length: x~~|a body without a length",
            "HTTP/1.1 200 OK~Content-Length: 999999999999~~|a body of more than 134217728 octets",
            "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~-1~|a chunk of \"-1\"",
            "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~ffffffff~|a body of more than 134217728 octets"})
    void whatIsNoAnswerIsSaid(String nonsense, String found) {
        answering(nonsense.replace("~", "\r\n"));
        assertThatThrownBy(() -> client().get("/", Map.of(), ""))
                .hasMessageStartingWith("not an answer of a proxy: " + found + " (expected: ");
    }

    @Test
    void aHeadWithoutEndIsCutOff() {
        answering("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(10_000));
        assertThatThrownBy(() -> client().get("/", Map.of(), "")).hasMessageContaining("a head of more than 16384");
    }

    @Test
    void whoSaysNothingIsNotWaitedForForEver() {
        assertThatThrownBy(() -> new AdminClient(path, SHORT).get("/", Map.of(), ""))
                .hasMessageStartingWith("no sign of life for ");
    }

    @Test
    void whoTakesNoConnectionIsNotWaitedForForEver() throws IOException {
        List<SocketChannel> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                waiting.add(SocketChannel.open(UnixDomainSocketAddress.of(path)));
            }
            assertThatThrownBy(() -> new AdminClient(path, SHORT).get("/", Map.of(), ""))
                    .hasMessageStartingWith("no sign of life for ");
        } finally {
            for (SocketChannel one : waiting) {
                one.close();
            }
        }
    }

    @Test
    void whereNobodyListensThereIsNoProxy() throws IOException {
        server.close();
        assertThatThrownBy(() -> client().get("/", Map.of(), "")).isInstanceOf(AdminClient.NoProxy.class)
                .hasMessage("nobody listens at it any more");
        assertThatThrownBy(() -> new AdminClient(folder.resolve("none")).get("/", Map.of(), ""))
                .isInstanceOf(AdminClient.NoProxy.class).hasMessage("there is no such file");
    }

    private AdminClient client() {
        return new AdminClient(path);
    }

    private static String body(HttpAnswer answer) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        answer.writeBody(body);
        return body.toString(UTF_8);
    }

    /** Takes one connection, reads what comes first, and answers; completes with what was read. */
    private CompletableFuture<String> answering(String answer) {
        return CompletableFuture.supplyAsync(() -> {
            try (SocketChannel client = server.accept()) {
                ByteBuffer request = ByteBuffer.allocate(65_536);
                client.read(request);
                ByteBuffer out = ByteBuffer.wrap(answer.getBytes(UTF_8));
                while (out.hasRemaining()) {
                    client.write(out);
                }
                return new String(request.array(), 0, request.position(), UTF_8);
            } catch (IOException gone) {
                return "";
            }
        });
    }
}
