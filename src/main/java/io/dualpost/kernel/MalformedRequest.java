package io.dualpost.kernel;

import java.util.regex.Pattern;

/** A request that is not one; the message says where, what was found and what was expected. */
final class MalformedRequest extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 60;
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");

    MalformedRequest(String message) {
        super(message);
    }

    MalformedRequest(String where, String found, String expected) {
        super(where + ": " + shown(found) + " (expected: " + expected + ")");
    }

    /** A decimal number without sign or leading zeros. */
    static int number(String where, String text, int least, int most) throws MalformedRequest {
        if (NUMBER.matcher(text).matches()) {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw new MalformedRequest(where, text, least + " to " + most);
    }

    /** Text of a stranger, fit for an answer of one line and for the log. */
    static String shown(String text) {
        String printable = text.replaceAll("[^ -~]", "?");
        return printable.isEmpty() ? "nothing"
                : printable.length() <= SHOWN ? printable : printable.substring(0, SHOWN) + "...";
    }
}
