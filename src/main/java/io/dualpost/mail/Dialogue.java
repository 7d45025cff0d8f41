package io.dualpost.mail;

/** One side of one protocol, as a value: an event in, the next dialogue and actions out. */
public interface Dialogue {
    /** What comes of this event. */
    Step on(Event event);

    /** Whether it wants to hear the next line now; lines that come sooner wait, untouched. */
    boolean listens();

    /** Octets that a line may have, without CRLF. */
    default int lineLimit() {
        return 12288;
    }
}
