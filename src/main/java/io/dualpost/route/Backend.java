package io.dualpost.route;

import io.dualpost.address.Endpoint;

/**
 * One mailbox or submission server.
 *
 * @param pool     the name of the pool it belongs to
 * @param endpoint where it listens; a name may stand for addresses of both families
 */
public record Backend(String pool, Endpoint endpoint) {
    /** The name in metrics, records and logs: {@code host:port}. */
    public String name() {
        return endpoint.toString();
    }
}
