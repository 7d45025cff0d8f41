package io.dualpost.telemetry;

import java.util.Locale;

/** How a line of the log is written. */
public enum LogFormat {
    /** One object in a line (RFC 8259). */
    JSON,
    /** {@code name=value} pairs, for people and for journald. */
    KEY_VALUE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As the configuration spells it. */
    public String label() {
        return label;
    }

    Fields line() {
        return this == JSON ? new Json() : new KeyValue();
    }
}
