package io.dualpost.gate;

import io.dualpost.address.Family;
import io.dualpost.address.HostRole;
import io.dualpost.address.Prefix;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Accounts that fail on IPv6, and what becomes of them: a login over IPv4 soon after is a fallback; none at all makes a
 * candidate for the rescue host; an account on the rescue host whose IPv6 works could come back. A failure before login
 * carries no account and is put down to those that were seen from the same /64, as an estimate. Bounded, and forgotten
 * after a week. Times are monotonic nanoseconds; any thread may tell.
 */
public final class Fallbacks {
    /** Accounts in the lists at most; the one that was not seen for longest goes. */
    public static final int ACCOUNTS = 65_536;
    /** Behind so many accounts nobody is named. */
    static final int NEIGHBOURS = 4;
    /** A login over IPv4 that comes later is no fallback. */
    static final Duration SOON = Duration.ofMinutes(3);
    static final Duration MEMORY = Duration.ofDays(7);
    private static final int FAILURES = 2;
    /** Characters of a name that are kept; as many as a session record has of it. */
    private static final int LONGEST_NAME = 255;

    /** An account was seen failing on IPv6 and then logged in over IPv4. */
    public record Fallback(Duration delay, boolean estimate) {}

    /**
     * One account in a list.
     *
     * @param account  as the user gave it, in lower case
     * @param failures on IPv6 since the last login over it
     * @param estimate whether all of them are put down to it only because it was seen from the same network
     * @param network  where it failed last, or where it comes from
     * @param ago      since the failure or the login that put it there
     * @param delay    of the fallback
     */
    public record Line(String account, int failures, boolean estimate, Optional<Prefix> network, Duration ago,
            Optional<Duration> delay) {}

    /**
     * The three lists, the latest first.
     *
     * @param fallbacks  fell back to IPv4, last time they failed
     * @param candidates for the rescue host: failed on IPv6 twice or more and did not come by IPv4
     * @param returning  are on the rescue host, and well on IPv6
     */
    public record Report(List<Line> fallbacks, List<Line> candidates, List<Line> returning) {}

    /** How long two of the lists are. */
    public record Counts(int candidates, int returning) {}

    private static final class Account {
        private final String name;
        private int failures;
        private boolean estimate = true;
        private Optional<Prefix> network = Optional.empty();
        private Optional<Long> failed = Optional.empty();
        private Optional<Long> fellBack = Optional.empty();
        private Duration delay = Duration.ZERO;
        private Optional<Long> rescued = Optional.empty();

        Account(String name) {
            this.name = name;
        }
    }

    private final Mac mac = mac();
    private final Map<Long, Account> accounts = bounded();
    private final Map<Long, Long> wellOnIpv6 = bounded();
    private final Map<Prefix, Map<Long, String>> neighbours = bounded();

    /** An account's session over IPv6 was broken after the client had given its name. */
    public synchronized void failed(String account, InetAddress from, long now) {
        note(normal(account), RefusedNetworks.network(from), false, now);
    }

    /** A session over IPv6 was broken before the client had given a name. */
    public synchronized void failedUnnamed(InetAddress from, long now) {
        Prefix network = RefusedNetworks.network(from);
        Map<Long, String> seen = neighbours.getOrDefault(network, Map.of());
        if (seen.size() < NEIGHBOURS) {
            seen.values().forEach(account -> note(account, network, true, now));
        }
    }

    /**
     * An account logged in.
     *
     * @return the fallback, if that is what it was
     */
    public synchronized Optional<Fallback> loggedIn(String name, Family family, HostRole role, InetAddress from,
            long now) {
        if (accounts.isEmpty() && family == Family.IPV4 && role != HostRole.RESCUE) {
            return Optional.empty();
        }
        String account = normal(name);
        long hash = hash(account);
        if (family == Family.IPV6) {
            wellOnIpv6.put(hash, now);
            Map<Long, String> seen = neighbours.computeIfAbsent(RefusedNetworks.network(from),
                    _ -> new LinkedHashMap<>());
            if (seen.size() < NEIGHBOURS) {
                seen.put(hash, account);
            }
            Account known = accounts.get(hash);
            if (known != null) {
                known.failures = 0;
                known.failed = Optional.empty();
            }
            return Optional.empty();
        }
        if (role == HostRole.RESCUE) {
            Account rescued = accounts.computeIfAbsent(hash, _ -> new Account(account));
            rescued.rescued = Optional.of(now);
            rescued.failed = Optional.empty();
            return Optional.empty();
        }
        Account known = accounts.get(hash);
        if (known == null || known.failed.isEmpty() || now - known.failed.get() > SOON.toNanos()) {
            return Optional.empty();
        }
        known.delay = Duration.ofNanos(now - known.failed.get());
        known.fellBack = Optional.of(now);
        known.failed = Optional.empty();
        return Optional.of(new Fallback(known.delay, known.estimate));
    }

    /** The lists as they are now. */
    public synchronized Report report(long now) {
        List<Line> fallbacks = new ArrayList<>();
        List<Line> candidates = new ArrayList<>();
        List<Line> returning = new ArrayList<>();
        accounts.forEach((hash, account) -> {
            account.fellBack.flatMap(at -> recent(at, now)).ifPresent(ago -> fallbacks
                    .add(new Line(account.name, account.failures, account.estimate, account.network, ago,
                            Optional.of(account.delay))));
            candidate(account, now).ifPresent(ago -> candidates.add(new Line(account.name, account.failures,
                    account.estimate, account.network, ago, Optional.empty())));
            returning(hash, account, now).ifPresent(ago -> returning.add(new Line(account.name, account.failures,
                    false, account.network, ago, Optional.empty())));
        });
        return new Report(latest(fallbacks), latest(candidates), latest(returning));
    }

    /** How long the lists are now; cheaper than the lists, as logins wait meanwhile. */
    public synchronized Counts counts(long now) {
        int candidates = 0;
        int returning = 0;
        for (Map.Entry<Long, Account> entry : accounts.entrySet()) {
            candidates += candidate(entry.getValue(), now).isPresent() ? 1 : 0;
            returning += returning(entry.getKey(), entry.getValue(), now).isPresent() ? 1 : 0;
        }
        return new Counts(candidates, returning);
    }

    private static Optional<Duration> candidate(Account account, long now) {
        return account.failed.filter(_ -> account.failures >= FAILURES).flatMap(at -> recent(at, now));
    }

    private Optional<Duration> returning(long hash, Account account, long now) {
        return account.rescued.flatMap(at -> recent(at, now)).filter(_ -> isWellOnIpv6(hash, account, now));
    }

    private boolean isWellOnIpv6(long hash, Account account, long now) {
        Long well = wellOnIpv6.get(hash);
        return well != null && account.failures == 0 && recent(well, now).isPresent();
    }

    private void note(String account, Prefix network, boolean estimate, long now) {
        Account known = accounts.computeIfAbsent(hash(account), _ -> new Account(account));
        known.estimate = estimate && (known.failures == 0 || known.estimate);
        known.failures++;
        known.network = Optional.of(network);
        known.failed = Optional.of(now);
        known.fellBack = Optional.empty();
    }

    private static Optional<Duration> recent(long at, long now) {
        return Optional.of(Duration.ofNanos(now - at)).filter(ago -> ago.compareTo(MEMORY) <= 0);
    }

    private static List<Line> latest(List<Line> lines) {
        lines.sort((one, other) -> one.ago().compareTo(other.ago()));
        return List.copyOf(lines);
    }

    private static String normal(String account) {
        return account.substring(0, Math.min(LONGEST_NAME, account.length())).toLowerCase(Locale.ROOT);
    }

    // Keyed, so that nobody can choose names that meet, and so that most names are not kept.
    private long hash(String account) {
        return ByteBuffer.wrap(mac.doFinal(account.getBytes(StandardCharsets.UTF_8))).getLong();
    }

    private static Mac mac() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 (expected: every Java has it)", e);
        }
    }

    private static <K, V> Map<K, V> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > ACCOUNTS;
            }
        };
    }
}
