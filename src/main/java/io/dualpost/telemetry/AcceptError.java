package io.dualpost.telemetry;

import java.util.Locale;

/** Why a connection could not be taken from the kernel. */
public enum AcceptError {
    /** The process or the system has no file descriptor left. */
    DESCRIPTORS,
    /** The kernel has no memory left for it. */
    BUFFERS,
    /** Anything else. */
    OTHER;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As metrics spell it. */
    public String label() {
        return label;
    }
}
