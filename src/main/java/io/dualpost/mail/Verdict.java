package io.dualpost.mail;

import java.util.Locale;

/** What became of a submitted message. */
public enum Verdict {
    /** The backend took it. */
    ACCEPTED,
    /** The backend did not take it now (4yz). */
    DEFERRED,
    /** The backend will not take it (5yz). */
    REJECTED,
    /** It was given up before a verdict: the client went, or began anew, or the backend was lost. */
    ABORTED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The verdict of a reply (RFC 5321 section 4.2.1). */
    static Verdict of(int code) {
        return switch (code / 100) {
            case 2 -> ACCEPTED;
            case 4 -> DEFERRED;
            default -> REJECTED;
        };
    }

    /** As metrics spell it. */
    public String label() {
        return label;
    }
}
