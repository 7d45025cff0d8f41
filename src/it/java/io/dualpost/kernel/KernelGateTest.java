package io.dualpost.kernel;

import static io.dualpost.kernel.NetworkNamespace.ONE;
import static io.dualpost.kernel.NetworkNamespace.OTHER;
import static io.dualpost.kernel.NetworkNamespace.SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dualpost.address.Prefix;
import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel gate as a process, before a kernel. */
@Tag("real")
class KernelGateTest {
    private static final int PORT = 995;
    private static final int ELSEWHERE = 996;
    /** Somebody else's, which also counts what passes. */
    private static final String WATCH = "table inet watch { counter syn {}; counter rst {};"
            + " chain c { type filter hook input priority -300; tcp dport 995 tcp flags == syn counter name syn;"
            + " tcp sport 995 tcp flags & rst == rst counter name rst; }; }";

    @TempDir
    Path folder;

    private NetworkNamespace namespace;

    @BeforeEach
    void make() throws IOException {
        Assumptions.assumeTrue(NetworkNamespace.missing().isEmpty(), NetworkNamespace.missing().orElse(""));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        namespace = NetworkNamespace.create();
    }

    @AfterEach
    void unmake() {
        if (namespace != null) {
            namespace.close();
        }
    }

    private String table() throws IOException, InterruptedException {
        return namespace.run("nft", "list", "table", "inet", "dualpost");
    }

    private String packets(String counter) throws IOException, InterruptedException {
        return namespace.run("nft", "list", "counter", "inet", "watch", counter).replaceFirst("(?s).*packets ", "")
                .replaceFirst("(?s) .*", "");
    }

    @Test
    void aRefusedSourceIsRefusedInOneRoundTripAndNobodyElse() throws IOException, InterruptedException {
        namespace.listen(SERVER, PORT, ELSEWHERE);
        namespace.run("nft", WATCH);
        String others = namespace.run("nft", "--stateless", "list", "table", "inet", "watch");
        try (RunningGate gate = RunningGate.start(namespace, folder)) {
            assertThat(gate.say("ports 110 995", "add 2001:db8:1::/64 3600")).isEqualTo("ok 2\nok 1");
            assertThat(namespace.connect(ONE, PORT)).isEqualTo("ECONNREFUSED");
            // One packet each way: there is no quicker way to say no.
            assertThat(List.of(packets("syn"), packets("rst"))).containsExactly("1", "1");
            assertThat(namespace.connect(OTHER, PORT)).isEqualTo("connected");
            assertThat(namespace.connect(ONE, ELSEWHERE)).isEqualTo("connected");
            assertThat(gate.say("hits", "list")).matches("hits 1\nlist 1\n2001:db8:1::/64 3[56][0-9]{2} 1");
            assertThat(gate.say("remove 2001:db8:1::/64", "list")).isEqualTo("ok 0\nlist 0");
            assertThat(namespace.connect(ONE, PORT)).isEqualTo("connected");
            assertThat(gate.log()).contains("refused: 2001:db8:1::/64 for 3600 s; released: none; 1 in all",
                    "refused: none; released: 2001:db8:1::/64; 0 in all");
        }
        assertThat(namespace.run("nft", "--stateless", "list", "table", "inet", "watch")).isEqualTo(others);
    }

    @Test
    void prefixesOfAllLengthsOverlapAndEndEachByItself() throws IOException, InterruptedException {
        namespace.listen(SERVER, PORT);
        try (RunningGate gate = RunningGate.start(namespace, folder)) {
            assertThat(gate.say("ports 995", "add 2001:db8::/32 3600", "add 2001:db8:1::/64 3600",
                    "add 2001:db8:1::1/128 1", "add 2001:db8::/33 600", "add 2002::/16 60"))
                    .isEqualTo("ok 1\nok 5\nok 5\nok 5\nok 5\nok 5");
            assertThat(namespace.connect(OTHER, PORT)).isEqualTo("ECONNREFUSED");
            await().atMost(30, TimeUnit.SECONDS).until(() -> gate.say("remove 2001:db8:9::/64").equals("ok 4"));
            assertThat(gate.say("remove 2001:db8::/32", "remove 2001:db8::/33")).isEqualTo("ok 2\nok 2");
            assertThat(namespace.connect(OTHER, PORT)).isEqualTo("connected");
            assertThat(namespace.connect(ONE, PORT)).isEqualTo("ECONNREFUSED");
            assertThat(gate.say("clear")).isEqualTo("ok 0");
            assertThat(namespace.connect(ONE, PORT)).isEqualTo("connected");
        }
    }

    @Test
    void aRefusalEndsByItselfAndMayGetANewEnd() throws IOException, InterruptedException {
        namespace.listen(SERVER, PORT);
        try (RunningGate gate = RunningGate.start(namespace, folder)) {
            gate.say("ports 995", "add 2001:db8:1::/64 1", "add 2001:db8:2::/64 1", "add 2001:db8:2::/64 3600");
            await().atMost(30, TimeUnit.SECONDS).until(() -> namespace.connect(ONE, PORT).equals("connected"));
            assertThat(namespace.connect(OTHER, PORT)).isEqualTo("ECONNREFUSED");
            assertThat(gate.say("add 2001:db8:2::/64 1", "remove 2001:db8:1::/64")).startsWith("ok 1\nok ");
            await().atMost(30, TimeUnit.SECONDS).until(() -> namespace.connect(OTHER, PORT).equals("connected"));
            assertThat(gate.say("list")).isEqualTo("list 0");
        }
    }

    @Test
    void itIsKilledAndTheNextOneTakesTheTableOver() throws IOException, InterruptedException {
        namespace.listen(SERVER, PORT);
        try (RunningGate gate = RunningGate.start(namespace, folder)) {
            gate.say("ports 995", "replace 2", "2001:db8:1::/64 3600", "2001:db8:7::/48 3600");
            assertThat(namespace.connect(ONE, PORT)).isEqualTo("ECONNREFUSED");
            gate.signal("KILL");
            assertThat(gate.end()).isEqualTo(137);
        }
        assertThat(Files.exists(folder.resolve("socket"))).isTrue();
        assertThat(namespace.connect(ONE, PORT)).isEqualTo("ECONNREFUSED");
        try (RunningGate gate = RunningGate.start(namespace, folder)) {
            assertThat(gate.log()).contains("taken over; ports [995], 2 prefixes, 2 SYNs refused so far");
            assertThat(gate.say("list").lines().map(line -> line.replaceFirst(" 3[56][0-9]{2} ", " ")))
                    .containsExactlyInAnyOrder("list 2", "2001:db8:1::/64 2", "2001:db8:7::/48 0");
            assertThat(namespace.connect(ONE, PORT)).isEqualTo("ECONNREFUSED");
            assertThat(gate.say("remove 2001:db8:1::/64")).isEqualTo("ok 1");
            assertThat(namespace.connect(ONE, PORT)).isEqualTo("connected");
            gate.signal("TERM");
            assertThat(gate.end()).isEqualTo(143);
        }
        assertThat(Files.exists(folder.resolve("socket"))).isFalse();
        assertThat(table()).contains("2001:db8:7::");
    }

    @Test
    void theTableIsRemovedWhenAskedAndNothingElse() throws IOException, InterruptedException {
        namespace.run("nft", WATCH);
        try (RunningGate gate = RunningGate.start(namespace, folder)) {
            gate.say("ports 995", "add 2001:db8:1::/64 3600");
        }
        String[] remove = NetworkNamespace.dualpost("kernel-gate", "--remove").toArray(String[]::new);
        assertThat(namespace.run(remove)).isEqualTo("table inet dualpost: removed");
        assertThat(namespace.run("nft", "list", "tables")).isEqualTo("table inet watch");
        assertThat(namespace.run(remove)).isEqualTo("table inet dualpost: none");
        String foreign = "table inet dualpost { set mine { type ipv4_addr; }; }";
        namespace.run("nft", foreign);
        String before = table();
        assertThat(namespace.run(remove)).contains("has what the kernel gate did not make");
        try (RunningGate gate = RunningGate.launch(namespace, folder, List.of())) {
            assertThat(gate.end()).isEqualTo(1);
            assertThat(gate.log()).contains("has what the kernel gate did not make (expected: no table of that name");
        }
        assertThat(table()).isEqualTo(before);
    }

    @Test
    void aTableThatWasFlushedComesBack() throws IOException, InterruptedException {
        namespace.listen(SERVER, PORT);
        try (RunningGate gate = RunningGate.start(namespace, folder)) {
            gate.say("ports 995", "add 2001:db8:1::/64 3600");
            namespace.run("nft", "flush", "ruleset");
            assertThat(namespace.connect(ONE, PORT)).isEqualTo("connected");
            // Nobody asks for anything: it looks by itself.
            await().atMost(60, TimeUnit.SECONDS).until(() -> namespace.connect(ONE, PORT).equals("ECONNREFUSED"));
            namespace.run("nft", "flush", "ruleset");
            assertThat(gate.say("add 2001:db8:2::/64 3600")).isEqualTo("ok 2");
            assertThat(namespace.connect(ONE, PORT)).isEqualTo("ECONNREFUSED");
            assertThat(namespace.connect(OTHER, PORT)).isEqualTo("ECONNREFUSED");
            assertThat(gate.log()).contains("table inet dualpost: was gone; made anew, 1 prefixes in all");
        }
    }

    @Test
    void onlyRootAndTheAllowedAreHeard() throws IOException, InterruptedException {
        try (RunningGate gate = RunningGate.start(namespace, folder)) {
            assertThat(gate.askAs("nobody", "hello 1", "hits")).isEqualTo("ok 1 32768\nhits 0");
            assertThat(gate.askAs("daemon", "hello 1", "clear"))
                    .isEqualTo("error user: daemon (expected: [nobody, root])");
            assertThat(gate.askAs("4711", "hello 1")).isEqualTo("error user: 4711 (expected: [nobody, root])");
            assertThat(gate.log()).contains("client refused: user daemon");
            assertThat(Files.getPosixFilePermissions(gate.socket()))
                    .isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
            try (RunningGate second = RunningGate.launch(namespace, folder, List.of())) {
                assertThat(second.end()).isEqualTo(1);
                assertThat(second.log()).contains("another process listens there");
            }
            assertThat(gate.askAs("nobody", "hello 1")).isEqualTo("ok 1 32768");
        }
    }

    @Test
    void hostileLinesAreAnsweredAndTheThirdIsTheLast() throws IOException, InterruptedException {
        try (RunningGate gate = RunningGate.start(namespace, folder)) {
            assertThat(gate.ask("clear", "add 2001:db8::/64 60", "", "hello 1")).isEqualTo("""
                    error request: clear (expected: hello 1 first)
                    error request: add 2001:db8::/64 60 (expected: hello 1 first)
                    error request: nothing (expected: hello, ports, add, remove, replace, list, hits or clear)""");
            assertThat(gate.say("x".repeat(5000), "hits")).startsWith("error line: xxx").hasLineCount(1);
            assertThat(gate.say("x".repeat(129), "hits")).startsWith("error line: xxx").endsWith("\nhits 0");
            assertThat(gate.say("replace 2", "2001:db8::/64 60; flush ruleset", "2001:db8:1::/64 60", "list"))
                    .isEqualTo("error line 1 of replace: request: 2001:db8::/64 60; flush ruleset"
                            + " (expected: PREFIX SECONDS)\nlist 0");
            assertThat(gate.say("add 2001:db8:1::/64 60", "quit", "remove 2001:db8:1::/64"))
                    .isEqualTo("ok 1\nerror request: quit (expected: hello, ports, add, remove, replace, list, hits or"
                            + " clear)\nok 0");
        }
    }

    @Test
    void fourClientsAndNoMore() throws IOException, InterruptedException {
        List<GateLink> links = new ArrayList<>();
        try (RunningGate gate = RunningGate.start(namespace, folder); Selector selector = Selector.open()) {
            for (int i = 0; i < 4; i++) {
                links.add(GateLink.open(gate.socket(), selector));
                assertThat(links.getLast().ask("hello 1\n", 1)).containsExactly("ok 1 32768");
            }
            assertThat(gate.ask("hello 1")).isEqualTo("error clients: 5 (expected: at most 4)");
            links.removeFirst().close();
            await().atMost(30, TimeUnit.SECONDS).until(() -> gate.ask("hello 1").equals("ok 1 32768"));
            for (GateLink link : links) {
                link.close();
            }
        }
    }

    @Test
    void withoutNftOrCapabilityItSaysSo() throws IOException, InterruptedException {
        try (RunningGate gate = RunningGate.launch(namespace, folder, List.of(), "--nft", "/nowhere/nft")) {
            assertThat(gate.end()).isEqualTo(1);
            assertThat(gate.log()).contains("kernel gate: nft: not found at [/nowhere/nft] (expected: ");
        }
        try (RunningGate gate = RunningGate.launch(namespace, folder,
                List.of("setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin"))) {
            assertThat(gate.end()).isEqualTo(1);
            assertThat(gate.log()).contains("Operation not permitted", "(expected: CAP_NET_ADMIN)");
        }
        Path nft = Files.createSymbolicLink(folder.resolve("nft"), Path.of("/usr/sbin/nft"));
        try (RunningGate gate = RunningGate.start(namespace, folder, "--nft", nft.toString())) {
            assertThat(gate.say("ports 995")).isEqualTo("ok 1");
            Files.delete(nft);
            assertThat(gate.say("add 2001:db8:1::/64 60")).startsWith("error kernel: nft: ").contains("does not start");
            Files.createSymbolicLink(nft, Path.of("/usr/sbin/nft"));
            assertThat(gate.say("add 2001:db8:2::/64 60")).isEqualTo("ok 2");
        }
    }

    @Test
    void whenItIsFullTheOneThatEndsSoonestGoes() throws IOException, InterruptedException {
        try (RunningGate gate = RunningGate.start(namespace, folder, "--cap", "4096");
                Selector selector = Selector.open();
                GateLink link = GateLink.open(gate.socket(), selector)) {
            link.ask("hello 1\n", 1);
            link.ask(many(4096, 7200), 1);
            assertThat(link.ask("add 2001:db8:1::/64 3600\nadd 2001:db8:2::/64 10000\n", 2))
                    .containsExactly("ok 4096", "ok 4096");
            assertThat(table()).doesNotContain("2001:db8:1::").contains("2001:db8:2::");
            assertThat(gate.say("replace 4097")).isEqualTo("error replace: 4097 (expected: 0 to 4096)");
        }
    }

    /** Prints what it takes; the figures are for the report, not for a verdict. */
    @Test
    void twentyThousandPrefixes() throws IOException, InterruptedException {
        namespace.listen(SERVER, PORT);
        try (RunningGate gate = RunningGate.start(namespace, folder, "--cap", "65536");
                Selector selector = Selector.open();
                GateLink link = GateLink.open(gate.socket(), selector)) {
            link.ask("hello 1\n", 1);
            link.ask("ports 995\n", 1);
            for (int count : List.of(1, 20_000, 65_536)) {
                String all = many(count, 7200);
                long began = System.nanoTime();
                assertThat(link.ask(all, 1)).containsExactly("ok " + count);
                System.out.println("replace " + count + ": " + since(began));
                for (int i = 0; i < 20; i++) {
                    link.ask("add 2001:db8:1::/64 8000\n", 1);
                }
                began = System.nanoTime();
                link.ask("add 2001:db8:1::/64 9000\n", 1);
                System.out.println("one add at " + count + ": " + since(began));
                began = System.nanoTime();
                link.ask("add 2001:db8:1::/64 9000\n".repeat(200), 200);
                System.out.println("200 adds at " + count + ": " + since(began));
                began = System.nanoTime();
                link.ask("hits\n", 1);
                System.out.println("hits at " + count + ": " + since(began));
                assertThat(namespace.connect(ONE, PORT)).isEqualTo("ECONNREFUSED");
                assertThat(namespace.connect(OTHER, PORT)).isEqualTo("connected");
            }
        }
    }

    private static String since(long began) {
        return String.format("%.1f ms", (System.nanoTime() - began) / 1e6);
    }

    private static String many(int count, int seconds) {
        StringBuilder all = new StringBuilder("replace " + count + "\n");
        for (int i = 0; i < count; i++) {
            all.append(Prefix.parse("2001:db9:" + Integer.toHexString(i >> 8) + ":" + Integer.toHexString(i & 255)
                    + "::/64").orElseThrow()).append(' ').append(seconds).append('\n');
        }
        return all.toString();
    }
}
