package io.dualpost.route;

import io.dualpost.mail.Offer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What is known of each backend, by probes and by sessions; any thread may ask and tell. Times are monotonic nanoseconds. */
public final class Health {
    /** How long a backend that failed is tried last. */
    static final Duration SHUNNED = Duration.ofSeconds(10);

    private final ConcurrentHashMap<Backend, Long> failures = new ConcurrentHashMap<>();
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

    /** The backend could not be reached, or said that it is out of order; whether that is news. */
    public boolean failed(Backend backend, long now) {
        return failures.put(backend, now) == null;
    }

    /** The backend served a session or a probe; whether that is news. */
    public boolean served(Backend backend) {
        return failures.remove(backend) != null;
    }

    /** Whether the backend has not failed since it last served. */
    public boolean isUp(Backend backend) {
        return !failures.containsKey(backend);
    }

    /** What a probe learned. */
    public void learned(Backend backend, Offer offer) {
        offers.put(backend, offer);
    }

    /**
     * What clients may be offered: what all backends of the pool that were ever probed have in common, as far as a proxy
     * can keep it and the configuration allows. Nothing, until one was probed.
     */
    public Offer offer(Pool pool) {
        return pool.servers().stream().flatMap(backend -> Optional.ofNullable(offers.get(backend)).stream())
                .reduce(Offer::intersected).orElse(Offer.NONE).kept(pool.protocol(), pool.offer());
    }

    private boolean isShunned(Backend backend, long now) {
        Long failure = failures.get(backend);
        return failure != null && now - failure < SHUNNED.toNanos();
    }
}
