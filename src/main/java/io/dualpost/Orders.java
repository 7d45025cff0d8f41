package io.dualpost;

import io.dualpost.address.Addresses;
import io.dualpost.address.Family;
import io.dualpost.admin.Answers;
import io.dualpost.admin.FamilyReport;
import io.dualpost.admin.GateReport;
import io.dualpost.admin.Operations;
import io.dualpost.admin.Status;
import io.dualpost.gate.Fallbacks;
import io.dualpost.session.ListenerSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What operators ask of the running proxy and order it to do, from the parts that know and can. */
record Orders(Instant started, List<ListenerSocket> sockets, Ipv6Control ipv6, NetworkRefusal refusal,
        Supplier<Answers.Readiness> readiness, Supplier<Fallbacks.Report> rescue) {
    /** The same as the admin interface wants it. */
    Operations operations() {
        return new Operations(this::status,
                new Operations.Ipv6(this::families,
                        disable -> ipv6.disable(names(disable.service()),
                                disable.time().map(Instant.now().truncatedTo(ChronoUnit.SECONDS)::plus),
                                disable.persist()),
                        service -> ipv6.enable(names(service))),
                new Operations.Gate(this::gate, refusal::add, refusal::remove, this::explain), rescue);
    }

    private List<String> names(Optional<String> service) {
        return service.map(List::of)
                .orElseGet(() -> ipv6.services().stream().map(one -> one.service().name()).toList());
    }

    private Status status() {
        Map<Family, Integer> sessions = new EnumMap<>(Family.class);
        Map<String, Status.Listening> listeners = new LinkedHashMap<>();
        for (ListenerSocket socket : sockets) {
            sessions.merge(socket.family(), socket.sessions(), Integer::sum);
            listeners.merge(socket.listener() + " " + socket.family(), listening(socket), Orders::together);
        }
        return new Status(Version.text(), Duration.between(started, Instant.now()), readiness.get(), sessions,
                List.copyOf(listeners.values()));
    }

    private Status.Listening listening(ListenerSocket socket) {
        Optional<String> closed = socket.isOpen()
                ? Optional.empty()
                : ipv6.services().stream().filter(one -> one.sockets().contains(socket))
                        .flatMap(one -> one.state().withdrawn().stream()).map(why -> why.label()).findFirst()
                        .or(() -> Optional.of("closed"));
        return new Status.Listening(socket.listener(), socket.service(), socket.family(),
                List.of(Addresses.text(socket.local().getAddress(), socket.local().getPort())), socket.sessions(),
                closed);
    }

    private static Status.Listening together(Status.Listening one, Status.Listening other) {
        List<String> addresses = new ArrayList<>(one.addresses());
        addresses.addAll(other.addresses());
        return new Status.Listening(one.listener(), one.service(), one.family(), addresses,
                one.sessions() + other.sessions(), one.closed().or(other::closed));
    }

    private FamilyReport families() {
        return new FamilyReport(ipv6.services().stream().map(one -> {
            Ipv6Listeners.State state = one.state();
            Optional<FamilyOrders.Order> order = ipv6.orders().of(one.service().name());
            return new FamilyReport.Line(one.service().name(), state.withdrawn(), state.since(),
                    order.flatMap(FamilyOrders.Order::until), order.filter(FamilyOrders.Order::kept).isPresent(),
                    one.sockets().stream().map(ListenerSocket::listener).distinct().toList());
        }).toList());
    }

    private GateReport gate() {
        return new GateReport(refusal.mode(), refusal.isByKernel(),
                refusal.networks().list(System.nanoTime()).stream()
                        .map(entry -> new GateReport.Line(entry, refusal.hits(entry.prefix()))).toList());
    }

    private Operations.Known explain(InetAddress address) {
        var explanation = refusal.networks().explain(address, System.nanoTime());
        return new Operations.Known(explanation, refusal.mode(),
                explanation.refused().isPresent() && refusal.isByKernel());
    }
}
