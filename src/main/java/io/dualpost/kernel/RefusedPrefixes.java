package io.dualpost.kernel;

import io.dualpost.address.Prefix;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** All prefixes that are refused now, as the gate knows them; the kernel's sets follow. Bounded, and each ends by itself. */
final class RefusedPrefixes {
    private record Ending(long nanos, Prefix prefix) {}

    /** By when they end, on a clock that may wrap; the order of those that end together only has to be one. */
    private static final Comparator<Ending> SOONEST_FIRST = ((Comparator<Ending>) (one, other) -> Long
            .signum(one.nanos() - other.nanos()))
            .thenComparing(ending -> ending.prefix().network().getAddress(), Arrays::compare)
            .thenComparingInt(ending -> ending.prefix().length());

    private final int cap;
    private final Map<Prefix, Long> ends = new HashMap<>();
    private final SortedSet<Ending> soonest = new TreeSet<>(SOONEST_FIRST);

    RefusedPrefixes(int cap) {
        this.cap = cap;
    }

    /**
     * Takes one in, or gives one that is there a new end.
     *
     * @param now on a clock that never goes back, in nanoseconds
     * @return the one that had to go because the table was full: the one that would have ended soonest
     */
    Optional<Prefix> put(RefusedPrefix refused, long now) {
        expire(now);
        remove(refused.prefix());
        Optional<Prefix> evicted = ends.size() < cap ? Optional.empty() : Optional.of(soonest.first().prefix());
        evicted.ifPresent(this::remove);
        long end = now + TimeUnit.SECONDS.toNanos(refused.seconds());
        ends.put(refused.prefix(), end);
        soonest.add(new Ending(end, refused.prefix()));
        return evicted;
    }

    /** Lets one go, if it is there. */
    void remove(Prefix prefix) {
        Long end = ends.remove(prefix);
        if (end != null) {
            soonest.remove(new Ending(end, prefix));
        }
    }

    /** Lets all go. */
    void clear() {
        ends.clear();
        soonest.clear();
    }

    /** Those of these that are here, with the time that is left to each. */
    List<RefusedPrefix> among(Collection<Prefix> prefixes, long now) {
        return prefixes.stream().filter(ends::containsKey).map(prefix -> left(prefix, now)).toList();
    }

    /** All of them, the one that ends soonest first. */
    List<RefusedPrefix> all(long now) {
        expire(now);
        return soonest.stream().map(ending -> left(ending.prefix(), now)).toList();
    }

    /** How many there are. */
    int size(long now) {
        expire(now);
        return ends.size();
    }

    private RefusedPrefix left(Prefix prefix, long now) {
        long left = ends.getOrDefault(prefix, now) - now;
        // Rounded up: what is still here has not ended.
        return new RefusedPrefix(prefix, (int) Math.max(1, TimeUnit.NANOSECONDS.toSeconds(left + 999_999_999)));
    }

    private void expire(long now) {
        while (!soonest.isEmpty() && soonest.first().nanos() - now <= 0) {
            remove(soonest.first().prefix());
        }
    }
}
