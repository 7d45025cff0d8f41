package io.dualpost.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dualpost.connect.Transport;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchdogTest {
    private final EventLoopGroup loops = Transport.best().loops(2);
    private final Watchdog watchdog = new Watchdog(loops);

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Lets every free loop do what it was given. */
    private void settle() {
        await().until(watchdog::round);
    }

    @Test
    void loopsThatDoTheirTasksAreAlive() {
        assertThat(watchdog.round()).isTrue();
        settle();
        settle();
    }

    @Test
    void oneStuckLoopIsEnoughAndAReleasedOneIsForgiven() {
        CountDownLatch stuck = new CountDownLatch(1);
        AtomicInteger blocked = new AtomicInteger();
        loops.next().execute(() -> {
            blocked.incrementAndGet();
            await().forever().until(() -> stuck.getCount() == 0);
        });
        await().until(() -> blocked.get() == 1);

        watchdog.round();
        for (int i = 0; i < 1000; i++) {
            assertThat(watchdog.round()).isFalse();
        }

        stuck.countDown();
        settle();
    }

    @Test
    void aLoopThatEndedIsNotAlive() {
        stop();
        watchdog.round();
        assertThat(watchdog.round()).isFalse();
    }
}
