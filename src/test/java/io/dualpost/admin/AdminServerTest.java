package io.dualpost.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualpost.address.Endpoint;
import io.dualpost.admin.Answers.Readiness;
import io.dualpost.admin.Answers.Scrape;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real sockets on loopback. */
class AdminServerTest {
    private static final String SCRAPE = "# TYPE dualpost_sessions gauge\n".repeat(100) + "ü\n";

    private static final String LIVE = "GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final AtomicReference<Readiness> readiness = new AtomicReference<>(new Readiness(true, List.of()));
    private final List<String> answered = new CopyOnWriteArrayList<>();
    private final Answers answers = new Answers(accept -> new Scrape("text/x; accept=" + accept, SCRAPE),
            readiness::get, (path, status) -> answered.add(path + " " + status));
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private AdminServer server;

    @BeforeEach
    void open() throws IOException {
        server = AdminServer.open(new Endpoint("127.0.0.1", 0), answers);
    }

    @AfterEach
    void close() {
        server.close();
        client.close();
    }

    @Test
    void metricsComeInTheFormThatTheClientAccepts() throws Exception {
        HttpResponse<String> response = ask(request("/metrics?x=y").header("Accept", "text/open").GET());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "content-type")).isEqualTo("text/x; accept=text/open");
        assertThat(header(response, "content-encoding")).isEmpty();
        assertThat(response.body()).isEqualTo(SCRAPE);
    }

    @Test
    void metricsAreCompressedForThoseWhoTakeGzip() throws Exception {
        HttpResponse<byte[]> response = client.send(request("/metrics").header("Accept-Encoding", "gzip").GET().build(),
                HttpResponse.BodyHandlers.ofByteArray());

        assertThat(header(response, "content-encoding")).isEqualTo("gzip");
        assertThat(response.body().length).isLessThan(SCRAPE.length() / 4);
        try (GZIPInputStream plain = new GZIPInputStream(new java.io.ByteArrayInputStream(response.body()))) {
            assertThat(new String(plain.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(SCRAPE);
        }
    }

    @Test
    void headHasTheHeadersOfGetAndNoBody() throws Exception {
        HttpResponse<String> get = ask(request("/metrics").GET());
        HttpResponse<String> head = ask(request("/metrics").HEAD());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().map()).isEqualTo(get.headers().map());
    }

    @Test
    void liveSaysLive() throws Exception {
        HttpResponse<String> response = ask(request("/live").GET());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("live\n");
    }

    @Test
    void readySaysWhatIsMissingAlthoughReady() throws Exception {
        readiness.set(new Readiness(true, List.of("IPv6 is not available on this machine")));
        HttpResponse<String> response = ask(request("/ready").GET());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "content-type")).isEqualTo("application/json");
        assertThat(response.body())
                .isEqualTo("{\"ready\":true,\"reasons\":[\"IPv6 is not available on this machine\"]}\n");
    }

    @Test
    void notReadyIs503WithTheReasonsAsJson() throws Exception {
        readiness.set(new Readiness(false, List.of("draining", "a \"quoted\\\" \n reason")));
        HttpResponse<String> response = ask(request("/ready").GET());

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).isEqualTo(
                "{\"ready\":false,\"reasons\":[\"draining\",\"a \\\"quoted\\\\\\\" \\n reason\"]}\n");
    }

    @Test
    void theIndexLinksToEverythingAndRunsNoScript() throws Exception {
        HttpResponse<String> response = ask(request("/").GET());

        assertThat(response.body()).contains("href=\"/metrics\"", "href=\"/live\"", "href=\"/ready\"")
                .doesNotContain("<script");
        assertThat(header(response, "content-security-policy")).isEqualTo("default-src 'none'");
    }

    @Test
    void everythingElseIs404() throws Exception {
        assertThat(ask(request("/metrics/").GET()).statusCode()).isEqualTo(404);
        assertThat(ask(request("/..%2fmetrics").GET()).statusCode()).isEqualTo(404);
    }

    @Test
    void otherMethodsAreToldWhichAreAllowed() throws Exception {
        HttpResponse<String> response = ask(request("/ready").POST(HttpRequest.BodyPublishers.ofString("x")));

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(header(response, "allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void aFaultInAnAnswerIs500AndTheNextAnswerIsFine() throws Exception {
        try (AdminServer broken = AdminServer.open(new Endpoint("127.0.0.1", 0), new Answers(accept -> {
            throw new IllegalStateException("broken on purpose");
        }, readiness::get, (_, _) -> {
        })); Socket socket = connect(broken)) {
            assertThat(talk(socket, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")).startsWith("HTTP/1.1 500 ");
            assertThat(talk(socket, LIVE)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void everyAnswerIsTold() throws Exception {
        try (Socket socket = connect(server)) {
            talk(socket, "GET /metrics?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
            talk(socket, "GET /secret HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        assertThat(answered).containsExactly("/metrics 200", "/secret 404");
    }

    @Test
    void aConnectionIsKeptAliveAndAnswersInOrder() throws Exception {
        try (Socket socket = connect(server)) {
            assertThat(talk(socket, LIVE + "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ");
            assertThat(response(socket)).startsWith("HTTP/1.1 404 ");
            assertThat(talk(socket, "GET /live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:9143", "proxy.localhost", "127.0.0.1:9143", "127.8.8.8", "[::1]",
            "[::1]:9143", "localhost:"})
    void loopbackNamesAreAnswered(String host) throws Exception {
        try (Socket socket = connect(server)) {
            assertThat(talk(socket, "GET /live HTTP/1.1\r\nHost: " + host + "\r\n\r\n")).startsWith("HTTP/1.1 200 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "localhost.evil.example", "192.0.2.1", "[2001:db8::1]:9143", "[::1]evil",
            "localhost:x", "127.0.0.1.evil.example:9143", "2130706433", ""})
    void anyOtherNameIs421(String host) throws Exception {
        try (Socket socket = connect(server)) {
            assertThat(talk(socket, "GET /live HTTP/1.1\r\nHost: " + host + "\r\n\r\n")).startsWith("HTTP/1.1 421 ");
        }
    }

    @Test
    void theAddressThatTheClientConnectedToIsAsGoodAsLoopback() throws Exception {
        InetAddress local = InetAddress.getByName("192.0.2.5");

        assertThat(HostHeader.names("192.0.2.5:9143", local)).isTrue();
        assertThat(HostHeader.names("192.0.2.6:9143", local)).isFalse();
    }

    @Test
    void noHostOrTwoHostsAreABadRequest() throws Exception {
        try (Socket none = connect(server); Socket two = connect(server)) {
            assertThat(talk(none, "GET /live HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400 ");
            assertThat(talk(two, "GET /live HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"))
                    .startsWith("HTTP/1.1 400 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: localhost\r\nX: %s\r\n\r\n",
            "nonsense%s\r\n\r\n"})
    void aRequestWithoutMeasureIsRefusedAndTheConnectionEnds(String request) throws Exception {
        try (Socket socket = connect(server)) {
            assertThat(talk(socket, request.formatted("x".repeat(9999)))).startsWith("HTTP/1.1 4");
            assertThat(ends(socket)).isTrue();
        }
    }

    @Test
    void aBodyWithoutMeasureIsRefused() throws Exception {
        try (Socket socket = connect(server)) {
            assertThat(talk(socket, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\n"
                    + "x".repeat(9999))).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void aClientThatTricklesARequestIsCutOff() throws Exception {
        try (AdminServer hasty = AdminServer.open(new Endpoint("127.0.0.1", 0), answers, Duration.ofMillis(50));
                Socket socket = connect(hasty)) {
            socket.getOutputStream().write("GET /live HT".getBytes(StandardCharsets.US_ASCII));
            assertThat(ends(socket)).isTrue();
        }
    }

    @Test
    void oneConnectionMoreThanTheCeilingIsClosedAndOneThatLeavesMakesRoom() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < AdminServer.CONNECTIONS; i++) {
                sockets.add(connect(server));
                assertThat(talk(sockets.getLast(), LIVE))
                        .startsWith("HTTP/1.1 200 ");
            }
            try (Socket late = connect(server)) {
                assertThat(ends(late)).isTrue();
            }
            assertThat(talk(sockets.getFirst(), "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ");
            assertThat(ends(sockets.getFirst())).isTrue();
            sockets.add(connect(server));
            assertThat(talk(sockets.getLast(), LIVE))
                    .startsWith("HTTP/1.1 200 ");
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void aTakenPortIsNamedWithTheReason() {
        assertThatThrownBy(() -> AdminServer.open(new Endpoint("127.0.0.1", server.port()), answers))
                .isInstanceOf(IOException.class).hasMessageContaining("127.0.0.1:" + server.port())
                .hasMessageContaining("Address already in use");
        assertThatThrownBy(() -> AdminServer.open(new Endpoint("192.0.2.1", 9143), answers))
                .isInstanceOf(IOException.class).hasMessageContaining("192.0.2.1:9143");
    }

    @Test
    void closingEndsConnectionsAndFreesThePort() throws Exception {
        try (Socket socket = connect(server)) {
            assertThat(talk(socket, LIVE)).startsWith("HTTP/1.1 200 ");
            int port = server.port();
            server.close();
            assertThat(ends(socket)).isTrue();
            AdminServer.open(new Endpoint("127.0.0.1", port), answers).close();
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofSeconds(10));
    }

    private HttpResponse<String> ask(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static Socket connect(AdminServer to) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static String talk(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return response(socket);
    }

    /** One response with a Content-Length. */
    private static String response(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int octet = socket.getInputStream().read();
            assertThat(octet).as("after '%s'", text).isNotEqualTo(-1);
            text.append((char) octet);
        }
        String length = text.toString().replaceAll("(?is).*content-length: ([0-9]+).*", "$1");
        return text + new String(socket.getInputStream().readNBytes(Integer.parseInt(length)), StandardCharsets.UTF_8);
    }

    /** Whether the other end closes, cleanly or not, before the socket's time-out. */
    private static boolean ends(Socket socket) {
        try {
            socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            return true;
        } catch (java.net.SocketTimeoutException late) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }
}
