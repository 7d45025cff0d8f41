package io.dualpost.mail;

/** All that a dialogue can ask of the world. */
public sealed interface Action {
    /** Say a line to this dialogue's own other end. */
    record Say(Line line) implements Action {}

    /** Say no to this dialogue's own other end, in the refusal's words. */
    record Refuse(Refusal refusal, Protocol protocol) implements Action {
        /** The words. */
        public Line words() {
            return refusal.words(protocol);
        }
    }

    /** Start TLS on this connection; anything that was said and not yet taken is an injection (RFC 3207 section 4). */
    record StartTls() implements Action {}

    /** Seek a backend for these credentials; answered by {@link Event.Joined} or {@link Event.Declined}. */
    record Seek(Credentials credentials, HeloName helo) implements Action {}

    /** Tell the dialogue on the other side of the proxy. */
    record Tell(Event event) implements Action {}

    /** Say the line to the other side's other end, as it is. */
    record Pass(Line line) implements Action {}

    /** Let message content through to the other side; answered by {@link Event.Streamed}. */
    record Stream(Content content) implements Action {}

    /** From here on, octets go both ways untouched. */
    record Relay() implements Action {}

    /** What became of a message whose content had begun. */
    record Message(Verdict verdict) implements Action {}

    /** Close, after all that was said has left. */
    record End(Cause cause) implements Action {}
}
