package io.dualpost;

import io.dualpost.address.Prefix;
import io.dualpost.gate.GateMode;
import io.dualpost.gate.Ipv6Policy;
import io.dualpost.gate.RefusedNetworks;
import io.dualpost.kernel.KernelGate;
import io.dualpost.session.Service;
import io.dualpost.telemetry.GateMeters;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The networks that are refused, and the way in which they are: by the kernel where its gate is configured and the mode says
 * so. Any thread may use it.
 */
final class NetworkRefusal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkRefusal.class);
    /** What has no end is told the kernel anew before this is over. */
    private static final Duration FOR_GOOD = Duration.ofDays(1);

    private final Ipv6Policy policy;
    private final RefusedNetworks networks;
    private volatile Optional<KernelGate> kernel = Optional.empty();

    NetworkRefusal(Ipv6Policy policy) {
        this.policy = policy;
        this.networks = new RefusedNetworks(policy.refused());
    }

    /** What is known of networks. */
    RefusedNetworks networks() {
        return networks;
    }

    /** What is done about them. */
    GateMode mode() {
        return policy.mode();
    }

    /** Whether the kernel refuses them, as far as is known. */
    boolean isByKernel() {
        return policy.mode() == GateMode.ENFORCE && kernel.filter(KernelGate::isConnected).isPresent();
    }

    /** SYNs that the kernel refused. */
    long hits() {
        return kernel.map(KernelGate::hits).orElse(0L);
    }

    /** Those from one network. */
    long hits(Prefix network) {
        return kernel.map(gate -> gate.hits(network)).orElseGet(() -> networks.attempts(network));
    }

    /** Looks for the kernel's gate, and says what becomes of networks without it. */
    void open(Collection<Service> services, GateMeters meters) throws IOException {
        if (policy.mode() == GateMode.ENFORCE && policy.kernel().isPresent()) {
            SortedSet<Integer> ports = services.stream().flatMap(service -> service.listeners().stream())
                    .map(listener -> listener.port()).filter(port -> port > 0)
                    .collect(Collectors.toCollection(TreeSet::new));
            kernel = Optional.of(KernelGate.open(policy.kernel().get(), ports, this::wanted));
        } else if (policy.mode() == GateMode.ENFORCE) {
            LOG.warn("gate: networks whose IPv6 does not work are accepted and reset, which sends no client to IPv4"
                    + " (expected: gate.ipv6.kernel names the socket of dualpost kernel-gate)");
        }
        meters.set(origin -> networks.counts(System.nanoTime()).getOrDefault(origin, 0), this::isByKernel, this::hits);
    }

    /** A network is to be refused from now on. */
    void refused(RefusedNetworks.Entry entry) {
        kernel.ifPresent(gate -> gate.refuse(entry.prefix(), entry.left().orElse(FOR_GOOD)));
    }

    /** A network is not to be refused any more. */
    void released(Prefix network) {
        kernel.ifPresent(gate -> gate.release(network));
    }

    /** The operator wants a network refused for a while; whether there was room. */
    boolean add(Prefix prefix, Duration time) {
        boolean added = networks.add(prefix, time, System.nanoTime());
        if (added) {
            LOG.info("gate: {} is added by order for {} min", prefix, time.toMinutes());
            kernel.ifPresent(gate -> gate.refuse(prefix, time));
        }
        return added;
    }

    /** The operator wants a network no longer refused; whether it was. */
    boolean remove(Prefix prefix) {
        boolean removed = networks.remove(prefix);
        if (removed) {
            LOG.info("gate: {} is removed by order", prefix);
            released(prefix);
        }
        return removed;
    }

    private Map<Prefix, Duration> wanted() {
        List<RefusedNetworks.Entry> all = networks.list(System.nanoTime());
        return all.stream().collect(Collectors.toMap(RefusedNetworks.Entry::prefix,
                entry -> entry.left().orElse(FOR_GOOD), (one, other) -> one.compareTo(other) > 0 ? one : other));
    }

    @Override
    public void close() {
        kernel.ifPresent(KernelGate::close);
    }
}
