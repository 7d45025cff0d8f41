package io.dualpost;

import io.dualpost.gate.Gate;
import io.dualpost.gate.Ipv6Policy;
import io.dualpost.gate.Ipv6Policy.SelfTest;
import io.dualpost.gate.Withdrawal;
import io.dualpost.gate.Withdrawal.Reason;
import io.dualpost.route.Health;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets services listen over IPv6, or withdraws it: looks once a second whether there is a reason, and takes orders. All of
 * it on one thread, on which sockets may take their time to close.
 */
final class Ipv6Control implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ipv6Control.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final List<Ipv6Listeners> services;
    private final Ipv6Policy policy;
    private final Health health;
    private final Gate gate;
    private final BooleanSupplier probed;
    private final FamilyOrders orders;
    private final ScheduledExecutorService thread = Executors
            .newSingleThreadScheduledExecutor(task -> Thread.ofPlatform().name("ipv6").daemon().unstarted(task));
    private boolean full;

    /**
     * @param probed whether all backends were probed once, so that their health is known
     */
    Ipv6Control(List<Ipv6Listeners> services, Ipv6Policy policy, Health health, Gate gate, BooleanSupplier probed,
            FamilyOrders orders) {
        this.services = List.copyOf(services);
        this.policy = policy;
        this.health = health;
        this.gate = gate;
        this.probed = probed;
        this.orders = orders;
    }

    /**
     * Opens IPv6 where nothing speaks against it.
     *
     * @throws IOException if a port is taken; the message says which
     */
    void open() throws IOException {
        for (Ipv6Listeners service : services) {
            test(service);
            // What cannot be opened is not opened; all else has to last, as it does later.
            long now = System.nanoTime();
            service.set(Reason.SELF_TEST, service.selfTest().failure().isPresent(), now - Withdrawal.LASTING.toNanos());
            decide(service, now);
            service.open(reason -> detail(service, reason), now);
        }
        thread.scheduleAtFixedRate(this::look, 1, 1, TimeUnit.SECONDS);
    }

    /** The services and how they are. */
    List<Ipv6Listeners> services() {
        return services;
    }

    /** What the operator has said. */
    FamilyOrders orders() {
        return orders;
    }

    /**
     * Obeys the operator, and returns when it is done.
     *
     * @param names of services
     * @param until when IPv6 comes back by itself
     * @param keep  whether that holds over a restart
     * @throws IOException if it cannot be kept; then nothing has changed
     */
    void disable(List<String> names, Optional<Instant> until, boolean keep) throws IOException {
        order(() -> orders.disable(names, until, keep));
    }

    /** The same, the other way round. */
    void enable(List<String> names) throws IOException {
        order(() -> orders.enable(names));
    }

    /** Withdraws IPv6 everywhere, for good. */
    @Override
    public void close() {
        if (thread.isShutdown()) {
            return;
        }
        thread.execute(() -> services.forEach(service -> {
            service.set(Reason.DRAIN, true, System.nanoTime());
            service.settle(reason -> detail(service, reason), System.nanoTime());
        }));
        thread.shutdown();
        try {
            if (!thread.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("IPv6 listeners did not close within {} s", PATIENCE.toSeconds());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Order {
        void give() throws IOException;
    }

    private void order(Order order) throws IOException {
        Callable<Optional<IOException>> task = () -> {
            try {
                order.give();
                services.forEach(this::settle);
                return Optional.empty();
            } catch (IOException e) {
                return Optional.of(e);
            }
        };
        try {
            Optional<IOException> failure = thread.submit(task).get();
            if (failure.isPresent()) {
                throw failure.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("order for IPv6 listeners", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted before the order was carried out", e);
        }
    }

    private void look() {
        try {
            full = gate.isFull(full);
            services.forEach(service -> {
                test(service);
                settle(service);
            });
        } catch (RuntimeException e) {
            // Thrown on, it would end the look for good.
            LOG.error("IPv6 listeners", e);
        }
    }

    private void test(Ipv6Listeners service) {
        if (policy.selfTest() != SelfTest.OFF) {
            service.selfTest().look(policy.selfTest() == SelfTest.NAME);
        }
    }

    private void settle(Ipv6Listeners service) {
        long now = System.nanoTime();
        decide(service, now);
        service.settle(reason -> detail(service, reason), now);
    }

    private void decide(Ipv6Listeners service, long now) {
        service.set(Reason.OPERATOR, orders.of(service.service().name()).isPresent(), now);
        service.set(Reason.SELF_TEST, service.selfTest().failure().isPresent(), now);
        service.set(Reason.BACKENDS,
                probed.getAsBoolean() && service.service().pool().servers().stream().noneMatch(health::isUp), now);
        service.set(Reason.OVERLOAD, full, now);
    }

    private String detail(Ipv6Listeners service, Reason reason) {
        return switch (reason) {
            case OPERATOR -> "by order" + orders.of(service.service().name()).flatMap(FamilyOrders.Order::until)
                    .map(until -> " until " + until).orElse("");
            case SELF_TEST -> service.selfTest().failure().orElse("");
            case BACKENDS -> "no backend of pool " + service.service().pool().name() + " can take a session";
            case OVERLOAD -> gate.sessions() + " sessions are open";
            case DRAIN -> "the proxy is stopping";
        };
    }
}
