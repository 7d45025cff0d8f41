package io.dualpost.mail;

import java.util.Locale;

/** Why a session ended. */
public enum Cause {
    /** The client said QUIT and was answered. */
    QUIT,
    /** The client closed the connection. */
    CLIENT_CLOSE,
    /** The client's connection broke. */
    CLIENT_RESET,
    /** A phase ran out of patience. */
    TIMEOUT,
    /** The TLS handshake with the client failed. */
    TLS_FAILED,
    /** The client broke the protocol too often or too badly. */
    PROTOCOL_ERROR,
    /** The client put words before a TLS handshake that it had asked for. */
    INJECTION,
    /** The client failed to log in too often. */
    LOGIN_FAILURES,
    /** The backend closed the connection. */
    BACKEND_CLOSE,
    /** The backend's connection broke. */
    BACKEND_RESET,
    /** A limit was reached. */
    LIMIT,
    /** IPv6 of the client's network is known not to work. */
    NETWORK_REFUSED,
    /** Packets between client and proxy get lost: the connection stood still from its beginning. */
    STALLED,
    /** The proxy is stopping. */
    SHUTDOWN,
    /** A fault of the proxy itself. */
    INTERNAL;

    /** Who ends a session. */
    public enum Party {
        CLIENT, PROXY, BACKEND;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** As records spell it. */
        public String label() {
            return label;
        }
    }

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Who ended the session. */
    public Party by() {
        return switch (this) {
            case QUIT, CLIENT_CLOSE, CLIENT_RESET -> Party.CLIENT;
            case BACKEND_CLOSE, BACKEND_RESET -> Party.BACKEND;
            default -> Party.PROXY;
        };
    }

    /** As metrics and records spell it. */
    public String label() {
        return label;
    }
}
