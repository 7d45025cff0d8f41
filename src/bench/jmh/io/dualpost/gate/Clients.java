package io.dualpost.gate;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Random;

/** Clients that come in turn, each from another network: so many that the processor does not hold them all. */
final class Clients {
    private static final int COUNT = 1 << 16;

    private final InetAddress[] addresses = new InetAddress[COUNT];
    private int next;

    /**
     * Clients of some of the networks.
     *
     * @param first  number of the first network
     * @param number of networks to choose from
     */
    Clients(int first, int number) {
        Random random = new Random(6177);
        for (int i = 0; i < COUNT; i++) {
            addresses[i] = address(first + random.nextInt(number), random.nextLong());
        }
    }

    InetAddress next() {
        next = (next + 1) & (COUNT - 1);
        return addresses[next];
    }

    /** A host in 2001:db8:network::/64, the number scattered as providers' networks are. */
    static InetAddress address(int network, long host) {
        long scattered = (network * 0x9E3779B1L) & 0xFFFFFFFFL;
        try {
            return InetAddress.getByAddress(
                    ByteBuffer.allocate(16).putLong(0x20010DB8_00000000L | scattered).putLong(host).array());
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException("16 octets (expected: an address)", impossible);
        }
    }
}
