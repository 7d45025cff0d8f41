package io.dualpost.probe;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;

/**
 * A verdict.
 *
 * @param severity  how bad it is
 * @param addresses where it was seen; none if it is about the name
 * @param text      what was seen, and what it means to clients
 * @param fix       what to do; empty if there is nothing to do
 */
public record Finding(Severity severity, List<InetAddress> addresses, String text, String fix) {
    /** How bad a finding is. */
    public enum Severity {
        /** As it should be. */
        FINE,
        /** Worth knowing. */
        NOTE,
        /** Some clients suffer. */
        FAULT;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** As JSON spells it. */
        public String label() {
            return label;
        }
    }

    /** Copies the list. */
    public Finding {
        addresses = List.copyOf(addresses);
    }
}
