package io.dualpost.mail;

import java.util.Locale;

/** What a listener does with line endings other than CRLF, in commands and in message content. */
public enum LineEndings {
    /**
     * A lone LF becomes CRLF, a lone CR becomes a space, and only a true CRLF.CRLF ends a message: what the client
     * sends as one message stays one message at a backend of any strictness.
     */
    NORMALIZE,
    /** A command is refused with 500, a message with 550 after its end. */
    REJECT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As metrics, records and configuration spell it. */
    public String label() {
        return label;
    }
}
