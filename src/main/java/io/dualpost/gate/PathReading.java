package io.dualpost.gate;

/**
 * What the kernel knows of a connection (struct tcp_info, linux/tcp.h), as far as it shows a broken path.
 *
 * @param unacked     segments that were sent and not acknowledged
 * @param sacked      those of them that the client has although it misses an earlier one (RFC 2018)
 * @param retransmits time-outs in a row without an acknowledgement of anything new
 * @param outOfOrder  segments that arrived before an earlier one did, since accept
 */
public record PathReading(int unacked, int sacked, int retransmits, int outOfOrder) {
    /** The second time-out in a row comes after three times the first: one lost packet does not get there. */
    private static final int STALLED = 2;

    /**
     * What it means.
     *
     * @param heard whether anything came from the client that it was waited for
     */
    public PathVerdict verdict(boolean heard) {
        if (unacked > 0 && retransmits >= STALLED) {
            return sacked > 0 ? PathVerdict.PATH_MTU : PathVerdict.RETURN_PATH;
        }
        if (heard) {
            return PathVerdict.FINE;
        }
        if (outOfOrder > 0) {
            return PathVerdict.CLIENT_LOSS;
        }
        return unacked == 0 ? PathVerdict.SILENT : PathVerdict.FINE;
    }
}
