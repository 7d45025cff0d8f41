package io.dualpost.demo;

import io.dualpost.address.Addresses;
import io.dualpost.address.Family;
import java.net.InetAddress;

/**
 * Where a client is, as far as the embedded servers know.
 *
 * @param address of the client, or of the proxy if nobody told
 * @param told    whether XCLIENT said it; otherwise it is the socket's own
 */
record Origin(InetAddress address, boolean told) {
    /** For a person: {@code 2001:db8::1 (family ipv6, told by XCLIENT)}. */
    @Override
    public String toString() {
        return Addresses.text(address) + " (" + facts() + ")";
    }

    /** An address literal of RFC 5321 section 4.1.3, without brackets. */
    String literal() {
        return (Family.of(address) == Family.IPV6 ? "IPv6:" : "") + Addresses.text(address);
    }

    /** {@code family ipv6, told by XCLIENT}. */
    String facts() {
        return "family " + Family.of(address).label() + ", " + (told ? "told by XCLIENT" : "as the socket says");
    }
}
