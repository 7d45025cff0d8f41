package io.dualpost.address;

import java.net.InetAddress;
import java.util.List;

/**
 * A DNS name that clients connect to, and the local addresses that answer for it.
 *
 * @param name      lower case, without the final dot
 * @param role      {@link HostRole#DUAL} or {@link HostRole#RESCUE}; a rescue host has IPv4 addresses only
 * @param addresses at least one; a wildcard address stands for every address of its family
 */
public record Host(String name, HostRole role, List<InetAddress> addresses) {
    /** Copies the list. */
    public Host {
        addresses = List.copyOf(addresses);
    }

    /** Whether a connection to this local address may be meant for this host. */
    public boolean answersAt(InetAddress local) {
        Family family = Family.of(local);
        for (InetAddress address : addresses) {
            if (address.isAnyLocalAddress() ? Family.of(address) == family : address.equals(local)) {
                return true;
            }
        }
        return false;
    }
}
