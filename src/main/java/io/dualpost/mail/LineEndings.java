package io.dualpost.mail;

import java.util.Locale;

/** What a listener does with line endings other than CRLF, in commands and in message content. */
public enum LineEndings {
    /**
     * A lone LF ends a command. In a message a lone LF becomes CRLF, a lone CR a space (as Postfix does it), and only a
     * true CRLF.CRLF ends it: what the client sends as one message stays one message at a backend of any strictness.
     */
    NORMALIZE,
    /**
     * A command that a lone LF ends is refused with 500; a message with a lone CR or LF with 550 after its end, and the
     * backend never sees that end.
     */
    REJECT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As metrics, records and configuration spell it. */
    public String label() {
        return label;
    }
}
