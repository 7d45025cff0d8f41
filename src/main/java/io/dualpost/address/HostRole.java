package io.dualpost.address;

import java.util.Locale;

/** Which of a service's hosts a client meant to reach. */
public enum HostRole {
    /** The dual-stack host (A and AAAA). */
    DUAL,
    /** The IPv4-only rescue host. */
    RESCUE,
    /** A name that is none of the service's hosts. */
    OTHER,
    /** The client named nothing and the local address belongs to more than one host. */
    NONE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As metrics, records and configuration spell it. */
    public String label() {
        return label;
    }
}
