package io.dualpost.telemetry;

import io.dualpost.address.Family;
import io.dualpost.gate.Fallbacks;
import io.dualpost.gate.PathVerdict;
import io.dualpost.gate.RefusedNetworks;
import io.micrometer.core.instrument.Counter;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/** What the gate does about IPv6 that does not work; any thread may use it. */
public final class GateMeters {
    static final Set<PathVerdict> VERDICTS = EnumSet.complementOf(EnumSet.of(PathVerdict.FINE));
    static final List<PathVerdict> BROKEN = VERDICTS.stream().filter(PathVerdict::isBroken).toList();

    /** What became of an attempt from a refused network. */
    public enum Method {
        /** The kernel answered its first packet by a reset. */
        KERNEL,
        /** It was accepted and reset. */
        RESET,
        /** It was let in, as nobody is refused in this mode. */
        OBSERVED;

        private final String label = name().toLowerCase(Locale.ROOT);

        String label() {
            return label;
        }
    }

    private final Meters meters;
    private final Map<PathVerdict, Counter> learned;
    private final Counter forgotten;
    private final Counter reset;
    private final Counter observed;
    private final DistributionDataPoint certain;
    private final DistributionDataPoint estimated;

    GateMeters(Meters meters, Histograms histograms) {
        this.meters = meters;
        this.learned = meters.counters(Metric.GATE_LEARNED, PathVerdict.class, BROKEN, PathVerdict::label);
        this.forgotten = meters.counter(Metric.GATE_FORGOTTEN);
        this.reset = meters.counter(Metric.GATE_REFUSALS, Method.RESET.label());
        this.observed = meters.counter(Metric.GATE_REFUSALS, Method.OBSERVED.label());
        this.certain = histograms.fallback().labelValues("account");
        this.estimated = histograms.fallback().labelValues("estimate");
    }

    /**
     * What the set holds, and what the kernel does with it; asked at each scrape.
     *
     * @param networks by origin
     * @param hits     SYNs that the kernel refused, ever growing
     */
    public void set(ToIntFunction<RefusedNetworks.Origin> networks, BooleanSupplier kernel, LongSupplier hits) {
        for (RefusedNetworks.Origin origin : RefusedNetworks.Origin.values()) {
            meters.gauge(Metric.GATE_NETWORKS, () -> networks.applyAsInt(origin), origin.label());
        }
        meters.gauge(Metric.GATE_KERNEL_UP, () -> kernel.getAsBoolean() ? 1 : 0);
        meters.counting(Metric.GATE_REFUSALS, hits, Method.KERNEL.label());
    }

    /** Lists of accounts, asked at each scrape. */
    public void accounts(Supplier<Fallbacks.Counts> counts) {
        meters.gauge(Metric.RESCUE_CANDIDATES, () -> counts.get().candidates(), "to_rescue");
        meters.gauge(Metric.RESCUE_CANDIDATES, () -> counts.get().returning(), "to_return");
    }

    /** A place to put half-open connections of a family: all of them, and those with retransmits. */
    public List<AtomicInteger> halfOpen(Family family) {
        return List.of(meters.gauge(Metric.HALF_OPEN, family.label(), "all"),
                meters.gauge(Metric.HALF_OPEN, family.label(), "retransmitted"));
    }

    /** A network was learned. */
    public void learned(PathVerdict verdict) {
        ListenerMeters.of(learned, verdict).increment();
    }

    /** A learned network works again. */
    public void forgotten() {
        forgotten.increment();
    }

    /** Somebody came from a network that should be refused. */
    public void attempted(boolean refused) {
        (refused ? reset : observed).increment();
    }

    /** An account came back over IPv4. */
    public void fellBack(ListenerMeters listener, Fallbacks.Fallback fallback) {
        listener.fellBack(fallback.estimate());
        (fallback.estimate() ? estimated : certain).observe(fallback.delay().toNanos() / 1e9);
    }
}
