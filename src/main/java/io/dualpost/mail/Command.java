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
                ? new Command(upper(text), "")
                : new Command(upper(text.substring(0, space)), text.substring(space + 1));
    }

    // Other letters have nothing to do in a verb, and some become ASCII letters in upper case.
    private static String upper(String verb) {
        return verb.chars().allMatch(c -> c < 128) ? verb.toUpperCase(Locale.ROOT) : verb;
    }

    /** The argument without spaces around it. */
    String trimmed() {
        return argument.strip();
    }

    // Not even the verb: it is whatever a client said, maybe its password on a bare line.
    @Override
    public String toString() {
        return "command ***";
    }
}
