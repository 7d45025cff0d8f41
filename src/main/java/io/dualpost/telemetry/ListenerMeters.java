package io.dualpost.telemetry;

import io.dualpost.address.Family;
import io.dualpost.address.HostRole;
import io.dualpost.mail.Cause;
import io.dualpost.mail.Protocol;
import io.micrometer.core.instrument.Counter;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The meters of one listener, found once, so that a session looks nothing up by text; any thread may use them. */
public final class ListenerMeters {
    /** The counters of one family and host role. */
    record Cell(Counter connections, Map<Cause, Counter> closed, Map<Phase, Counter> timeouts,
            Map<LoginResult, Counter> logins, Counter accepted, Counter rejected, Counter received, Counter sent) {}

    private final String service;
    private final String name;
    private final Protocol protocol;
    private final Map<Family, Map<HostRole, Cell>> cells = new EnumMap<>(Family.class);
    private final Map<Family, AtomicInteger> active = new EnumMap<>(Family.class);
    private final Map<Family, AtomicInteger> up = new EnumMap<>(Family.class);

    ListenerMeters(Meters meters, String service, String name, Protocol protocol) {
        this.service = service;
        this.name = name;
        this.protocol = protocol;
        for (Family family : Family.values()) {
            active.put(family, meters.gauge(Metric.CONNECTIONS_ACTIVE, name, family.label()));
            AtomicInteger sockets = new AtomicInteger();
            meters.gauge(Metric.LISTENER_UP, () -> sockets.get() > 0 ? 1 : 0, name, family.label());
            up.put(family, sockets);
            Map<HostRole, Cell> roles = new EnumMap<>(HostRole.class);
            for (HostRole role : HostRole.values()) {
                roles.put(role, cell(meters, family.label(), role.label()));
            }
            cells.put(family, roles);
        }
    }

    /** The service that the listener belongs to. */
    public String service() {
        return service;
    }

    /** The listener's name. */
    public String name() {
        return name;
    }

    /** What it speaks. */
    public Protocol protocol() {
        return protocol;
    }

    /** One socket of this family begins or ceases to accept connections. */
    public void up(Family family, boolean accepting) {
        of(up, family).addAndGet(accepting ? 1 : -1);
    }

    AtomicInteger active(Family family) {
        return of(active, family);
    }

    Cell cell(Family family, HostRole role) {
        return of(of(cells, family), role);
    }

    /** The value of a key that is certainly there. */
    static <K, V> V of(Map<K, V> complete, K key) {
        V value = complete.get(key);
        if (value == null) {
            throw new IllegalStateException("nothing for " + key + " (expected: every constant is there)");
        }
        return value;
    }

    private Cell cell(Meters meters, String family, String role) {
        Map<Cause, Counter> closed = new EnumMap<>(Cause.class);
        for (Cause cause : Cause.values()) {
            closed.put(cause, meters.counter(Metric.CONNECTIONS_CLOSED, name, family, role, cause.label()));
        }
        Map<Phase, Counter> timeouts = new EnumMap<>(Phase.class);
        for (Phase phase : Phase.values()) {
            if (phase != Phase.ACCEPTED) {
                timeouts.put(phase, meters.counter(Metric.TIMEOUTS, name, family, role, phase.label()));
            }
        }
        Map<LoginResult, Counter> logins = new EnumMap<>(LoginResult.class);
        for (LoginResult result : LoginResult.values()) {
            logins.put(result, meters.counter(Metric.LOGINS, name, family, role, result.label()));
        }
        return new Cell(meters.counter(Metric.CONNECTIONS, name, family, role), closed, timeouts, logins,
                meters.counter(Metric.MESSAGES, name, family, role, "accepted"),
                meters.counter(Metric.MESSAGES, name, family, role, "rejected"),
                meters.counter(Metric.BYTES, name, family, role, "received"),
                meters.counter(Metric.BYTES, name, family, role, "sent"));
    }
}
