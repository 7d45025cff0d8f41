package io.dualpost.probe;

import java.time.Duration;

/** What a client meets at one address, as far as its waiting goes. Times are since its SYN. */
public sealed interface Outcome {
    /** The server does what is asked of it. */
    record Serves(Duration connected, Duration greeted) implements Outcome {}

    /** TCP is there, and then the session breaks: an error, and no client falls back. */
    record Breaks(Duration connected, Duration broke) implements Outcome {}

    /** TCP is there, and then nothing comes. */
    record Hangs(Duration connected) implements Outcome {}

    /** The SYN is answered with RST. */
    record Refused(Duration after) implements Outcome {}

    /** ICMP, or this machine's own routes, say that there is no way. */
    record Unreachable(Duration after) implements Outcome {}

    /** Nothing answers the SYN. */
    record Dropped() implements Outcome {}
}
