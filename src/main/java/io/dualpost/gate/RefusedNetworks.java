package io.dualpost.gate;

import io.dualpost.address.Prefix;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The IPv6 networks whose attempts are better refused, because they cannot succeed: by configuration, by the operator, or
 * learned from two broken connections within ten minutes and no good one. Times are monotonic nanoseconds; any thread may
 * ask and tell. Says what should be refused; whether it is, the {@link GateMode} decides.
 */
public final class RefusedNetworks {
    /** Networks learned at most; the oldest goes. */
    public static final int LEARNED = 4096;
    /** Networks that the operator may add at most. */
    public static final int ADDED = 1024;
    static final int KNOWN_GOOD = 65_536;
    static final Duration WINDOW = Duration.ofMinutes(10);
    static final Duration FIRST = Duration.ofHours(1);
    static final Duration LONGEST = Duration.ofHours(24);
    /** So long others are refused while one connection shows whether a network works again; the guard needs less. */
    static final Duration TRIAL = Duration.ofSeconds(10);
    private static final int EVENTS = 2;

    /** Who wants a network refused. */
    public enum Origin {
        STATIC, OPERATOR, LEARNED;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** As metrics and the command line spell it. */
        public String label() {
            return label;
        }
    }

    /**
     * A network that should be refused.
     *
     * @param evidence of the last broken connection, if it was learned
     * @param events   broken connections that were seen from it
     * @param left     until it may try again; empty: for good
     */
    public record Entry(Prefix prefix, Origin origin, Optional<PathVerdict> evidence, int events,
            Optional<Duration> left) {}

    /**
     * What is known of one address.
     *
     * @param refused the entry that covers it, if one does
     * @param watched broken connections from its network within ten minutes that did not lead to more
     * @param good    how long ago a session from its network went well, if that was within ten minutes
     * @param trial   whether its network was refused for its time, and the next connection, or one that is there now, shows
     *                whether it works again
     */
    public record Explanation(Optional<Entry> refused, int watched, Optional<Duration> good, boolean trial) {}

    /**
     * What should become of somebody who comes.
     *
     * @param entry  by which the network is refused from now on
     * @param canary whether this one is let in all the same, to see whether the network works again
     */
    public record Attempt(Entry entry, boolean canary) {}

    private static final class Learned {
        private PathVerdict evidence;
        private int events;
        private long first;
        private long until;
        private Duration span = Duration.ZERO;
        private boolean trial;

        Learned(PathVerdict evidence, long now) {
            this.evidence = evidence;
            this.first = now;
            this.until = now;
        }

        boolean wasRefused() {
            return !span.isZero();
        }
    }

    private final PrefixMap<Entry> fixed = new PrefixMap<>();
    private final PrefixMap<Long> added = new PrefixMap<>();
    private final Map<Prefix, Learned> learned = new LinkedHashMap<>();
    private final Map<Prefix, Long> good = bounded(KNOWN_GOOD);
    private final Map<Prefix, Long> attempts = bounded(LEARNED + ADDED);

    /**
     * Nothing learned yet.
     *
     * @param fixed refused for good
     */
    public RefusedNetworks(List<Prefix> fixed) {
        fixed.forEach(prefix -> this.fixed.put(prefix,
                new Entry(prefix, Origin.STATIC, Optional.empty(), 0, Optional.empty())));
    }

    /** The network that an address is judged by: its /64. */
    public static Prefix network(InetAddress address) {
        return new Prefix(address, 64);
    }

    /**
     * A connection from this IPv6 address was broken by its path.
     *
     * @return the network, when that is the reason to refuse it from now on
     */
    public synchronized Optional<Entry> failed(InetAddress address, PathVerdict verdict, long now) {
        Prefix network = network(address);
        if (goodFor(network, now).isPresent()) {
            return Optional.empty();
        }
        Learned known = learned.get(network);
        if (known == null) {
            known = new Learned(verdict, now);
            learned.put(network, known);
            if (learned.size() > LEARNED) {
                learned.remove(learned.keySet().iterator().next());
            }
        }
        if (known.until > now && !known.trial) {
            return Optional.empty();
        }
        if (!known.wasRefused() && now - known.first > WINDOW.toNanos()) {
            known.first = now;
            known.events = 0;
        }
        known.events++;
        known.evidence = verdict;
        // A network on trial had its chance: one more event is enough.
        if (!known.wasRefused() && known.events < EVENTS) {
            return Optional.empty();
        }
        Duration twice = known.span.multipliedBy(2);
        known.span = !known.wasRefused() ? FIRST : twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
        known.until = now + known.span.toNanos();
        known.trial = false;
        return Optional.of(entry(network, known, now));
    }

    /**
     * A session from this IPv6 address went well.
     *
     * @return the network, if it was learned and is now forgotten
     */
    public synchronized Optional<Prefix> succeeded(InetAddress address, long now) {
        Prefix network = network(address);
        good.put(network, now);
        Learned before = learned.remove(network);
        return before != null && before.wasRefused() ? Optional.of(network) : Optional.empty();
    }

    /**
     * Somebody comes from this IPv6 address.
     *
     * @return if its network should be refused; whoever is, is counted
     */
    public synchronized Optional<Attempt> attempt(InetAddress address, long now) {
        Optional<Entry> entry = refusal(address, now);
        if (entry.isPresent()) {
            attempts.merge(entry.get().prefix(), 1L, Long::sum);
            return entry.map(found -> new Attempt(found, false));
        }
        Prefix network = network(address);
        Learned known = learned.get(network);
        if (known == null || !known.wasRefused()) {
            return Optional.empty();
        }
        known.trial = true;
        known.until = now + TRIAL.toNanos();
        return Optional.of(new Attempt(entry(network, known, now), true));
    }

    /** How often somebody came from a network while it should have been refused. */
    public synchronized long attempts(Prefix prefix) {
        return attempts.getOrDefault(prefix, 0L);
    }

    /** The entry by which this IPv6 address should be refused now. */
    public synchronized Optional<Entry> refusal(InetAddress address, long now) {
        Optional<Entry> wanted = fixed.containing(address, _ -> true).map(fixed.all()::get)
                .or(() -> added.containing(address, until -> until > now)
                        .map(prefix -> operator(prefix, Objects.requireNonNull(added.all().get(prefix)), now)));
        if (wanted.isPresent()) {
            return wanted;
        }
        Prefix network = network(address);
        Learned known = learned.get(network);
        return known != null && known.until > now ? Optional.of(entry(network, known, now)) : Optional.empty();
    }

    /**
     * The operator wants a network refused for a while.
     *
     * @return whether there was room
     */
    public synchronized boolean add(Prefix prefix, Duration time, long now) {
        added.removeIf(until -> until <= now);
        if (added.all().size() >= ADDED && !added.all().containsKey(prefix)) {
            return false;
        }
        added.put(prefix, now + time.toNanos());
        return true;
    }

    /** The operator wants a network no longer refused; whether it was, or was on its way there. */
    public synchronized boolean remove(Prefix prefix) {
        boolean wasAdded = added.remove(prefix);
        return learned.remove(prefix) != null || wasAdded;
    }

    /** All that should be refused now: by configuration, by the operator, learned. */
    public synchronized List<Entry> list(long now) {
        List<Entry> all = new ArrayList<>(fixed.all().values());
        added.all().forEach((prefix, until) -> {
            if (until > now) {
                all.add(operator(prefix, until, now));
            }
        });
        learned.forEach((prefix, known) -> {
            if (known.until > now) {
                all.add(entry(prefix, known, now));
            }
        });
        return all;
    }

    /** What is known of this IPv6 address. */
    public synchronized Explanation explain(InetAddress address, long now) {
        Prefix network = network(address);
        Optional<Learned> known = Optional.ofNullable(learned.get(network));
        return new Explanation(refusal(address, now),
                known.filter(one -> !one.wasRefused() && now - one.first <= WINDOW.toNanos()).map(one -> one.events)
                        .orElse(0),
                goodFor(network, now),
                known.filter(one -> one.wasRefused() && (one.trial || one.until <= now)).isPresent());
    }

    /** Networks by origin, as many as should be refused now. */
    public synchronized Map<Origin, Integer> counts(long now) {
        return Map.of(Origin.STATIC, fixed.all().size(), //
                Origin.OPERATOR, (int) added.all().values().stream().filter(until -> until > now).count(), //
                Origin.LEARNED, (int) learned.values().stream().filter(known -> known.until > now).count());
    }

    private Optional<Duration> goodFor(Prefix network, long now) {
        return Optional.ofNullable(good.get(network)).map(at -> Duration.ofNanos(now - at))
                .filter(ago -> ago.compareTo(WINDOW) <= 0);
    }

    private static Entry operator(Prefix prefix, long until, long now) {
        return new Entry(prefix, Origin.OPERATOR, Optional.empty(), 0, Optional.of(Duration.ofNanos(until - now)));
    }

    private static Entry entry(Prefix network, Learned known, long now) {
        return new Entry(network, Origin.LEARNED, Optional.of(known.evidence), known.events,
                Optional.of(Duration.ofNanos(known.until - now)));
    }

    private static <V> Map<Prefix, V> bounded(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Prefix, V> eldest) {
                return size() > most;
            }
        };
    }
}
