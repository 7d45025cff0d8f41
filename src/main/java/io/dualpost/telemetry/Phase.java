package io.dualpost.telemetry;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** How far a session has come; a time-out names the phase that ran out of patience. */
public enum Phase {
    /** The connection is there. */
    ACCEPTED,
    /** A trusted sender's PROXY header is awaited. */
    PROXY_HEADER,
    /** A TLS handshake is under way. */
    TLS,
    /** The client was greeted and has said nothing yet. */
    GREETING,
    /** The client says commands, but not yet credentials that are worth a try. */
    AUTH,
    /** A backend is being reached. */
    CONNECT,
    /** The backend is asked to take the login. */
    LOGIN,
    /** The login is done. */
    RELAY;

    /** The phases that a client may be lost in before it is logged in. */
    static final Set<Phase> BEFORE_LOGIN = Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(RELAY)));
    /** The phases that may run out of patience. */
    static final Set<Phase> TIMED = Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(ACCEPTED)));

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As metrics and records spell it. */
    public String label() {
        return label;
    }
}
