package io.dualpost.gate;

import java.util.Locale;

/** What becomes of networks whose IPv6 does not work. */
public enum GateMode {
    /** Nothing is learned. */
    OFF,
    /** They are learned, counted and logged, and nobody is refused. */
    OBSERVE,
    /** They are refused. */
    ENFORCE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As the configuration spells it. */
    public String label() {
        return label;
    }
}
