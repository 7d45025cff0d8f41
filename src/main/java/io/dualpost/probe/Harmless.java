package io.dualpost.probe;

/** What a server says, fit for a terminal. */
final class Harmless {
    private static final int LONGEST = 512;

    private Harmless() {}

    /**
     * Printable ASCII as it is, anything else as {@code \xNN} or {@code \\uNNNN} and a backslash doubled, so that nobody can
     * move a cursor, colour a verdict or write a line of his own; cut after 512 characters.
     */
    static String text(String said) {
        StringBuilder text = new StringBuilder(said.length());
        for (int i = 0; i < said.length() && i < LONGEST; i++) {
            char c = said.charAt(i);
            if (c == '\\') {
                text.append("\\\\");
            } else if (c >= ' ' && c < 0x7f) {
                text.append(c);
            } else {
                text.append(c < 0x100 ? String.format("\\x%02x", (int) c) : String.format("\\u%04x", (int) c));
            }
        }
        return said.length() > LONGEST ? text + "..." : text.toString();
    }
}
