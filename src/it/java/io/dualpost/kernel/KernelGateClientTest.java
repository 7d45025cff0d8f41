package io.dualpost.kernel;

import static io.dualpost.kernel.NetworkNamespace.ONE;
import static io.dualpost.kernel.NetworkNamespace.OTHER;
import static io.dualpost.kernel.NetworkNamespace.SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dualpost.address.Prefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proxy's side, before a kernel gate that comes, hangs and goes. */
@Tag("real")
class KernelGateClientTest {
    private static final int PORT = 995;
    private static final Duration HOUR = Duration.ofHours(1);
    /** More than the queue holds. */
    private static final int MANY = 5000;

    @TempDir
    Path folder;

    private final Map<Prefix, Duration> wanted = new ConcurrentHashMap<>();
    private NetworkNamespace namespace;

    @BeforeEach
    void make() throws IOException {
        Assumptions.assumeTrue(NetworkNamespace.missing().isEmpty(), NetworkNamespace.missing().orElse(""));
        namespace = NetworkNamespace.create();
        namespace.listen(SERVER, PORT);
    }

    @AfterEach
    void unmake() {
        if (namespace != null) {
            namespace.close();
        }
    }

    private static Prefix prefix(String text) {
        return Prefix.parse(text).orElseThrow();
    }

    private KernelGate open() throws IOException {
        return KernelGate.open(folder.resolve("socket"), new TreeSet<>(List.of(110, PORT)), () -> Map.copyOf(wanted));
    }

    private void refuse(KernelGate gate, String prefix) {
        wanted.put(prefix(prefix), HOUR);
        gate.refuse(prefix(prefix), HOUR);
    }

    private void release(KernelGate gate, String prefix) {
        wanted.remove(prefix(prefix));
        gate.release(prefix(prefix));
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(90, TimeUnit.SECONDS).until(condition);
    }

    private void untilConnected(String source, String outcome) {
        until(() -> namespace.connect(source, PORT).equals(outcome));
    }

    @Test
    void whatIsWantedIsRefusedAfterEachConnectionAndBetweenThem() throws IOException, InterruptedException {
        wanted.put(prefix("2001:db8:1::/64"), HOUR);
        // None of these may keep the others out.
        wanted.put(prefix("192.0.2.0/24"), HOUR);
        wanted.put(prefix("fe80::/64"), HOUR);
        wanted.put(prefix("2001:db8:77::/64"), Duration.ZERO);
        wanted.put(prefix("2001:db8:78::/64"), Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));
        try (KernelGate gate = open()) {
            assertThat(gate.isConnected()).isFalse();
            refuse(gate, "2001:db8:9::/64");
            try (RunningGate running = RunningGate.start(namespace, folder)) {
                untilConnected(ONE, "ECONNREFUSED");
                until(gate::isConnected);
                assertThat(running.say("list").lines().map(line -> line.replaceFirst("^(\\S+) ([0-9]{2}).*", "$1 $2"))
                        .toList()).contains("2001:db8:9::/64 35", "2001:db8:78::/64 86").hasSize(4);
                refuse(gate, "2001:db8:2::/64");
                untilConnected(OTHER, "ECONNREFUSED");
                release(gate, "2001:db8:2::/64");
                untilConnected(OTHER, "connected");
                gate.refuse(prefix("192.0.2.0/24"), HOUR);
                gate.release(prefix("192.0.2.0/24"));
                running.signal("KILL");
                until(() -> !gate.isConnected());
            }
            release(gate, "2001:db8:1::/64");
            refuse(gate, "2001:db8:2::/64");
            // Still as the last one left it.
            assertThat(namespace.connect(ONE, PORT)).isEqualTo("ECONNREFUSED");
            try (RunningGate _ = RunningGate.start(namespace, folder)) {
                untilConnected(OTHER, "ECONNREFUSED");
                assertThat(namespace.connect(ONE, PORT)).isEqualTo("connected");
                until(() -> gate.hits() >= 3);
                assertThat(gate.isConnected()).isTrue();
            }
        }
    }

    @Test
    void aHungGateHoldsNobodyUp() throws IOException, InterruptedException {
        try (KernelGate gate = open(); RunningGate running = RunningGate.start(namespace, folder)) {
            until(gate::isConnected);
            running.signal("STOP");
            // If these waited for the gate, the test would not end.
            for (int i = 0; i < MANY; i++) {
                refuse(gate, "2001:db8:" + Integer.toHexString(0x1000 + i) + "::/64");
            }
            until(() -> !gate.isConnected());
            for (int i = 0; i < MANY; i += 2) {
                release(gate, "2001:db8:" + Integer.toHexString(0x1000 + i) + "::/64");
            }
            running.signal("CONT");
            until(() -> gate.isConnected() && running.say("list").startsWith("list " + MANY / 2 + "\n"));
        }
    }

    @Test
    void manyChangesInARowAllArrive() throws IOException, InterruptedException {
        try (KernelGate gate = open(); RunningGate running = RunningGate.start(namespace, folder)) {
            until(gate::isConnected);
            for (int i = 0; i < MANY; i++) {
                refuse(gate, "2001:db8:" + Integer.toHexString(0x1000 + i) + "::/64");
            }
            until(() -> running.say("list").startsWith("list " + MANY + "\n"));
            wanted.keySet().forEach(gate::release);
            wanted.clear();
            until(() -> running.say("list").equals("list 0"));
        }
    }

    @Test
    void withoutNftItIsNotConnectedAndComesBackWithIt() throws IOException, InterruptedException {
        Path nft = Files.createSymbolicLink(folder.resolve("nft"), Path.of("/usr/sbin/nft"));
        wanted.put(prefix("2001:db8:1::/64"), HOUR);
        try (RunningGate running = RunningGate.start(namespace, folder, "--nft", nft.toString())) {
            Files.delete(nft);
            try (KernelGate gate = open()) {
                until(() -> running.log().contains("does not start"));
                assertThat(gate.isConnected()).isFalse();
                Files.createSymbolicLink(nft, Path.of("/usr/sbin/nft"));
                until(gate::isConnected);
                assertThat(namespace.connect(ONE, PORT)).isEqualTo("ECONNREFUSED");
            }
        }
    }
}
