package io.dualpost.probe;

import java.util.Locale;

/** How far a client got at an address. */
public enum Stage {
    /** The SYN is answered. */
    CONNECT,
    /** The handshake is complete. */
    TLS,
    /** The server's first words are there. */
    GREETING,
    /** The answer to CAPA or EHLO is there; after STARTTLS once more. */
    CAPABILITIES,
    /** STLS or STARTTLS is answered. */
    STARTTLS;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As JSON spells it. */
    public String label() {
        return label;
    }
}
