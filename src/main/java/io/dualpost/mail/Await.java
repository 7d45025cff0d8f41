package io.dualpost.mail;

import java.util.List;

/** What must come in {@link SubmissionTransfer} before the next command of the client is taken. */
sealed interface Await {
    /** Nothing. */
    record Nothing() implements Await {}

    /** The answer to DATA. */
    record Data() implements Await {}

    /** The end of content; whether it completes the message, and whether the backend has answered already. */
    record Streaming(boolean last, boolean answered) implements Await {}

    /** The answer to a whole message. */
    record Verdict() implements Await {}

    /** The answer to EHLO, as far as it is there. */
    record Hello(List<ReplyLine> lines) implements Await {
        /** Copies the list. */
        public Hello {
            lines = List.copyOf(lines);
        }
    }

    /** The answer to QUIT. */
    record Farewell() implements Await {}

    /** All answers that the backend owes; then the proxy says this. */
    record Settled(Refusal refusal, boolean ends) implements Await {}
}
