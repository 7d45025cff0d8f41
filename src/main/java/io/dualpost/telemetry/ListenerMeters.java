package io.dualpost.telemetry;

import io.dualpost.address.Family;
import io.dualpost.address.HostRole;
import io.dualpost.mail.Cause;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.Refusal;
import io.micrometer.core.instrument.Counter;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The meters of one listener, found once, so that a session looks nothing up by text; any thread may use them. */
public final class ListenerMeters {
    /** The counters of one family and host role. */
    record Cell(Counter connections, Map<Cause, Counter> closed, Map<Phase, Counter> timeouts,
            Map<LoginResult, Counter> logins, Counter accepted, Counter rejected, Counter received, Counter sent) {}

    /** What is measured per family alone. */
    record Row(AtomicInteger active, AtomicInteger sockets, Map<Refusal, Counter> refused,
            Map<String, Counter> handshakes,
            Map<HandshakeFailure, Counter> handshakeFailures, DistributionDataPoint session,
            DistributionDataPoint firstByte, DistributionDataPoint handshake, DistributionDataPoint login) {}

    private final String service;
    private final String name;
    private final Protocol protocol;
    private final Map<Family, Map<HostRole, Cell>> cells = new EnumMap<>(Family.class);
    private final Map<Family, Row> rows = new EnumMap<>(Family.class);

    ListenerMeters(Meters meters, Histograms histograms, String service, String name, Protocol protocol) {
        this.service = service;
        this.name = name;
        this.protocol = protocol;
        for (Family family : Family.values()) {
            rows.put(family, row(meters, histograms, family.label()));
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
        row(family).sockets().addAndGet(accepting ? 1 : -1);
    }

    Row row(Family family) {
        return of(rows, family);
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

    private Row row(Meters meters, Histograms histograms, String family) {
        AtomicInteger sockets = new AtomicInteger();
        meters.gauge(Metric.LISTENER_UP, () -> sockets.get() > 0 ? 1 : 0, name, family);
        Map<Refusal, Counter> refused = new EnumMap<>(Refusal.class);
        for (Refusal limit : List.of(Refusal.SESSION_LIMIT, Refusal.PREFIX_LIMIT)) {
            refused.put(limit, meters.counter(Metric.CONNECTIONS_REFUSED, name, family, limit.label()));
        }
        Map<String, Counter> handshakes = new HashMap<>();
        for (String version : Label.TLS_VERSION.closed()) {
            handshakes.put(version, meters.counter(Metric.TLS_HANDSHAKES, name, family, version));
        }
        Map<HandshakeFailure, Counter> failures = new EnumMap<>(HandshakeFailure.class);
        for (HandshakeFailure failure : HandshakeFailure.values()) {
            failures.put(failure, meters.counter(Metric.TLS_HANDSHAKE_FAILURES, name, family, failure.label()));
        }
        return new Row(meters.gauge(Metric.CONNECTIONS_ACTIVE, name, family), sockets, refused, handshakes, failures,
                histograms.session().labelValues(name, family), histograms.firstByte().labelValues(name, family),
                histograms.handshake().labelValues(name, family), histograms.login().labelValues(name, family));
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
