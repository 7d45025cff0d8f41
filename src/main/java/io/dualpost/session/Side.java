package io.dualpost.session;

import io.dualpost.mail.Action;
import io.dualpost.mail.Refusal;
import io.netty.channel.Channel;

/** The side of the proxy that a {@link DialogueHandler} works for: the client's session, or a connection to a backend. */
interface Side {
    /** The first line was heard. */
    void heard();

    /** Starts TLS; answered by {@link io.dualpost.mail.Event.Secured}. */
    void startTls();

    /** Somebody put words before a TLS handshake. */
    void injected();

    /** Performs what is not about the dialogue's own channel alone. */
    void perform(Action action);

    /** The other end was told no. */
    void refused(Refusal refusal);

    /** Where content goes. */
    Channel other();

    /** Octets of message content went on. */
    void content(int octets);

    /** All content of a message or chunk has gone. */
    void streamed();

    /** Octets came in or went out. */
    void moved(long received, long sent);

    /** The channel takes more again. */
    void writable();

    /** The other end has closed, and nothing that it said before is left. */
    void closed();

    /** The connection broke. */
    void broken(Throwable cause);
}
