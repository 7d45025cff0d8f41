package io.dualpost.session;

import io.dualpost.address.Host;
import io.dualpost.address.HostRole;
import io.dualpost.route.Pool;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * What users configure in their mail client as one server.
 *
 * @param name      as the configuration calls it
 * @param dual      the dual-stack host
 * @param rescue    the IPv4-only host, if there is one
 * @param listeners at least one
 * @param pool      the backends behind
 */
public record Service(String name, Host dual, Optional<Host> rescue, List<Listener> listeners, Pool pool) {
    /** Copies the list. */
    public Service {
        listeners = List.copyOf(listeners);
    }

    /** Dual and rescue host, as far as configured. */
    public List<Host> hosts() {
        return rescue.map(host -> List.of(dual, host)).orElse(List.of(dual));
    }

    /**
     * Which host a client meant: the one it names, else the only one that answers at the local address.
     *
     * @param local  the address the client connected to
     * @param server the name the client asked for by SNI, in lower case, if it did
     */
    public HostRole roleOf(InetAddress local, Optional<String> server) {
        if (server.isPresent()) {
            return hosts().stream().filter(host -> host.name().equals(server.get())).map(Host::role).findFirst()
                    .orElse(HostRole.OTHER);
        }
        List<Host> candidates = hosts().stream().filter(host -> host.answersAt(local)).toList();
        return candidates.size() == 1 ? candidates.getFirst().role() : HostRole.NONE;
    }
}
