package io.dualpost.gate;

import java.time.Duration;

/**
 * What the kernel knows of a connection (struct tcp_info, linux/tcp.h), as far as it shows a broken path.
 *
 * @param unacked     segments that were sent and not acknowledged
 * @param sacked      those of them that the client has although it misses an earlier one (RFC 2018)
 * @param retransmits time-outs in a row without an acknowledgement of anything new
 * @param outOfOrder  segments that arrived before an earlier one did, since accept
 * @param received    octets that arrived with none missing before them, since accept
 * @param resent      segments that were sent again since the client's SYN, the answer to which is one
 */
public record PathReading(int unacked, int sacked, int retransmits, int outOfOrder, long received, int resent) {
    /** Of a connection on which nothing has happened yet. */
    public static final PathReading NOTHING = new PathReading(0, 0, 0, 0, 0, 0);
    private static final Duration OWN_TIMER = Duration.ofSeconds(3);
    /** A client whose SYN was lost repeats its first words after 3 s (RFC 6298 section 5.7). */
    private static final Duration CLIENT_TIMER = Duration.ofMillis(3700);
    /**
     * One that missed the answer to its SYN takes the second it lost for the round trip: it probes after 2.3 s (RFC 8985
     * section 7), and repeats 3.1 s later.
     */
    private static final Duration MISLED_CLIENT_TIMER = Duration.ofSeconds(6);
    /** The second time-out in a row comes after three times the first: one lost packet does not get there. */
    private static final int STALLED = 2;

    /**
     * What it means.
     *
     * @param before the reading from when the client's turn began
     * @param heard  whether anything came from the client that it was waited for
     */
    public PathVerdict verdict(PathReading before, boolean heard) {
        if (unacked > 0 && retransmits >= STALLED) {
            return sacked > 0 ? PathVerdict.PATH_MTU : PathVerdict.RETURN_PATH;
        }
        if (heard) {
            return PathVerdict.FINE;
        }
        if (outOfOrder > before.outOfOrder && received == before.received) {
            return PathVerdict.CLIENT_LOSS;
        }
        return unacked == 0 ? PathVerdict.SILENT : PathVerdict.FINE;
    }

    /** How long after the client's turn began a verdict is more than chance. */
    public Duration certain(PathVerdict verdict) {
        return switch (verdict) {
            case FINE, PATH_MTU, RETURN_PATH -> OWN_TIMER;
            case CLIENT_LOSS, SILENT -> resent == 0 ? CLIENT_TIMER : MISLED_CLIENT_TIMER;
        };
    }

    /** In words for an operator. */
    public String says() {
        return unacked + " segments not acknowledged, " + sacked + " of them there, " + retransmits
                + " time-outs in a row, " + outOfOrder + " arrived out of order, " + received + " octets received, "
                + resent + " segments sent again";
    }
}
