package io.dualpost.mail;

import java.util.Locale;

/**
 * A command line, cut at its first space.
 *
 * @param verb     in upper case
 * @param argument all behind the first space, as it is; empty if there is none
 */
record Command(String verb, String argument) {
    static Command of(Line line) {
        String text = line.octets();
        int space = text.indexOf(' ');
        return space < 0
                ? new Command(text.toUpperCase(Locale.ROOT), "")
                : new Command(text.substring(0, space).toUpperCase(Locale.ROOT), text.substring(space + 1));
    }

    /** The argument without spaces around it. */
    String trimmed() {
        return argument.strip();
    }

    @Override
    public String toString() {
        return verb + " ***";
    }
}
