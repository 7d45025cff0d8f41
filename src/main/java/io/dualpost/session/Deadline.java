package io.dualpost.session;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The one timer of a session: either a phase in all, or the time without activity. */
final class Deadline {
    /** To be cancelled like any other; a session that idles so holds no task that is done with. */
    static final Future<?> NO_TIMER = ImmediateEventExecutor.INSTANCE.newSucceededFuture(null);

    private final EventLoop loop;
    private final Runnable expired;
    private final Consumer<RuntimeException> fault;
    private Future<?> timer = NO_TIMER;
    private long patience;
    private long touched;
    private boolean idle;

    /**
     * @param expired called on the loop when time is up
     * @param fault   takes what that threw, which nobody else would see
     */
    Deadline(EventLoop loop, Runnable expired, Consumer<RuntimeException> fault) {
        this.loop = loop;
        this.expired = expired;
        this.fault = fault;
    }

    /** From now on so long in all, whatever happens. */
    void total(Duration whole) {
        start(whole, false);
    }

    /** From now on so long without a {@link #touch}. */
    void idle(Duration without) {
        start(without, true);
    }

    /** Whether it counts time without activity. */
    boolean isIdle() {
        return idle;
    }

    /** Something moved. */
    void touch() {
        touched = now();
    }

    /** No time counts any more. */
    void cancel() {
        timer.cancel(false);
    }

    private void start(Duration duration, boolean untilTouched) {
        timer.cancel(false);
        patience = duration.toNanos();
        idle = untilTouched;
        touched = now();
        schedule(patience);
    }

    private void schedule(long nanos) {
        timer = loop.schedule(this::check, nanos, TimeUnit.NANOSECONDS);
    }

    // Activity only leaves its time behind; the timer is not set anew for each octet that moves.
    private void check() {
        long left = idle ? touched + patience - now() : 0;
        if (left > 0) {
            schedule(left);
        } else {
            try {
                expired.run();
            } catch (RuntimeException e) {
                fault.accept(e);
            }
        }
    }

    private long now() {
        return loop.ticker().nanoTime();
    }
}
