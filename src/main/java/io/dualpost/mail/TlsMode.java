package io.dualpost.mail;

import java.util.Locale;

/** When TLS begins on a connection. */
public enum TlsMode {
    /** Never; only towards a backend on a trusted network. */
    NONE,
    /** At the client's word: STLS (RFC 2595) or STARTTLS (RFC 3207). */
    STARTTLS,
    /** At once (RFC 8314). */
    IMPLICIT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As metrics, records and configuration spell it. */
    public String label() {
        return label;
    }
}
