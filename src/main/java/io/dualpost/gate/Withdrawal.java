package io.dualpost.gate;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a service listens over IPv6, and why not. What operators want happens at once; what the proxy finds out by itself
 * has to last before IPv6 is withdrawn, and the rest between two changes grows with each withdrawal that comes soon after
 * the last, so that it never flaps. Times are monotonic nanoseconds. Not thread-safe.
 */
public final class Withdrawal {
    /** How long a reason must last that the proxy found by itself. */
    public static final Duration LASTING = Duration.ofSeconds(2);
    /** IPv6 stays away, and then there, for so long at least, where nobody ordered otherwise. */
    static final Duration REST = Duration.ofSeconds(10);
    /** What that may grow to. */
    static final Duration LONGEST_REST = Duration.ofMinutes(5);
    /** Who withdraws again sooner than so many rests after coming back rests twice as long. */
    private static final int SOON = 6;

    /** Why IPv6 is withdrawn; the first that holds is the one that is named. */
    public enum Reason {
        /** The proxy is stopping. */
        DRAIN(true),
        /** The operator said so. */
        OPERATOR(true),
        /** An address of the configuration is not on this host, or IPv6 leads nowhere from it. */
        SELF_TEST(false),
        /** No backend of the service can take a session. */
        BACKENDS(false),
        /** As many sessions are open as may be. */
        OVERLOAD(false);

        private final boolean ordered;
        private final String label = name().toLowerCase(Locale.ROOT);

        Reason(boolean ordered) {
            this.ordered = ordered;
        }

        /** As metrics and the command line spell it. */
        public String label() {
            return label;
        }
    }

    private final Map<Reason, Long> since = new EnumMap<>(Reason.class);
    private Optional<Reason> reason = Optional.empty();
    private Optional<Long> changed = Optional.empty();
    private Optional<Long> cameBack = Optional.empty();
    private Duration rest = REST;

    /** A reason holds from now on, or no longer. */
    public void set(Reason which, boolean holds, long now) {
        if (holds) {
            since.putIfAbsent(which, now);
        } else {
            since.remove(which);
        }
    }

    /** Why IPv6 is withdrawn now; empty: it is there. Call it whenever something was set, and once a second. */
    public Optional<Reason> decide(long now) {
        Optional<Reason> wanted = since.keySet().stream().filter(which -> holds(which, now)).findFirst();
        boolean byOrder = wanted.filter(which -> which.ordered).isPresent()
                || (wanted.isEmpty() && reason.filter(which -> which.ordered).isPresent());
        if (wanted.isPresent() == reason.isPresent()) {
            reason = wanted;
        } else if (byOrder || rested(now)) {
            change(wanted, byOrder, now);
        }
        return reason;
    }

    /** The rest between two changes as it is now. */
    Duration rest() {
        return rest;
    }

    private boolean holds(Reason which, long now) {
        Long from = since.get(which);
        return from != null && (which.ordered || reason.isPresent() || now - from >= LASTING.toNanos());
    }

    private boolean rested(long now) {
        return changed.isEmpty() || now - changed.get() >= rest.toNanos();
    }

    private void change(Optional<Reason> wanted, boolean byOrder, long now) {
        if (wanted.isEmpty()) {
            cameBack = Optional.of(now);
        } else if (!byOrder) {
            boolean soon = cameBack.isPresent() && now - cameBack.get() < rest.toNanos() * SOON;
            Duration twice = rest.multipliedBy(2);
            rest = !soon ? REST : twice.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : twice;
        }
        changed = Optional.of(now);
        reason = wanted;
    }
}
