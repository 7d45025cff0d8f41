package io.dualpost.admin;

import io.dualpost.address.Addresses;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a {@code Host} header names this server. A web page elsewhere can make a browser on this machine ask us under
 * the page's own name (DNS rebinding), and must not get an answer.
 */
final class HostHeader {
    private HostHeader() {}

    /**
     * Takes {@code localhost}, loopback addresses and the very address that the client connected to, with or without a
     * port.
     */
    static boolean names(String header, InetAddress local) {
        String host = withoutPort(header).toLowerCase(Locale.ROOT);
        if (host.equals("localhost") || host.endsWith(".localhost")) {
            return true;
        }
        Optional<InetAddress> literal = Addresses.literal(host);
        return literal.isPresent() && (literal.get().isLoopbackAddress()
                || Addresses.fold(literal.get()).equals(Addresses.fold(local)));
    }

    private static String withoutPort(String header) {
        if (header.startsWith("[")) {
            int end = header.indexOf(']');
            return end > 0 && header.substring(end + 1).matches("(:[0-9]{0,5})?") ? header.substring(1, end) : "";
        }
        int colon = header.indexOf(':');
        if (colon < 0) {
            return header;
        }
        return header.substring(colon).matches(":[0-9]{0,5}") ? header.substring(0, colon) : "";
    }
}
