package io.dualpost.session;

import io.dualpost.gate.PathReading;
import io.dualpost.gate.PathVerdict;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Looks, while it is the client's turn before its first command, whether packets arrive at all: once after 1 s, again
 * after 3 s, and then until the answer stays the same for as long as the verdict needs. Costs one timer for a session, and
 * no look for one that gets on.
 */
final class PathGuard {
    private static final long FIRST = TimeUnit.SECONDS.toNanos(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(3);
    private static final long AGAIN = TimeUnit.SECONDS.toNanos(2);

    private final Channel channel;
    private final Supplier<Optional<PathReading>> readings;
    private final BiConsumer<PathVerdict, PathReading> stalled;
    private PathVerdict suspicion = PathVerdict.FINE;
    private PathReading before = PathReading.NOTHING;
    // Cancelled, though a timer that goes off for nothing costs less by itself: it would hold its session for a second, and
    // with it the garbage collector.
    private Future<?> timer = Deadline.NO_TIMER;
    private long began;
    private boolean waiting;
    private boolean heard;
    private boolean running;

    /**
     * @param readings what TCP knows of the channel now; nothing where it cannot be asked
     * @param stalled  takes the verdict, on the channel's loop, if it is not a fine one, with the reading that led to it
     */
    PathGuard(Channel channel, Supplier<Optional<PathReading>> readings,
            BiConsumer<PathVerdict, PathReading> stalled) {
        this.channel = channel;
        this.readings = readings;
        this.stalled = stalled;
    }

    /**
     * It is the client's turn from now on.
     *
     * @param upgrade whether it has said something in clear before, from which packets may be counted as out of order
     */
    void expect(boolean upgrade) {
        before = upgrade ? readings.get().orElse(PathReading.NOTHING) : PathReading.NOTHING;
        began = now();
        waiting = true;
        heard = false;
        suspicion = PathVerdict.FINE;
        if (!running) {
            running = true;
            schedule(FIRST);
        }
    }

    /** The client has said something; what it has still to hear may be lost. */
    void heard() {
        heard = true;
    }

    /** Nothing is waited for any more. */
    void rest() {
        waiting = false;
        running = false;
        timer.cancel(false);
        timer = Deadline.NO_TIMER;
    }

    private void schedule(long nanos) {
        timer = channel.eventLoop().schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        long age = now() - began;
        running = waiting && channel.isActive();
        if (!running) {
            return;
        }
        if (age < FIRST) {
            schedule(FIRST - age);
            return;
        }
        Optional<PathReading> reading = readings.get();
        if (reading.isEmpty()) {
            running = false;
            return;
        }
        PathVerdict verdict = reading.get().verdict(before, heard);
        if (age < SECOND) {
            suspicion = verdict;
            schedule(SECOND - age);
        } else if (verdict == PathVerdict.FINE || verdict != suspicion) {
            suspicion = verdict;
            schedule(AGAIN);
        } else if (age < reading.get().certain(verdict).toNanos()) {
            schedule(reading.get().certain(verdict).toNanos() - age);
        } else {
            running = false;
            waiting = false;
            stalled.accept(verdict, reading.get());
        }
    }

    private long now() {
        return channel.eventLoop().ticker().nanoTime();
    }
}
