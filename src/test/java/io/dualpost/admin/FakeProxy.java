package io.dualpost.admin;

import io.dualpost.address.Family;
import io.dualpost.admin.Answers.Readiness;
import io.dualpost.admin.Answers.Scrape;
import io.dualpost.admin.Operations.Disable;
import io.dualpost.gate.Fallbacks;
import io.dualpost.gate.GateMode;
import io.dualpost.gate.RefusedNetworks;
import io.dualpost.gate.Withdrawal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** What operations work on, without a proxy: the real gate, with a clock that is moved by hand. */
public final class FakeProxy {
    public static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

    public final AtomicLong now = new AtomicLong();
    public final List<Disable> ordered = new CopyOnWriteArrayList<>();
    public final List<String> answered = new CopyOnWriteArrayList<>();
    public RefusedNetworks networks = new RefusedNetworks(List.of());
    public volatile GateMode mode = GateMode.OBSERVE;
    public volatile boolean kernel;
    public volatile Fallbacks.Report report = new Fallbacks.Report(List.of(), List.of(), List.of());
    public volatile Optional<IOException> trouble = Optional.empty();
    private final Map<String, FamilyReport.Line> services = new LinkedHashMap<>();

    public FakeProxy() {
        enable("pop");
        enable("submission");
    }

    public Answers answers() {
        return new Answers(accept -> new Scrape("text/x", "# accept " + accept + "\n"),
                () -> new Readiness(true, List.of()), (path, status) -> answered.add(path + " " + status));
    }

    public Operations operations() {
        return new Operations(this::status,
                new Operations.Ipv6(this::family, this::disable,
                        service -> service.map(List::of).orElseGet(() -> List.copyOf(services.keySet()))
                                .forEach(this::enable)),
                new Operations.Gate(
                        () -> new GateReport(mode, kernel,
                                networks.list(now.get()).stream().map(entry -> new GateReport.Line(entry, 7)).toList()),
                        (prefix, time) -> networks.add(prefix, time, now.get()), networks::remove,
                        address -> new Operations.Known(networks.explain(address, now.get()), mode, kernel)),
                () -> report);
    }

    public synchronized FamilyReport family() {
        return new FamilyReport(new ArrayList<>(services.values()));
    }

    private Status status() {
        return new Status("0.1.0", Duration.ofHours(76), new Readiness(true, List.of("a reason to look")),
                Map.of(Family.IPV4, 120, Family.IPV6, 80),
                List.of(new Status.Listening("pop-995", "pop", Family.IPV4, List.of("192.0.2.10:995"), 120,
                        Optional.empty()),
                        new Status.Listening("pop-995", "pop", Family.IPV6, List.of("[2001:db8::10]:995"), 80,
                                Optional.of("operator"))));
    }

    private synchronized void disable(Disable order) throws IOException {
        if (trouble.isPresent()) {
            throw trouble.get();
        }
        ordered.add(order);
        for (String service : order.service().map(List::of).orElseGet(() -> List.copyOf(services.keySet()))) {
            services.put(service, new FamilyReport.Line(service, Optional.of(Withdrawal.Reason.OPERATOR), START,
                    order.time().map(START::plus), order.persist(), List.of(service + "-995", service + "-110")));
        }
    }

    private synchronized void enable(String service) {
        services.put(service, new FamilyReport.Line(service, Optional.empty(), START, Optional.empty(), false,
                List.of(service + "-995", service + "-110")));
    }
}
