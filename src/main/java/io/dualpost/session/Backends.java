package io.dualpost.session;

import io.dualpost.address.Family;
import io.dualpost.connect.Dialer;
import io.dualpost.route.Health;
import io.dualpost.route.Backend;
import io.dualpost.route.Pool;
import io.dualpost.telemetry.BackendMeters;
import io.dualpost.tls.BackendTls;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that it takes to reach the backends of one pool.
 *
 * @param tls    there unless the pool is without TLS
 * @param meters of each backend of the pool
 */
public record Backends(Pool pool, Dialer dialer, Health health, Optional<BackendTls> tls,
        Map<Backend, BackendMeters> meters) {
    private static final Logger LOG = LoggerFactory.getLogger(Backends.class);

    /** Copies the map. */
    public Backends {
        meters = Map.copyOf(meters);
    }

    /**
     * A backend did not serve.
     *
     * @param family by which way; if there is none, it had no address to try
     * @param detail for the operator's log
     */
    void failed(Backend backend, Optional<Family> family, long now, String detail) {
        for (Family way : family.map(List::of).orElse(List.of(Family.values()))) {
            if (health.failed(backend, way, now)) {
                LOG.warn("backend {} of pool {} is out of order over {}: {}", backend.name(), backend.pool(), way,
                        detail);
            }
        }
    }

    /** A backend served. */
    void served(Backend backend, Family family) {
        if (health.served(backend, family)) {
            LOG.info("backend {} of pool {} serves again over {}", backend.name(), backend.pool(), family);
        }
    }

    /** The meters of one of them. */
    BackendMeters meters(Backend backend) {
        return Optional.ofNullable(meters.get(backend)).orElseThrow();
    }
}
