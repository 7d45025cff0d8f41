package io.dualpost.gate;

import io.dualpost.address.Family;
import io.dualpost.mail.Refusal;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts open sessions, in all and by client network; any thread may ask. Holds no entry for a network without sessions. */
public final class Gate {
    /** So full that IPv6 clients are better sent to IPv4, and so empty that they may come again, in hundredths. */
    private static final int FULL = 95;
    private static final int ROOM = 85;

    private final Limits limits;
    private final AtomicInteger sessions = new AtomicInteger();
    private final ConcurrentHashMap<Long, Integer> ipv4 = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Long, Integer> ipv6 = new ConcurrentHashMap<>();

    /** A gate with nobody inside. */
    public Gate(Limits limits) {
        this.limits = limits;
    }

    /**
     * Lets a client in, or says why not. Whoever was let in leaves once, by {@link #leave}.
     *
     * @param address the client's own, behind any PROXY header
     */
    public Optional<Refusal> enter(InetAddress address) {
        if (sessions.incrementAndGet() > limits.sessions()) {
            sessions.decrementAndGet();
            return Optional.of(Refusal.SESSION_LIMIT);
        }
        if (table(address).merge(network(address), 1, Integer::sum) > limits.sessionsPerPrefix()) {
            leave(address);
            return Optional.of(Refusal.PREFIX_LIMIT);
        }
        return Optional.empty();
    }

    /** Gives the place back. */
    public void leave(InetAddress address) {
        table(address).computeIfPresent(network(address), (_, count) -> count > 1 ? count - 1 : null);
        sessions.decrementAndGet();
    }

    /** Sessions inside. */
    public int sessions() {
        return sessions.get();
    }

    /** Whether there is little room left, once it was so until there is more of it again. */
    public boolean isFull(boolean before) {
        return sessions.get() * 100L >= limits.sessions() * (long) (before ? ROOM : FULL);
    }

    /** Networks that have sessions inside. */
    public int networks() {
        return ipv4.size() + ipv6.size();
    }

    private ConcurrentHashMap<Long, Integer> table(InetAddress address) {
        return Family.of(address) == Family.IPV4 ? ipv4 : ipv6;
    }

    // The whole IPv4 address, or the /64 of an IPv6 address: one customer's network, whatever addresses its hosts take.
    private static Long network(InetAddress address) {
        byte[] bytes = address.getAddress();
        long network = 0;
        for (int i = 0; i < Math.min(bytes.length, 8); i++) {
            network = (network << 8) | (bytes[i] & 0xff);
        }
        return network;
    }
}
