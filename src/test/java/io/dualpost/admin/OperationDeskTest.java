package io.dualpost.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Prefix;
import io.dualpost.admin.Operations.Disable;
import io.dualpost.gate.GateMode;
import io.dualpost.gate.PathVerdict;
import io.dualpost.gate.RefusedNetworks;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Questions and orders of an operator, without a socket. */
class OperationDeskTest {
    private static final Caller OPERATOR = new Caller(42, 0, true);

    private final FakeProxy proxy = new FakeProxy();

    private record Answer(int status, String type, String body, Map<String, String> headers) {}

    @Test
    void statusIsTold() {
        assertThat(json(get("/status"))).containsEntry("version", "0.1.0").containsEntry("uptime_seconds", 273600)
                .containsEntry("ready", true).containsEntry("reasons", List.of("a reason to look"))
                .containsEntry("sessions", Map.of("ipv4", 120, "ipv6", 80)).containsEntry("listeners", List.of(
                        Map.of("listener", "pop-995", "service", "pop", "family", "ipv4", "addresses",
                                List.of("192.0.2.10:995"), "sessions", 120, "open", true),
                        Map.of("listener", "pop-995", "service", "pop", "family", "ipv6", "addresses",
                                List.of("[2001:db8::10]:995"), "sessions", 80, "open", false, "reason", "operator")));
        assertThat(get("/status", "text/plain").body()).isEqualTo("""
                dualpost 0.1.0, up 3d 4h, ready
                sessions: IPv4 120, IPv6 80
                ! a reason to look

                listener  service  family  state             sessions  addresses
                pop-995   pop      IPv4    open              120       192.0.2.10:995
                pop-995   pop      IPv6    closed: operator  80        [2001:db8::10]:995
                """);
    }

    @Test
    void ipv6IsWithdrawnAndBroughtBack() {
        Answer disabled = post("/family/disable", "family=ipv6&service=pop&for=2h&persist=true");

        assertThat(proxy.ordered)
                .containsExactly(new Disable(Optional.of("pop"), Optional.of(Duration.ofHours(2)), true));
        assertThat(json(disabled)).containsEntry("family", "ipv6").containsEntry("services",
                List.of(Map.of("service", "pop", "open", false, "reason", "operator", "since", "2026-11-24T10:00:00Z",
                        "until", "2026-11-24T12:00:00Z", "persistent", true, "listeners",
                        List.of("pop-995", "pop-110"))));
        assertThat(get("/family", "text/plain").body()).isEqualTo(
                """
                        service     IPv6                 since                 until                 after a restart  listeners
                        pop         withdrawn: operator  2026-11-24T10:00:00Z  2026-11-24T12:00:00Z  the same         pop-995 pop-110
                        submission  open                 2026-11-24T10:00:00Z  -                     open             submission-995 submission-110
                        """);

        assertThat(post("/family/enable", "family=ipv6").status()).isEqualTo(200);
        assertThat(proxy.family().services()).allMatch(line -> line.withdrawn().isEmpty());
    }

    @Test
    void withoutAServiceAllAreMeant() {
        assertThat(post("/family/disable", "family=ipv6").status()).isEqualTo(200);

        assertThat(proxy.ordered).containsExactly(new Disable(Optional.empty(), Optional.empty(), false));
        assertThat(proxy.family().services()).allMatch(line -> line.withdrawn().isPresent());
    }

    @Test
    void anUnknownServiceIsNamedWithTheKnownOnesAndNothingIsDone() {
        assertThat(post("/family/disable", "family=ipv6&service=imap"))
                .isEqualTo(error(404, "service: \"imap\" (expected: pop or submission)"));
        assertThat(get("/family?service=imap").status()).isEqualTo(404);
        assertThat(proxy.ordered).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"family=ipv4", "service=pop", "family=ipv6&for=0s", "family=ipv6&persist=1",
            "family=ipv6&prefix=2001:db8::/64", "family=ipv6&family=ipv6"})
    void anOrderThatIsNotWhollyUnderstoodIsNotCarriedOut(String body) {
        assertThat(post("/family/disable", body).status()).isEqualTo(400);
        assertThat(proxy.ordered).isEmpty();
    }

    @Test
    void anOrderThatFailsSaysWhy() {
        proxy.trouble = Optional.of(new IOException("cannot write the state: disk full"));

        assertThat(post("/family/disable", "family=ipv6")).isEqualTo(error(500, "cannot write the state: disk full"));
        assertThat(ask(request(HttpMethod.POST, "/family/disable", "family=ipv6", "text/plain")).body())
                .isEqualTo("cannot write the state: disk full\n");
    }

    @Test
    void networksAreAddedListedAndRemoved() throws Exception {
        proxy.networks = new RefusedNetworks(List.of(prefix("2002::/16")));
        proxy.networks.failed(InetAddress.getByName("2001:db8:1::1"), PathVerdict.PATH_MTU, 0);
        proxy.networks.failed(InetAddress.getByName("2001:db8:1::1"), PathVerdict.PATH_MTU, 0);
        Map<String, Object> added = Map.of("network", "2001:db8:2::/48", "origin", "operator", "broken", 0,
                "left_seconds", 1800, "hits", 7);

        assertThat(json(post("/gate/add", "prefix=2001:db8:2::5/48&for=30m")))
                .containsEntry("networks", List.of(added)).containsEntry("mode", "observe")
                .containsEntry("kernel", false);
        assertThat(json(get("/gate"))).containsEntry("networks", List.of(
                Map.of("network", "2002::/16", "origin", "static", "broken", 0, "hits", 7), added,
                Map.of("network", "2001:db8:1::/64", "origin", "learned", "broken", 2, "evidence", "path_mtu",
                        "left_seconds", 3600, "hits", 7)));
        assertThat(get("/gate", "text/plain").body()).isEqualTo("""
                mode observe: networks are learned and counted, and nobody is refused

                network          origin    broken  evidence  left      hits
                2002::/16        static    0       -         for good  7
                2001:db8:2::/48  operator  0       -         30m 0s    7
                2001:db8:1::/64  learned   2       path_mtu  1h 0m     7
                """);
        assertThat(json(post("/gate/remove", "prefix=2001:db8:2::/48"))).containsEntry("networks", List.of());
        assertThat(post("/gate/remove", "prefix=2001:db8:1::/64").status()).isEqualTo(200);
        assertThat(proxy.networks.list(0)).hasSize(1);
    }

    @Test
    void withoutATimeANetworkIsAddedForAnHour() {
        assertThat(post("/gate/add", "prefix=2001:db8::/64").body()).contains("\"left_seconds\":3600");
    }

    @Test
    void whatCannotBeRemovedIsSaid() {
        proxy.networks = new RefusedNetworks(List.of(prefix("2002::/16")));

        assertThat(post("/gate/remove", "prefix=2001:db8::/64")).isEqualTo(error(404,
                "prefix: 2001:db8::/64 was neither added nor learned (expected: a network of the list)"));
        assertThat(post("/gate/remove", "prefix=2002::/16")).isEqualTo(error(409,
                "prefix: 2002::/16 is in the configuration (expected: it is removed there)"));
    }

    @Test
    void oneNetworkTooManyIsRefused() {
        for (int i = 0; i < RefusedNetworks.ADDED; i++) {
            proxy.networks.add(prefix("2001:db8:0:%x::/64".formatted(i)), Duration.ofHours(1), 0);
        }
        assertThat(post("/gate/add", "prefix=2001:db8:1::/64").status()).isEqualTo(409);
        assertThat(post("/gate/add", "prefix=2001:db8::/64").status()).isEqualTo(200);
    }

    @Test
    void theMeaningOfEachModeIsSaid() {
        proxy.mode = GateMode.OFF;
        assertThat(get("/gate", "text/plain").body())
                .isEqualTo("mode off: nothing is learned and nobody is refused\n\nno networks\n");
        proxy.mode = GateMode.ENFORCE;
        assertThat(get("/gate", "text/plain").body()).contains("without the kernel", "do not fall back");
        proxy.kernel = true;
        assertThat(get("/gate", "text/plain").body()).contains("fall back to IPv4");
    }

    @Test
    void eachPathTakesItsMethod() {
        for (String path : List.of("/status", "/family", "/gate", "/gate/explain", "/rescue")) {
            assertThat(post(path, "")).returns(405, Answer::status).satisfies(
                    answer -> assertThat(answer.headers()).containsEntry("allow", "GET, HEAD"));
        }
        for (String path : List.of("/family/disable", "/family/enable", "/gate/add", "/gate/remove")) {
            assertThat(get(path)).returns(405, Answer::status)
                    .satisfies(answer -> assertThat(answer.headers()).containsEntry("allow", "POST"));
        }
        assertThat(get("/family/").status()).isEqualTo(404);
        assertThat(get("/Status").status()).isEqualTo(404);
    }

    @Test
    void whatIsNotAskedForInTheRightPlaceIsRefused() {
        assertThat(get("/status?x=1")).isEqualTo(error(400, "query, parameter 1: \"x\" (expected: none)"));
        assertThat(ask(request(HttpMethod.POST, "/gate/add?prefix=2001:db8::/64", "", "")))
                .isEqualTo(error(400, "query, parameter 1: \"prefix\" (expected: none)"));
        assertThat(ask(request(HttpMethod.GET, "/status", "x=1", "")))
                .isEqualTo(error(400, "body, parameter 1: \"x\" (expected: none)"));
        FullHttpRequest json = request(HttpMethod.POST, "/gate/add", "{}", "");
        json.headers().set("content-type", "application/json");
        assertThat(ask(json)).isEqualTo(error(415,
                "content-type: application/json (expected: application/x-www-form-urlencoded)"));
        assertThat(get("/status", "text/csv").status()).isEqualTo(406);
    }

    @Test
    void aBodyMayNameItsCharset() {
        FullHttpRequest order = request(HttpMethod.POST, "/family/enable", "family=ipv6", "");
        order.headers().set("content-type", "Application/x-www-form-urlencoded; charset=utf-8");

        assertThat(ask(order).status()).isEqualTo(200);
    }

    @Test
    void strangersHearThatTheyAreAndAreClosed() {
        EmbeddedChannel channel = channel(new Caller(4711, 1000, false));
        for (String path : List.of("/status", "/metrics", "/live")) {
            FullHttpRequest request = request(HttpMethod.GET, path, "", "");
            assertThat(ask(channel, request)).returns(403, Answer::status)
                    .satisfies(answer -> assertThat(answer.headers()).containsEntry("connection", "close"))
                    .satisfies(answer -> assertThat(answer.body()).isEqualTo("uid 1000 (pid 4711) may not operate this"
                            + " proxy (expected: root, the user of the proxy, or a member of the group that is configured"
                            + " for it)\n"));
        }
        ask(channel, request(HttpMethod.POST, "/family/disable", "family=ipv6", ""));
        assertThat(proxy.ordered).isEmpty();
        channel.finishAndReleaseAll();
    }

    @Test
    void withoutASocketThereAreNoOperations() {
        EmbeddedChannel tcp = new EmbeddedChannel(new AdminHandler(proxy.answers(), Duration.ofSeconds(10)));
        for (String path : List.of("/status", "/family", "/gate", "/gate/explain?address=2001:db8::1", "/rescue")) {
            assertThat(ask(tcp, request(HttpMethod.GET, path, "", "")).status()).isEqualTo(404);
        }
        for (String path : List.of("/family/disable", "/family/enable", "/gate/add", "/gate/remove")) {
            assertThat(ask(tcp, request(HttpMethod.POST, path, "family=ipv6", "")).status()).isEqualTo(404);
        }
        assertThat(ask(tcp, request(HttpMethod.GET, "/live", "", "")).status()).isEqualTo(200);
        assertThat(proxy.ordered).isEmpty();
        tcp.finishAndReleaseAll();
    }

    private Answer get(String path) {
        return get(path, "");
    }

    private Answer get(String path, String accept) {
        return ask(request(HttpMethod.GET, path, "", accept));
    }

    private Answer post(String path, String body) {
        return ask(request(HttpMethod.POST, path, body, ""));
    }

    private Answer ask(FullHttpRequest request) {
        EmbeddedChannel channel = channel(OPERATOR);
        Answer answer = ask(channel, request);
        channel.finishAndReleaseAll();
        // The rest of the headers is for a test of its own.
        return answer.status() == 405 ? answer : new Answer(answer.status(), answer.type(), answer.body(), Map.of());
    }

    private EmbeddedChannel channel(Caller caller) {
        return new EmbeddedChannel(new AdminHandler(proxy.answers(), Duration.ofSeconds(10),
                new OperationDesk(proxy.operations()), caller));
    }

    private static Answer ask(EmbeddedChannel channel, FullHttpRequest request) {
        channel.writeInbound(request);
        FullHttpResponse response = channel.readOutbound();
        Map<String, String> headers = new java.util.TreeMap<>();
        response.headers().forEach(header -> headers.put(header.getKey(), header.getValue()));
        Answer answer = new Answer(response.status().code(), response.headers().get("content-type"),
                response.content().toString(UTF_8), headers);
        response.release();
        return answer;
    }

    private static FullHttpRequest request(HttpMethod method, String path, String body, String accept) {
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, path,
                Unpooled.copiedBuffer(body, UTF_8));
        request.headers().set("host", "localhost").set("accept", accept);
        if (method.equals(HttpMethod.POST)) {
            request.headers().set("content-type", "application/x-www-form-urlencoded");
        }
        return request;
    }

    private static Answer error(int status, String words) {
        return new Answer(status, "application/json", "{\"error\":\"" + words.replace("\"", "\\\"") + "\"}\n",
                Map.of());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> json(Answer answer) {
        assertThat(answer).returns(200, Answer::status).returns("application/json", Answer::type);
        assertThat(answer.body()).endsWith("}\n");
        // JSON is YAML.
        return (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(answer.body());
    }

    private static Prefix prefix(String text) {
        return Prefix.parse(text).orElseThrow();
    }
}
