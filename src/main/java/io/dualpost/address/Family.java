package io.dualpost.address;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;

/** The address family of a peer. An IPv4-mapped IPv6 address (::ffff:a.b.c.d, RFC 4291 section 2.5.5.2) is IPv4. */
public enum Family {
    IPV4, IPV6;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The family of an address; nobody else decides this. */
    public static Family of(InetAddress address) {
        return address instanceof Inet6Address && !isMapped(address.getAddress()) ? IPV6 : IPV4;
    }

    /** As metrics, records and configuration spell it: {@code ipv4} or {@code ipv6}. */
    public String label() {
        return label;
    }

    /** As people read it: {@code IPv4} or {@code IPv6}. */
    @Override
    public String toString() {
        return this == IPV4 ? "IPv4" : "IPv6";
    }

    static boolean isMapped(byte[] address) {
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return address.length == 16 && address[10] == -1 && address[11] == -1;
    }
}
