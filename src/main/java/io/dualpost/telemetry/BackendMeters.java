package io.dualpost.telemetry;

import io.dualpost.address.Family;
import io.micrometer.core.instrument.Counter;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/** The meters of one backend; any thread may use them. */
public final class BackendMeters {
    private record Row(Counter served, Counter failed, Map<ConnectResult, Counter> connects,
            DistributionDataPoint duration, AtomicInteger active) {}

    private final Meters meters;
    private final String pool;
    private final String backend;
    private final Counter found;
    private final Counter notFound;
    private final Map<Family, Row> rows = new EnumMap<>(Family.class);

    BackendMeters(Meters meters, Histograms histograms, String pool, String backend) {
        this.meters = meters;
        this.pool = pool;
        this.backend = backend;
        this.found = meters.counter(Metric.BACKEND_LOOKUPS, pool, backend, "ok");
        this.notFound = meters.counter(Metric.BACKEND_LOOKUPS, pool, backend, "failed");
        for (Family family : Family.values()) {
            String[] labels = {pool, backend, family.label()};
            rows.put(family, new Row(meters.counter(Metric.BACKEND_CHECKS, pool, backend, family.label(), "ok"),
                    meters.counter(Metric.BACKEND_CHECKS, pool, backend, family.label(), "failed"),
                    meters.counters(Metric.BACKEND_CONNECTS, ConnectResult.class, List.of(ConnectResult.values()),
                            ConnectResult::label, labels),
                    histograms.connect().labelValues(labels),
                    meters.gauge(Metric.BACKEND_CONNECTIONS_ACTIVE, labels)));
        }
    }

    /** What is known of the backend, asked at each scrape: whether it serves, and how many addresses it has. */
    public void known(Predicate<Family> isUp, ToIntFunction<Family> addresses) {
        for (Family family : Family.values()) {
            meters.gauge(Metric.BACKEND_UP, () -> isUp.test(family) ? 1 : 0, pool, backend, family.label());
            meters.gauge(Metric.BACKEND_ADDRESSES, () -> addresses.applyAsInt(family), pool, backend, family.label());
        }
    }

    /** The backend's name was looked up. */
    public void lookedUp(boolean wasFound) {
        (wasFound ? found : notFound).increment();
    }

    /** A probe is over. */
    public void probed(Family family, boolean served) {
        Row row = ListenerMeters.of(rows, family);
        (served ? row.served : row.failed).increment();
    }

    /**
     * A session's try to reach the backend is over.
     *
     * @param nanos since its SYN
     */
    public void tried(Family family, ConnectResult result, long nanos) {
        Row row = ListenerMeters.of(rows, family);
        ListenerMeters.of(row.connects, result).increment();
        if (result == ConnectResult.OK) {
            row.duration.observe(nanos / 1e9);
        }
    }

    /** A session's connection to the backend was opened or closed. */
    public void active(Family family, boolean opened) {
        ListenerMeters.of(rows, family).active.addAndGet(opened ? 1 : -1);
    }
}
