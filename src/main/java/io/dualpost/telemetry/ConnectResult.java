package io.dualpost.telemetry;

import java.util.Locale;

/** What came of a try to reach a backend, up to its greeting, TLS included. */
public enum ConnectResult {
    /** It greeted, and TLS is on where the pool wants it. */
    OK,
    /** Nothing listens there: the SYN was answered by RST. */
    REFUSED,
    /** No answer in time, to the SYN or later. */
    TIMEOUT,
    /** There is no way to the address. */
    UNREACHABLE,
    /** The connection was closed or broke before a greeting. */
    CLOSED,
    /** TLS came to nothing. */
    TLS_FAILED,
    /** It greeted in a way that means no, or that the proxy cannot use. */
    GREETING_REFUSED,
    /** The session ended first. */
    CANCELLED,
    /** Anything else. */
    OTHER;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As metrics spell it. */
    public String label() {
        return label;
    }
}
