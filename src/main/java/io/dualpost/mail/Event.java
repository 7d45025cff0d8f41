package io.dualpost.mail;

/** What can happen to a dialogue. */
public sealed interface Event {
    /**
     * The connection is there.
     *
     * @param secure whether TLS is on already
     * @param host   the name that this side of the proxy goes by
     */
    record Opened(boolean secure, String host) implements Event {}

    /** The other end said a line. */
    record Said(Line line) implements Event {}

    /** The other end said something that is no line; the refusal says why. */
    record Malformed(Refusal refusal) implements Event {}

    /** TLS is on now, after {@link Action.StartTls}; the host as in {@link Opened}. */
    record Secured(String host) implements Event {}

    /**
     * The backend took the login.
     *
     * @param words the backend's own positive answer
     * @param offer what the backend announced on this very connection
     */
    record Joined(Line words, Offer offer) implements Event {}

    /** The login came to nothing. */
    record Declined(Refusal refusal) implements Event {}

    /**
     * The backend works, but did not take this login, for a reason that is not the password; another may take it.
     *
     * @param detail for the operator's log, never for the client
     */
    record Postponed(Refusal refusal, String detail) implements Event {}

    /** The backend answered a probe with what it offers. */
    record Probed(Offer offer) implements Event {}

    /** The backend said a line during the watched relay. */
    record Heard(Line line) implements Event {}

    /**
     * Message content has gone through, after {@link Action.Stream}.
     *
     * @param clean whether it met the listener's line-ending policy; if not, the backend did not get its end
     */
    record Streamed(boolean clean) implements Event {}

    /**
     * Something from outside the protocol: a time-out, a drain, a dead or faulty other side.
     *
     * @param detail for the operator's log, never for the client
     */
    record Troubled(Refusal refusal, String detail) implements Event {}
}
