package io.dualpost.gate;

import java.util.Locale;

/** What a young connection's traffic says of the path to the client. */
public enum PathVerdict {
    /** Octets move, or there is nothing to tell yet. */
    FINE,
    /** Full-size packets to the client are lost and small ones arrive: a path-MTU hole. */
    PATH_MTU,
    /** Nothing that is sent to the client is acknowledged. */
    RETURN_PATH,
    /** Packets of the client arrive, but not the first one: its full-size packets are lost. */
    CLIENT_LOSS,
    /** The client, whose turn it is, says nothing; whether the path is to blame cannot be seen from here. */
    SILENT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As metrics and records spell it. */
    public String label() {
        return label;
    }

    /** Whether the path is at fault for certain, so that its network may be judged by it. */
    public boolean isBroken() {
        return this == PATH_MTU || this == RETURN_PATH || this == CLIENT_LOSS;
    }
}
