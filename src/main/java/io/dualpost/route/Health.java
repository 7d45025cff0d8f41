package io.dualpost.route;

import io.dualpost.mail.Offer;
import io.dualpost.address.Family;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * What is known of each backend and family, by probes and by sessions; any thread may ask and tell. Times are monotonic
 * nanoseconds.
 */
public final class Health {
    /** How long a backend that failed is tried last. */
    static final Duration SHUNNED = Duration.ofSeconds(10);

    private record Way(Backend backend, Family family) {}

    private final ConcurrentHashMap<Way, Long> failures = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Way, Integer> addresses = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Backend, Offer> offers = new ConcurrentHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();

    /** The pool's backends in the order of trying: taking turns, those that failed of late last. */
    public List<Backend> order(Pool pool, long now) {
        List<Backend> servers = pool.servers();
        int first = Math.floorMod(turn.getAndIncrement(), servers.size());
        List<Backend> sound = new ArrayList<>(servers.size());
        List<Backend> shunned = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            Backend backend = servers.get((first + i) % servers.size());
            (isShunned(backend, now) ? shunned : sound).add(backend);
        }
        sound.addAll(shunned);
        return sound;
    }

    /** The addresses that the backend has now. */
    public void found(Backend backend, List<InetAddress> now) {
        for (Family family : Family.values()) {
            int count = (int) now.stream().filter(address -> Family.of(address) == family).count();
            addresses.put(new Way(backend, family), count);
            if (count == 0) {
                failures.remove(new Way(backend, family));
            }
        }
    }

    /** How many addresses of the family the backend had when they were last looked up. */
    public int addresses(Backend backend, Family family) {
        return addresses.getOrDefault(new Way(backend, family), 0);
    }

    /** The backend could not be reached over this family, or said that it is out of order; whether that is news. */
    public boolean failed(Backend backend, Family family, long now) {
        return failures.put(new Way(backend, family), now) == null;
    }

    /** The backend served a session or a probe over this family; whether that is news. */
    public boolean served(Backend backend, Family family) {
        return failures.remove(new Way(backend, family)) != null;
    }

    /** Whether the backend has an address of the family and has not failed since it last served. */
    public boolean isUp(Backend backend, Family family) {
        return addresses(backend, family) > 0 && !failures.containsKey(new Way(backend, family));
    }

    /** Whether the backend can be hoped to serve, over whichever family. */
    public boolean isUp(Backend backend) {
        return families().anyMatch(family -> isUp(backend, family))
                || families().noneMatch(family -> failures.containsKey(new Way(backend, family)));
    }

    /** What a probe learned. */
    public void learned(Backend backend, Offer offer) {
        offers.put(backend, offer);
    }

    /** What the last probe learned that learned something; nothing, as long as there was none. */
    public Offer known(Backend backend) {
        return offers.getOrDefault(backend, Offer.NONE);
    }

    /**
     * What clients may be offered: what all backends of the pool that were ever probed have in common, as far as a proxy
     * can keep it and the configuration allows. Nothing, until one was probed.
     */
    public Offer offer(Pool pool) {
        return pool.servers().stream().flatMap(backend -> Optional.ofNullable(offers.get(backend)).stream())
                .reduce(Offer::intersected).orElse(Offer.NONE).kept(pool.protocol(), pool.offer());
    }

    private static Stream<Family> families() {
        return Stream.of(Family.values());
    }

    private boolean isShunned(Backend backend, long now) {
        return !isUp(backend) && families().anyMatch(family -> {
            Long failure = failures.get(new Way(backend, family));
            return failure != null && now - failure < SHUNNED.toNanos();
        });
    }
}
