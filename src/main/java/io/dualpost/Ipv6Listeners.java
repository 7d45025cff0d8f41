package io.dualpost;

import io.dualpost.gate.Withdrawal;
import io.dualpost.session.ListenerSocket;
import io.dualpost.session.Service;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The IPv6 sockets of one service, which come and go together: while they are closed the kernel refuses clients at their
 * first packet, and clients go to IPv4. Used by one thread at a time; its state may be read by any.
 */
final class Ipv6Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Ipv6Listeners.class);

    private final Service service;
    private final List<ListenerSocket> sockets;
    private final SelfTest selfTest;
    private final Withdrawal withdrawal = new Withdrawal();
    private volatile State state = new State(Optional.empty(), "", Instant.now());

    /**
     * Whether the service listens over IPv6.
     *
     * @param withdrawn why not
     * @param detail    of that
     * @param since     when it became so
     */
    record State(Optional<Withdrawal.Reason> withdrawn, String detail, Instant since) {}

    Ipv6Listeners(Service service, List<ListenerSocket> sockets) {
        this.service = service;
        this.sockets = List.copyOf(sockets);
        this.selfTest = new SelfTest(sockets.stream().map(socket -> socket.local().getAddress()).distinct().toList(),
                service.dual().name(), service.listeners().getFirst().port());
    }

    Service service() {
        return service;
    }

    List<ListenerSocket> sockets() {
        return sockets;
    }

    SelfTest selfTest() {
        return selfTest;
    }

    State state() {
        return state;
    }

    /** A reason to be away holds from now on, or no longer; {@link #settle} acts on it. */
    void set(Withdrawal.Reason reason, boolean holds, long now) {
        withdrawal.set(reason, holds, now);
    }

    /**
     * Opens or closes the sockets, if that is due.
     *
     * @param details what there is to say of a reason
     */
    void settle(Details details, long now) {
        Optional<Withdrawal.Reason> wanted = withdrawal.decide(now);
        if (wanted.equals(state.withdrawn())) {
            return;
        }
        if (wanted.isPresent()) {
            withdraw(wanted.get(), details.of(wanted.get()));
        } else {
            restore(now);
        }
    }

    /** What there is to say of a reason. */
    interface Details {
        String of(Withdrawal.Reason reason);
    }

    /**
     * Opens what should be open at the start.
     *
     * @throws IOException if a port is taken; the message says which
     */
    void open(Details details, long now) throws IOException {
        settle(details, now);
        for (ListenerSocket socket : sockets) {
            // A passed socket listens already: whoever connects to it must be accepted.
            if (state.withdrawn().isEmpty() || socket.isPassed()) {
                socket.listen();
            }
        }
    }

    private void withdraw(Withdrawal.Reason reason, String detail) {
        boolean was = state.withdrawn().isPresent();
        state = new State(Optional.of(reason), detail, Instant.now());
        sockets.stream().filter(socket -> !socket.isPassed()).forEach(ListenerSocket::close);
        sockets.forEach(socket -> socket.withdrawn(state.withdrawn()));
        LOG.warn("service {}: IPv6 {} withdrawn ({}): {}", service.name(), was ? "stays" : "is", reason.label(),
                detail);
        if (sockets.stream().anyMatch(ListenerSocket::isPassed)) {
            LOG.warn(
                    "service {}: its IPv6 sockets were passed by systemd, which keeps them open: clients are not refused"
                            + " at their first packet (expected: sockets that the proxy opens itself)",
                    service.name());
        }
    }

    private void restore(long now) {
        try {
            for (ListenerSocket socket : sockets) {
                socket.listen();
            }
            state = new State(Optional.empty(), "", Instant.now());
            sockets.forEach(socket -> socket.withdrawn(Optional.empty()));
            LOG.info("service {}: IPv6 is back", service.name());
        } catch (IOException e) {
            sockets.stream().filter(socket -> !socket.isPassed()).forEach(ListenerSocket::close);
            withdrawal.set(Withdrawal.Reason.SELF_TEST, true, now);
            LOG.warn("service {}: IPv6 cannot come back: {}", service.name(), e.getMessage());
        }
    }
}
