package io.dualpost.session;

import io.dualpost.connect.Transport;
import io.dualpost.gate.PathVerdict;
import io.netty.channel.Channel;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks, while it is the client's turn before its first command, whether packets arrive at all: once after 1 s, and with
 * the same question again after 3 s, which gives the verdict. Costs one timer for a session, and no look for one that gets
 * on.
 */
final class PathGuard {
    private static final long FIRST = TimeUnit.SECONDS.toNanos(1);
    private static final long VERDICT = TimeUnit.SECONDS.toNanos(3);
    private static final long AGAIN = TimeUnit.SECONDS.toNanos(2);

    private final Channel channel;
    private final Consumer<PathVerdict> stalled;
    private PathVerdict suspicion = PathVerdict.FINE;
    private long began;
    private boolean waiting;
    private boolean heard;
    private boolean running;

    /**
     * @param stalled takes the verdict, on the channel's loop, if it is not a fine one
     */
    PathGuard(Channel channel, Consumer<PathVerdict> stalled) {
        this.channel = channel;
        this.stalled = stalled;
    }

    /** It is the client's turn from now on. */
    void expect() {
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
    }

    // A timer that is not cancelled costs less than one that is, and goes away by itself within a second.
    private void schedule(long nanos) {
        channel.eventLoop().schedule(this::look, nanos, TimeUnit.NANOSECONDS);
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
        Optional<PathVerdict> verdict = Transport.path(channel).map(reading -> reading.verdict(heard));
        if (verdict.isEmpty()) {
            running = false;
        } else if (age < VERDICT) {
            suspicion = verdict.get();
            schedule(VERDICT - age);
        } else if (verdict.get() == PathVerdict.FINE || verdict.get() != suspicion) {
            suspicion = verdict.get();
            schedule(AGAIN);
        } else {
            running = false;
            waiting = false;
            stalled.accept(verdict.get());
        }
    }

    private long now() {
        return channel.eventLoop().ticker().nanoTime();
    }
}
