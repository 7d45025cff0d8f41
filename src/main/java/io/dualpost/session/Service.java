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
            String named = server.get();
            if (dual.name().equals(named)) {
                return dual.role();
            }
            return rescue.isPresent() && rescue.get().name().equals(named) ? rescue.get().role() : HostRole.OTHER;
        }
        boolean atDual = dual.answersAt(local);
        boolean atRescue = rescue.isPresent() && rescue.get().answersAt(local);
        if (atDual == atRescue) {
            return HostRole.NONE;
        }
        return atDual ? dual.role() : rescue.get().role();
    }

    /** The name of the host of this role; of the dual-stack host, if there is none. */
    public String nameOf(HostRole role) {
        return rescue.isPresent() && rescue.get().role() == role ? rescue.get().name() : dual.name();
    }
}
