package io.dualpost.telemetry;

import java.util.Locale;

/** What became of TLS at the client's word. */
public enum StartTlsOutcome {
    /** The client asked for it, and the handshake may begin. */
    ACCEPTED,
    /** The client put words before the handshake. */
    INJECTED,
    /** The session ended without it. */
    UNUSED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As metrics spell it. */
    public String label() {
        return label;
    }
}
