package io.dualpost.mail;

import java.util.Locale;
import java.util.Set;

/**
 * A command line, cut at its first space.
 *
 * @param verb     in upper case
 * @param argument all behind the first space, as it is; empty if there is none
 */
record Command(String verb, String argument) {
    // XCLIENT and XFORWARD are the proxy's alone to say; the others bring octets or turns that no dialogue here frames.
    private static final Set<String> NOT_SERVED = Set.of("XCLIENT", "XFORWARD", "EXPN", "ETRN", "TURN", "ATRN", "BURL",
            "SEND", "SOML", "SAML");

    static Command of(Line line) {
        String text = line.octets();
        int space = text.indexOf(' ');
        return space < 0
                ? new Command(upper(text), "")
                : new Command(upper(text.substring(0, space)), text.substring(space + 1));
    }

    /**
     * The word in upper case, if it is ASCII. Other letters have nothing to do in a keyword; in upper case some become
     * ASCII letters, and some no octets at all.
     */
    static String upper(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) >= 128) {
                return word;
            }
        }
        return word.toUpperCase(Locale.ROOT);
    }

    /** The argument without spaces around it. */
    String trimmed() {
        return argument.strip();
    }

    /** Why a submission client is not served with it: a command that exists is told from one that does not. */
    Refusal refusal() {
        return NOT_SERVED.contains(verb) ? Refusal.NOT_IMPLEMENTED : Refusal.UNKNOWN_COMMAND;
    }

    // Not even the verb: it is whatever a client said, maybe its password on a bare line.
    @Override
    public String toString() {
        return "command ***";
    }
}
