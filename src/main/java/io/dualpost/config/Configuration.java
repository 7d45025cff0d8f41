package io.dualpost.config;

import io.dualpost.address.Endpoint;
import io.dualpost.gate.Ipv6Policy;
import io.dualpost.gate.Limits;
import io.dualpost.session.Service;
import io.dualpost.telemetry.Log;
import io.dualpost.tls.Certificate;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * All that the operator wants, whole and immutable.
 *
 * @param services     at least one
 * @param certificates loaded, each with its key; together they cover every host
 * @param limits       how many sessions may be open
 * @param ipv6         what is done about IPv6 that does not work
 * @param admin        where metrics and health are served, if at all
 * @param orders       where orders for the proxy are taken, if at all
 * @param fingerprint  of the text of all its files: 16 hexadecimal digits that change when the text does
 * @param log          how and where the log is written
 * @param eventLoops   threads for sessions; 0: one for each processor
 */
public record Configuration(List<Service> services, List<Certificate> certificates, Limits limits,
        Ipv6Policy ipv6, Optional<Endpoint> admin, Optional<AdminSocket> orders, Log.Settings log, int eventLoops,
        String fingerprint) {
    /**
     * A unix socket for orders.
     *
     * @param group whose members may use it, beside root and the proxy's own user
     */
    public record AdminSocket(Path path, Optional<String> group) {}

    /** Copies the lists. */
    public Configuration {
        services = List.copyOf(services);
        certificates = List.copyOf(certificates);
    }
}
