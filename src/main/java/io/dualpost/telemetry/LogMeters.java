package io.dualpost.telemetry;

import io.micrometer.core.instrument.Counter;
import java.util.HashMap;
import java.util.Map;

/** Counts lines for the log, by level, and those that never got there. */
final class LogMeters {
    private final Map<String, Counter> levels = new HashMap<>();
    private final Counter dropped;

    LogMeters(Meters meters) {
        Label.LEVEL.closed().forEach(level -> levels.put(level, meters.counter(Metric.LOG_EVENTS, level)));
        dropped = meters.counter(Metric.LOG_DROPPED);
    }

    void logged(String level) {
        ListenerMeters.of(levels, level).increment();
    }

    void dropped(int lines) {
        dropped.increment(lines);
    }
}
