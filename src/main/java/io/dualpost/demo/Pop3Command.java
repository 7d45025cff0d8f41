package io.dualpost.demo;

import java.util.List;
import java.util.Locale;

/**
 * A line of a POP3 client.
 *
 * @param verb     in upper case; empty if the line is none
 * @param argument the rest behind the first space, as it is
 */
record Pop3Command(String verb, String argument) {
    private static final String CAPABILITIES = String.join("\r\n", "+OK Capability list follows", "TOP", "UIDL", "USER",
            "SASL PLAIN", "RESP-CODES", "PIPELINING", "AUTH-RESP-CODE", ".");

    static Pop3Command of(String line) {
        int space = line.indexOf(' ');
        if (!LineConnection.isClean(line)) {
            return new Pop3Command("", "");
        }
        return space < 0 ? new Pop3Command(line.toUpperCase(Locale.ROOT), "")
                : new Pop3Command(line.substring(0, space).toUpperCase(Locale.ROOT), line.substring(space + 1));
    }

    /** The answer to CAPA, the same before and after login. */
    static String capabilities() {
        return CAPABILITIES;
    }

    /** The argument in words. */
    List<String> words() {
        return argument.isEmpty() ? List.of() : List.of(argument.split(" ", -1));
    }

    /** The verb alone; the argument may be a password. */
    @Override
    public String toString() {
        return verb;
    }
}
