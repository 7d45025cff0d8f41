package io.dualpost.mail;

import java.nio.charset.StandardCharsets;

/**
 * The octets of one line, without its CRLF. Whoever makes it: there is no CR, LF or NUL inside, so a value from one side
 * can never become a second command on the other.
 */
public final class Line {
    private final String octets;
    private final boolean secret;

    private Line(String octets, boolean secret) {
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            if (c == '\r' || c == '\n' || c == 0 || c > 0xff) {
                throw new IllegalArgumentException("octet " + (int) c + " in a line (expected: no CR, LF or NUL)");
            }
        }
        this.octets = octets;
        this.secret = secret;
    }

    /** A line that may be printed; each character is one octet (ISO 8859-1). */
    public static Line of(String octets) {
        return new Line(octets, false);
    }

    /** A line that prints as {@code ***}: it holds a secret, or came from a client and may hold one. */
    public static Line secret(String octets) {
        return new Line(octets, true);
    }

    /** The octets, one in each character. */
    public String octets() {
        return octets;
    }

    /** The octets as they go onto the wire, without CRLF. */
    public byte[] bytes() {
        return octets.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Line line && line.octets.equals(octets);
    }

    @Override
    public int hashCode() {
        return octets.hashCode();
    }

    /** The line, or {@code ***} if it is secret. */
    @Override
    public String toString() {
        return secret ? "***" : octets;
    }
}
