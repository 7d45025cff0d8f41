package io.dualpost;

import io.dualpost.address.Family;
import io.dualpost.kernel.HalfOpen;
import io.dualpost.telemetry.GateMeters;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts every 5 s the connections that were begun and not finished: clients that our answers do not reach. The kernel looks
 * through all its connections for that, which takes some milliseconds.
 */
final class HalfOpenWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HalfOpenWatch.class);
    private static final long EVERY_SECONDS = 5;

    private final HalfOpen halfOpen = HalfOpen.open();
    private final Set<Integer> ports;
    private final Map<Family, List<AtomicInteger>> cells = new EnumMap<>(Family.class);
    private final ScheduledExecutorService thread = Executors
            .newSingleThreadScheduledExecutor(task -> Thread.ofPlatform().name("half-open").daemon().unstarted(task));

    private HalfOpenWatch(Set<Integer> ports, GateMeters meters) {
        this.ports = Set.copyOf(ports);
        for (Family family : Family.values()) {
            cells.put(family, meters.halfOpen(family));
        }
    }

    /** Begins to count those to these ports. */
    static HalfOpenWatch start(Set<Integer> ports, GateMeters meters) {
        HalfOpenWatch watch = new HalfOpenWatch(ports, meters);
        watch.thread.scheduleWithFixedDelay(watch::look, 0, EVERY_SECONDS, TimeUnit.SECONDS);
        return watch;
    }

    private void look() {
        try {
            halfOpen.count(ports).ifPresent(counts -> cells.forEach((family, cell) -> {
                cell.getFirst().set(counts.of(family).all());
                cell.getLast().set(counts.of(family).retried());
            }));
        } catch (RuntimeException e) {
            // Thrown on, it would end the watch for good.
            LOG.error("half-open connections", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
