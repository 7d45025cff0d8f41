package io.dualpost.mail;

import java.util.Optional;

/**
 * One line of an SMTP reply (RFC 5321 section 4.2).
 *
 * @param code 200 to 599
 * @param last whether the reply ends with it
 * @param text what is behind the code
 * @param line the line as it came
 */
record ReplyLine(int code, boolean last, String text, Line line) {
    /** The line as part of a reply; nothing, if it is none. */
    static Optional<ReplyLine> of(Line line) {
        String octets = line.octets();
        boolean sound = octets.length() >= 3 && octets.charAt(0) >= '2' && octets.charAt(0) <= '5'
                && isDigit(octets.charAt(1)) && isDigit(octets.charAt(2))
                && (octets.length() == 3 || octets.charAt(3) == ' ' || octets.charAt(3) == '-');
        return sound
                ? Optional.of(new ReplyLine(Integer.parseInt(octets, 0, 3, 10),
                        octets.length() == 3 || octets.charAt(3) == ' ',
                        octets.length() > 4 ? octets.substring(4) : "", line))
                : Optional.empty();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
