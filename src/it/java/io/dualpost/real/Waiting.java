package io.dualpost.real;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Waits for a condition, never without end. */
final class Waiting {
    private Waiting() {}

    /** Asks every 20 ms; an exception of the condition ends the wait. */
    static void until(String what, int seconds, Callable<Boolean> condition) throws IOException {
        try {
            Awaitility.await(what).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20))
                    .atMost(Duration.ofSeconds(seconds)).until(condition);
        } catch (ConditionTimeoutException e) {
            throw new IOException(what + ": not within " + seconds + " s", e);
        }
    }
}
