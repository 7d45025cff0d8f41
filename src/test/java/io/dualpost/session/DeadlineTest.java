package io.dualpost.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In virtual time. */
class DeadlineTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final AtomicInteger expired = new AtomicInteger();
    private final Deadline deadline = new Deadline(channel.eventLoop(), expired::incrementAndGet, fault -> {
        throw fault;
    });

    @BeforeEach
    void freeze() {
        channel.freezeTime();
    }

    private int after(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        return expired.get();
    }

    @Test
    void aTotalIsNotProlongedByWhatMoves() {
        deadline.total(Duration.ofSeconds(10));
        assertThat(after(9)).isZero();
        deadline.touch();
        assertThat(after(1)).isEqualTo(1);
        assertThat(after(100)).isEqualTo(1);
    }

    @Test
    void idleTimeBeginsAnewWithWhatMoves() {
        deadline.idle(Duration.ofSeconds(10));
        assertThat(after(9)).isZero();
        deadline.touch();
        assertThat(after(9)).isZero();
        assertThat(deadline.isIdle()).isTrue();
        assertThat(after(1)).isEqualTo(1);
    }

    @Test
    void aNewPhaseTakesTheOldOnesPlace() {
        deadline.idle(Duration.ofSeconds(5));
        deadline.total(Duration.ofSeconds(20));
        assertThat(deadline.isIdle()).isFalse();
        assertThat(after(19)).isZero();
        assertThat(after(1)).isEqualTo(1);
    }

    @Test
    void cancelledItNeverExpires() {
        deadline.cancel();
        deadline.total(Duration.ofSeconds(5));
        deadline.cancel();
        assertThat(after(100)).isZero();
    }
}
