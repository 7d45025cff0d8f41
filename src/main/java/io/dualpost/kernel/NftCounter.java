package io.dualpost.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * The table's counter, asked of the kernel itself. The program nft reads all sets of all tables before it prints one number:
 * with 20,000 prefixes, or somebody else's long lists, that is some tenths of a second, again and again.
 */
final class NftCounter {
    private static final int NETLINK_NETFILTER = 12;
    private static final int NLMSG_ERROR = 2;
    private static final int NLM_F_REQUEST = 1;
    private static final int GET_OBJECT = 10 << 8 | 19;
    private static final int NEW_OBJECT = 10 << 8 | 18;
    private static final byte NFPROTO_INET = 1;
    private static final int OBJECT_TABLE = 1;
    private static final int OBJECT_NAME = 2;
    private static final int OBJECT_TYPE = 3;
    private static final int OBJECT_DATA = 4;
    private static final int COUNTER = 1;
    private static final int COUNTER_PACKETS = 2;
    /** Two bits of an attribute's type say how it is laid out. */
    private static final int TYPE = 0x3fff;
    private static final int ENOENT = 2;
    /** {@code struct nlmsghdr}, then {@code struct nfgenmsg}. */
    private static final int HEADER = 16;
    private static final int ATTRIBUTES = HEADER + 4;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private NftCounter() {}

    /** Packets counted; nothing if there is no such table or counter. */
    static OptionalLong packets() throws IOException {
        try (NetlinkSocket socket = NetlinkSocket.open(NETLINK_NETFILTER, PATIENCE)) {
            socket.send(request());
            return packets(socket.receive());
        }
    }

    /** Asks for the counter. */
    static byte[] request() {
        ByteBuffer out = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());
        out.position(HEADER).put(NFPROTO_INET).put((byte) 0).putShort((short) 0);
        attribute(out, OBJECT_TABLE, text(NftText.NAME));
        attribute(out, OBJECT_NAME, text(NftText.COUNTER));
        attribute(out, OBJECT_TYPE, new byte[] {0, 0, 0, COUNTER});
        out.putInt(0, out.position()).putShort(4, (short) GET_OBJECT).putShort(6, (short) NLM_F_REQUEST);
        byte[] octets = new byte[out.flip().remaining()];
        out.get(octets);
        return octets;
    }

    /** Reads the answer. */
    static OptionalLong packets(ByteBuffer datagram) throws IOException {
        ByteBuffer in = datagram.order(ByteOrder.nativeOrder());
        if (in.remaining() < ATTRIBUTES || in.getInt(0) < ATTRIBUTES || in.getInt(0) > in.remaining()) {
            throw malformed("message of " + in.remaining() + " octets");
        }
        if (in.getShort(4) == NLMSG_ERROR) {
            int errno = -in.getInt(HEADER);
            if (errno == ENOENT) {
                return OptionalLong.empty();
            }
            throw new IOException("counter: errno " + errno);
        }
        if (in.getShort(4) != NEW_OBJECT) {
            throw malformed("message of type " + in.getShort(4));
        }
        ByteBuffer data = find(in.limit(in.getInt(0)).position(ATTRIBUTES), OBJECT_DATA);
        ByteBuffer packets = find(data, COUNTER_PACKETS);
        if (packets.remaining() != Long.BYTES) {
            throw malformed("count of " + packets.remaining() + " octets");
        }
        return OptionalLong.of(packets.order(ByteOrder.BIG_ENDIAN).getLong());
    }

    private static ByteBuffer find(ByteBuffer in, int wanted) throws IOException {
        while (in.remaining() >= 4) {
            int start = in.position();
            int length = in.getShort(start) & 0xffff;
            if (length < 4 || length > in.remaining()) {
                throw malformed("attribute of " + length + " octets in " + in.remaining());
            }
            if ((in.getShort(start + 2) & TYPE) == wanted) {
                return in.slice(start + 4, length - 4).order(ByteOrder.nativeOrder());
            }
            in.position(start + Math.min(in.remaining(), (length + 3) & ~3));
        }
        throw malformed("no attribute " + wanted);
    }

    private static void attribute(ByteBuffer out, int type, byte[] value) {
        out.putShort((short) (4 + value.length)).putShort((short) type).put(value);
        out.position((out.position() + 3) & ~3);
    }

    private static byte[] text(String name) {
        return (name + "\0").getBytes(US_ASCII);
    }

    private static IOException malformed(String found) {
        return new IOException("counter: " + found + " (expected: a message of nf_tables)");
    }
}
