package io.dualpost.mail;

import java.util.Locale;

/** The protocols that a listener or a backend speaks. */
public enum Protocol {
    /** RFC 1939. */
    POP3("pop3"),
    /** RFC 6409. */
    SUBMISSION("smtp");

    private final String label = name().toLowerCase(Locale.ROOT);
    private final String alpn;

    Protocol(String alpn) {
        this.alpn = alpn;
    }

    /** As metrics, records and configuration spell it. */
    public String label() {
        return label;
    }

    /** The protocol name that a client may offer by ALPN (RFC 7301); any other offer is refused. */
    public String alpn() {
        return alpn;
    }
}
