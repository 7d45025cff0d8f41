package io.dualpost.kernel;

import io.dualpost.address.Family;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections that were begun and not finished: the client's SYN is here, what answers ours is not. One whose answer the
 * kernel had to send again is a client that cannot be reached, or a forged SYN; nobody can tell which.
 */
public final class HalfOpen {
    private static final Logger LOG = LoggerFactory.getLogger(HalfOpen.class);

    /**
     * Half-open connections of one family.
     *
     * @param all   of them
     * @param retried those whose answer was sent again
     */
    public record Count(int all, int retried) {}

    /** Those of both families. */
    public record Counts(Count ipv4, Count ipv6) {
        /** Those of one family. */
        public Count of(Family family) {
            return family == Family.IPV4 ? ipv4 : ipv6;
        }
    }

    /** A way to count them. */
    @FunctionalInterface
    interface Way {
        /** Counts those to the ports. */
        Counts count(Set<Integer> ports) throws IOException;
    }

    /** The counts, while they grow. */
    static final class Tally {
        private int ipv4;
        private int ipv4Retried;
        private int ipv6;
        private int ipv6Retried;

        /** One more. */
        void add(Family family, boolean retried) {
            if (family == Family.IPV4) {
                ipv4++;
                ipv4Retried += retried ? 1 : 0;
            } else {
                ipv6++;
                ipv6Retried += retried ? 1 : 0;
            }
        }

        /** So far. */
        Counts counts() {
            return new Counts(new Count(ipv4, ipv4Retried), new Count(ipv6, ipv6Retried));
        }
    }

    private final Optional<Way> way;
    private volatile String reason;

    private HalfOpen(Optional<Way> way, String reason) {
        this.way = way;
        this.reason = reason;
    }

    /** Finds out how to count here, and says so in the log: by sock_diag, or else by the program ss. */
    public static HalfOpen open() {
        String reason;
        try {
            Way way = SockDiag::count;
            way.count(Set.of());
            LOG.info("half-open connections are counted by sock_diag");
            return new HalfOpen(Optional.of(way), "");
        } catch (IOException | RuntimeException | LinkageError e) {
            reason = "sock_diag: " + e.getMessage();
        }
        try {
            Way way = SsListing.find();
            way.count(Set.of());
            LOG.info("half-open connections are counted by ss ({})", reason);
            return new HalfOpen(Optional.of(way), "");
        } catch (IOException e) {
            reason += "; " + e.getMessage();
        }
        LOG.warn("half-open connections are not counted: {}", reason);
        return new HalfOpen(Optional.empty(), reason);
    }

    /**
     * Counts now. Takes some milliseconds, so it is nothing for an event loop.
     *
     * @param ports of this machine
     * @return both families; or nothing, and {@link #reason} says why
     */
    public Optional<Counts> count(Set<Integer> ports) {
        if (way.isEmpty()) {
            return Optional.empty();
        }
        try {
            Counts counts = way.get().count(ports);
            reason = "";
            return Optional.of(counts);
        } catch (IOException e) {
            String now = String.valueOf(e.getMessage());
            if (!now.equals(reason)) {
                LOG.warn("half-open connections cannot be counted: {}", now);
            }
            reason = now;
            return Optional.empty();
        }
    }

    /** Why the last count gave nothing; empty if it gave something. */
    public String reason() {
        return reason;
    }
}
