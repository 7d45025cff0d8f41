package io.dualpost.session;

import io.dualpost.connect.Dialer;
import io.dualpost.route.Health;
import io.dualpost.route.Pool;
import io.dualpost.tls.BackendTls;
import java.util.Optional;

/**
 * All that it takes to reach the backends of one pool.
 *
 * @param tls there unless the pool is without TLS
 */
public record Backends(Pool pool, Dialer dialer, Health health, Optional<BackendTls> tls) {}
