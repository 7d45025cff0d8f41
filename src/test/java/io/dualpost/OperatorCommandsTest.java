package io.dualpost;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.admin.AdminServer;
import io.dualpost.admin.FakeProxy;
import io.dualpost.admin.Operations.Disable;
import io.dualpost.gate.Fallbacks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that ask a running proxy, before a real socket. */
class OperatorCommandsTest {
    private final FakeProxy proxy = new FakeProxy();

    @TempDir
    Path folder;
    private Path socket;
    private AdminServer server;

    /** What a command printed and how it ended. */
    private record Ran(int code, String out, String err) {}

    @BeforeEach
    void open() throws IOException {
        socket = folder.resolve("admin.sock");
        server = AdminServer.open(socket, Optional.empty(), proxy.answers(), proxy.operations());
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void statusIsATableOrJson() {
        assertThat(ran("status")).returns(0, Ran::code).returns("", Ran::err).satisfies(
                ran -> assertThat(ran.out())
                        .startsWith("dualpost 0.1.0, up 3d 4h, ready\nsessions: IPv4 120, IPv6 80\n"));
        assertThat(ran("status", "--json")).returns(0, Ran::code)
                .satisfies(ran -> assertThat(ran.out()).startsWith("{\"version\":\"0.1.0\",").endsWith("}\n"));
    }

    @Test
    void ipv6IsWithdrawnShownAndBroughtBack() {
        assertThat(ran("family", "disable", "ipv6", "--service", "pop", "--for", "2h", "--persist")).returns(0,
                Ran::code).satisfies(
                        ran -> assertThat(ran.out()).contains("withdrawn: operator")
                                .doesNotContain("submission"));
        assertThat(ran("family", "disable", "ipv6").code()).isZero();
        assertThat(proxy.ordered).containsExactly(
                new Disable(Optional.of("pop"), Optional.of(Duration.ofHours(2)), true),
                new Disable(Optional.empty(), Optional.empty(), false));
        assertThat(ran("family", "status", "--service", "submission").out()).contains("submission")
                .doesNotContain("pop ");
        assertThat(ran("family", "status", "ipv6", "--json").out()).startsWith("{\"family\":\"ipv6\",\"services\":[");
        assertThat(ran("family", "enable", "ipv6").out()).doesNotContain("withdrawn");
    }

    @Test
    void networksAreAddedListedExplainedAndRemoved() {
        assertThat(ran("gate", "add", "2001:db8::/64", "--for", "30m")).returns(0, Ran::code)
                .satisfies(ran -> assertThat(ran.out()).contains("2001:db8::/64  operator", "30m 0s"));
        assertThat(ran("gate", "list").out()).contains("2001:db8::/64");
        assertThat(ran("gate", "explain", "2001:db8::1")).returns(0, Ran::code).satisfies(ran -> assertThat(ran.out())
                .startsWith("2001:db8::1 is judged by its network 2001:db8::/64.\nThe operator wants"));
        assertThat(ran("gate", "explain", "2001:db8::1", "--json").out()).contains("\"outcome\":\"admitted\"");
        assertThat(ran("gate", "remove", "2001:db8::/64").code()).isZero();
        assertThat(ran("gate", "list").out()).endsWith("no networks\n");
    }

    @Test
    void theReportIsTablesJsonOrCsv() {
        proxy.report = new Fallbacks.Report(List.of(), List.of(new Fallbacks.Line("=ann", 2, false, Optional.empty(),
                Duration.ofSeconds(7), Optional.empty())), List.of());
        assertThat(ran("rescue", "report").out()).contains("Accounts for the rescue host", "=ann     2 ");
        assertThat(ran("rescue", "report", "--json").out()).contains("\"account\":\"=ann\"");
        assertThat(ran("rescue", "report", "--csv").out()).startsWith("list,account,")
                .endsWith("\r\ncandidates,'=ann,2,false,,7,\r\n");
        assertThat(ran("rescue", "report", "--csv", "--json").code()).isEqualTo(2);
    }

    @Test
    void wrongUsageIs2() {
        for (List<String> wrong : List.of(List.of("family"), List.of("gate"), List.of("rescue"),
                List.of("family", "disable"), List.of("gate", "add"), List.of("gate", "explain"),
                List.of("status", "now"), List.of("gate", "list", "--fro", "1h"))) {
            assertThat(Main.run(wrong.toArray(String[]::new))).as("%s", wrong).isEqualTo(2);
        }
        assertThat(ran("family", "disable", "ipv4")).isEqualTo(new Ran(2, "",
                "dualpost: family: \"ipv4\" (expected: ipv6; IPv4 is what clients fall back to)\n"));
        assertThat(ran("family", "disable", "ipv6", "--for", "never").code()).isEqualTo(2);
        assertThat(ran("gate", "add", "192.0.2.0/24")).returns(2, Ran::code)
                .satisfies(ran -> assertThat(ran.err()).contains("192.0.2.0/24 is IPv4"));
        assertThat(ran("gate", "explain", "ann@example.jp").code()).isEqualTo(2);
        assertThat(proxy.ordered).isEmpty();
    }

    @Test
    void aRefusalIs1AndSaysWhy() {
        assertThat(ran("family", "disable", "ipv6", "--service", "imap")).isEqualTo(
                new Ran(1, "", "dualpost: service: \"imap\" (expected: pop or submission)\n"));
        assertThat(ran("family", "disable", "ipv6", "--service", "imap", "--json")).isEqualTo(
                new Ran(1, "", "{\"error\":\"service: \\\"imap\\\" (expected: pop or submission)\"}\n"));
        assertThat(ran("gate", "remove", "2001:db8::/64").code()).isEqualTo(1);
        proxy.trouble = Optional.of(new IOException("disk full"));
        assertThat(ran("family", "disable", "ipv6")).returns(1, Ran::code)
                .satisfies(ran -> assertThat(ran.err()).endsWith("dualpost: disk full\n"));
    }

    @Test
    void noProxyIs3AndSaysWhereAndWhatToDo() throws IOException {
        server.close();
        Ran none = ran("status");
        assertThat(none).returns(3, Ran::code).returns("", Ran::out);
        assertThat(none.err()).startsWith("dualpost: no proxy is running at " + socket + ": there is no such file\n")
                .contains("systemctl start dualpost", "dualpost run", "--socket");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(ran("gate", "list")).returns(3, Ran::code).satisfies(ran -> assertThat(ran.err())
                .startsWith("dualpost: no proxy is running at " + socket + ": nobody listens at it any more\n"));
    }

    @Test
    void helpNamesTheDefaultSocket() {
        assertThat(ranAlone("status", "--help").out().replaceAll("\\s", "")).contains("/run/dualpost/admin.sock");
    }

    private Ran ran(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--socket=" + socket);
        return ranAlone(all.toArray(String[]::new));
    }

    private static Ran ranAlone(String... words) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, UTF_8));
        System.setErr(new PrintStream(complained, true, UTF_8));
        try {
            int code = Main.run(words);
            return new Ran(code, said.toString(UTF_8), complained.toString(UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
