package io.dualpost.mail;

import java.util.Locale;

/** How a backend learns who the client is. */
public enum Forwarding {
    /** Not at all: the backend sees the proxy's address. */
    NONE,
    /** A PROXY header, version 1 (text), before anything else. */
    PROXY_V1,
    /** A PROXY header, version 2 (binary), before anything else. */
    PROXY_V2,
    /** XCLIENT: Postfix's for SMTP, Dovecot's for POP3. */
    XCLIENT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As metrics, records and configuration spell it. */
    public String label() {
        return label;
    }
}
