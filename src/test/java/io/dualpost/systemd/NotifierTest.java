package io.dualpost.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dualpost.connect.Transport;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotifierTest {
    private static final long PID = 4711;

    private final EventLoopGroup loops = Transport.best().loops(2);

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void withoutItsSocketNothingIsOpened() throws IOException {
        assertThat(Notifier.open(Map.of("WATCHDOG_USEC", "1000000"), PID)).isEmpty();
        assertThat(Notifier.open(Map.of("NOTIFY_SOCKET", ""), PID)).isEmpty();
    }

    @Test
    void itSaysReadyOnceThenStoppingOverBothKindsOfAddress() throws IOException {
        for (String address : List.of(folder.resolve("notify").toString(), "@dualpost-" + UUID.randomUUID())) {
            try (Messages systemd = new Messages(address);
                    Notifier notifier = Notifier.open(Map.of("NOTIFY_SOCKET", address), PID).orElseThrow()) {
                notifier.ready(() -> "sessions: 1\nREADY=0", loops);
                notifier.stopping(Duration.ofSeconds(20));
                await().until(() -> systemd.all().size() == 2);
                assertThat(systemd.all()).containsExactly("READY=1\nSTATUS=sessions: 1 READY=0",
                        "STOPPING=1\nSTATUS=stopping\nEXTEND_TIMEOUT_USEC=20000000");
            }
        }
    }

    @Test
    void aFailedStartIsExplained() throws IOException {
        String address = folder.resolve("notify").toString();
        try (Messages systemd = new Messages(address);
                Notifier notifier = Notifier.open(Map.of("NOTIFY_SOCKET", address), PID).orElseThrow()) {
            notifier.failed("port 995: taken");
            await().until(() -> systemd.lines().contains("STATUS=port 995: taken"));
        }
    }

    @Test
    void signsOfLifeComeOnlyAfterReadyAndStopWhileALoopIsStuck() throws IOException {
        String address = folder.resolve("notify").toString();
        CountDownLatch stuck = new CountDownLatch(1);
        AtomicBoolean blocked = new AtomicBoolean();
        try (Messages systemd = new Messages(address);
                Notifier notifier = Notifier.open(Map.of("NOTIFY_SOCKET", address, "WATCHDOG_USEC", "60000",
                        "WATCHDOG_PID", Long.toString(PID)), PID).orElseThrow()) {
            notifier.ready(() -> "fine", loops);
            await().until(() -> alive(systemd) > 3);
            assertThat(systemd.lines().getFirst()).isEqualTo("READY=1");

            loops.next().execute(() -> {
                blocked.set(true);
                await().forever().until(() -> stuck.getCount() == 0);
            });
            await().until(blocked::get);
            // Two rounds may still have been under way; then there is silence, for what would be thirty rounds.
            long atMost = alive(systemd) + 2;
            await().during(Duration.ofMillis(600)).atMost(Duration.ofSeconds(20))
                    .until(() -> alive(systemd) <= atMost);

            long before = alive(systemd);
            stuck.countDown();
            await().until(() -> alive(systemd) > before + 3);
        }
    }

    @Test
    void anotherProcesssWatchdogIsNotFed() throws IOException {
        String address = folder.resolve("notify").toString();
        try (Messages systemd = new Messages(address);
                Notifier notifier = Notifier.open(Map.of("NOTIFY_SOCKET", address, "WATCHDOG_USEC", "nonsense",
                        "WATCHDOG_PID", "1"), PID).orElseThrow()) {
            notifier.ready(() -> "fine", loops);
            notifier.stopping(Duration.ofSeconds(1));
            await().until(() -> systemd.lines().contains("STOPPING=1"));
            assertThat(systemd.lines()).doesNotContain("WATCHDOG=1");
        }
    }

    @Test
    void aSystemdThatIsGoneHurtsNobody() throws IOException {
        String address = folder.resolve("notify").toString();
        try (Notifier notifier = Notifier.open(Map.of("NOTIFY_SOCKET", address), PID).orElseThrow();
                Messages late = late(notifier, address)) {
            notifier.stopping(Duration.ofSeconds(1));
            await().until(() -> late.lines().contains("STOPPING=1"));
        }
    }

    private Messages late(Notifier notifier, String address) {
        notifier.ready(() -> "fine", loops);
        return new Messages(address);
    }

    @Test
    void nonsenseIsNamed() {
        assertThatThrownBy(() -> Notifier.open(Map.of("NOTIFY_SOCKET", "notify"), PID))
                .isInstanceOf(IOException.class).hasMessageContaining("NOTIFY_SOCKET: notify (expected: ");
        assertThatThrownBy(() -> Notifier.open(Map.of("NOTIFY_SOCKET", "/nowhere", "WATCHDOG_USEC", "30s"), PID))
                .isInstanceOf(IOException.class).hasMessageContaining("WATCHDOG_USEC: 30s (expected: ");
    }

    private static long alive(Messages systemd) {
        return systemd.lines().stream().filter("WATCHDOG=1"::equals).count();
    }
}
