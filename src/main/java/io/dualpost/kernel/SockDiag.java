package io.dualpost.kernel;

import io.dualpost.address.Family;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Set;

/** Half-open connections as the kernel itself lists them, in the messages of sock_diag(7). */
final class SockDiag {
    private static final int AF_INET = 2;
    private static final int NETLINK_SOCK_DIAG = 4;
    /** The older of two questions, and the one that both families answer at once: the kernel looks through its table once. */
    private static final int TCPDIAG_GETSOCK = 18;
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int NLM_F_REQUEST = 1;
    private static final int NLM_F_DUMP = 0x300;
    private static final int HEADER = 16;
    /** {@code struct inet_diag_req}. */
    private static final int REQUEST = HEADER + 60;
    private static final int STATES = HEADER + 52;
    /** {@code struct inet_diag_msg}. */
    private static final int ENTRY = 72;
    private static final int TCP_SYN_RECV = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    /** Octets: a million entries. Above it the machine has another trouble, and its count is no news. */
    private static final int MOST_OCTETS = 100 << 20;

    private SockDiag() {}

    /** Counts those to the ports, of both families. */
    static HalfOpen.Counts count(Set<Integer> ports) throws IOException {
        HalfOpen.Tally tally = new HalfOpen.Tally();
        try (NetlinkSocket socket = NetlinkSocket.open(NETLINK_SOCK_DIAG, PATIENCE)) {
            socket.send(request());
            int octets = 0;
            ByteBuffer datagram;
            do {
                datagram = socket.receive();
                octets += datagram.remaining();
                if (octets > MOST_OCTETS) {
                    throw new IOException("more than " + MOST_OCTETS + " octets (expected: fewer)");
                }
            } while (!take(datagram, ports, tally));
        }
        return tally.counts();
    }

    /** Asks for all TCP sockets that are in SYN_RECV. */
    static byte[] request() {
        return ByteBuffer.allocate(REQUEST).order(ByteOrder.nativeOrder()).putInt(REQUEST)
                .putShort((short) TCPDIAG_GETSOCK).putShort((short) (NLM_F_REQUEST | NLM_F_DUMP))
                .putInt(STATES, 1 << TCP_SYN_RECV).array();
    }

    /**
     * Reads one datagram of the answer.
     *
     * @return whether it was the last
     * @throws IOException if it is an error, or no such datagram
     */
    static boolean take(ByteBuffer datagram, Set<Integer> ports, HalfOpen.Tally tally) throws IOException {
        ByteBuffer in = datagram.order(ByteOrder.nativeOrder());
        while (in.remaining() >= HEADER) {
            int start = in.position();
            int length = in.getInt(start);
            if (length < HEADER || length > in.remaining()) {
                throw malformed("message of " + length + " octets in " + in.remaining());
            }
            int type = in.getShort(start + 4);
            switch (type) {
                case NLMSG_DONE -> {
                    return true;
                }
                case NLMSG_ERROR -> throw error(in, start, length);
                case TCPDIAG_GETSOCK -> entry(in, start + HEADER, length - HEADER, ports, tally);
                default -> throw malformed("message of type " + type);
            }
            // Messages begin at multiples of four; the last may end before.
            in.position(start + Math.min(in.remaining(), length + 3 & ~3));
        }
        if (in.hasRemaining()) {
            throw malformed(in.remaining() + " octets behind the last message");
        }
        return false;
    }

    private static void entry(ByteBuffer in, int at, int length, Set<Integer> ports, HalfOpen.Tally tally)
            throws IOException {
        if (length < ENTRY) {
            throw malformed("entry of " + length + " octets");
        }
        int port = (in.get(at + 4) & 0xff) << 8 | (in.get(at + 5) & 0xff);
        if (in.get(at + 1) == TCP_SYN_RECV && ports.contains(port)) {
            byte[] peer = new byte[in.get(at) == AF_INET ? 4 : 16];
            in.get(at + 24, peer);
            tally.add(Family.of(address(peer)), in.get(at + 3) != 0);
        }
    }

    private static IOException error(ByteBuffer in, int start, int length) {
        return length < HEADER + 4 ? malformed("error without a number")
                : new IOException("errno " + -in.getInt(start + HEADER));
    }

    private static IOException malformed(String found) {
        return new IOException("answer: " + found + " (expected: a message of sock_diag)");
    }

    private static InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("4 or 16 octets are an address", impossible);
        }
    }
}
