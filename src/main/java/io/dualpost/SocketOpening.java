package io.dualpost;

import io.dualpost.address.Addresses;
import io.dualpost.address.Family;
import io.dualpost.connect.Transport;
import io.dualpost.session.ListenerSocket;
import io.dualpost.session.Terms;
import io.dualpost.systemd.PassedSockets;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where listening sockets come from: passed to the process, or opened here. */
record SocketOpening(Transport transport, EventLoopGroup loops, PassedSockets passed) {
    private static final Logger LOG = LoggerFactory.getLogger(SocketOpening.class);

    /** The sockets of listeners for one family, which do not accept yet. */
    List<ListenerSocket> sockets(List<Terms> all, Family family) {
        List<ListenerSocket> of = new ArrayList<>();
        for (Terms terms : all) {
            List<InetAddress> addresses = terms.service().hosts().stream().flatMap(host -> host.addresses().stream())
                    .filter(address -> Family.of(address) == family).distinct().toList();
            // A wildcard of one host covers what another host names one by one.
            List<InetAddress> wildcards = addresses.stream().filter(InetAddress::isAnyLocalAddress).toList();
            (wildcards.isEmpty() ? addresses : wildcards)
                    .forEach(address -> of.add(socket(terms, address)));
        }
        return of;
    }

    private ListenerSocket socket(Terms terms, InetAddress address) {
        int port = terms.listener().port();
        Optional<PassedSockets.PassedSocket> here = passed.take(new InetSocketAddress(address, port));
        if (here.isPresent()) {
            return ListenerSocket.passed(transport, loops, terms, address, here.get().descriptor());
        }
        if (passed.any()) {
            LOG.warn("listener {}: no socket was passed for {}, it is opened here", terms.listener().name(),
                    Addresses.text(address, port));
        }
        return ListenerSocket.of(transport, loops, terms, address);
    }

    /**
     * To be called when all are open.
     *
     * @throws IOException if a passed socket is left: clients would connect to it, and wait for ever
     */
    void finish() throws IOException {
        if (!passed.left().isEmpty()) {
            throw new IOException(passed.left().stream().map(socket -> socket + ": no listener on "
                    + Addresses.text(socket.local().getAddress(), socket.local().getPort()))
                    .collect(Collectors.joining("; "))
                    + " (expected: ListenStream= with an address and port of the configuration)");
        }
    }
}
