package io.dualpost.telemetry;

import java.util.Locale;

/** Why a TLS handshake with a client came to nothing, apart from time-outs. */
public enum HandshakeFailure {
    /** The client's octets were no TLS at all: a plain-text client on a TLS port. */
    NO_TLS,
    /** The client speaks no version of TLS that is served. */
    NO_SHARED_VERSION,
    /** The client knows none of the cipher suites, or no signature that a certificate here has. */
    NO_SHARED_CIPHER,
    /** The client offered protocols by ALPN, and not the right one. */
    ALPN_MISMATCH,
    /** The client broke it off with an alert, mostly because it does not trust the certificate. */
    CLIENT_ALERT,
    /** The client closed the connection. */
    CLOSED,
    /** The client's connection broke. */
    RESET,
    /** Anything else. */
    OTHER;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As metrics spell it. */
    public String label() {
        return label;
    }
}
