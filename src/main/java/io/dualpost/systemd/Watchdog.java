package io.dualpost.systemd;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/** Whether every event loop still does its work; asked again and again by one thread. */
public final class Watchdog {
    private final List<Beat> beats = new ArrayList<>();

    /** Watches these loops. */
    public Watchdog(Iterable<EventExecutor> loops) {
        loops.forEach(loop -> beats.add(new Beat(loop)));
    }

    /**
     * Whether each loop has done the task of the last round; and a new task to each that has. A loop that is stuck holds one
     * task, however long it is.
     */
    public boolean round() {
        boolean alive = true;
        for (Beat beat : beats) {
            alive &= beat.answered;
        }
        for (Beat beat : beats) {
            if (beat.answered) {
                beat.ask();
            }
        }
        return alive;
    }

    private static final class Beat {
        private final EventExecutor loop;
        private volatile boolean answered = true;

        Beat(EventExecutor loop) {
            this.loop = loop;
        }

        void ask() {
            answered = false;
            try {
                loop.execute(() -> answered = true);
            } catch (RejectedExecutionException e) {
                // The loop has ended, and serves nobody: no answer is the right answer.
                return;
            }
        }
    }
}
