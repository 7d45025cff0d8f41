package io.dualpost.kernel;

import io.dualpost.address.Family;
import io.dualpost.address.Prefix;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A block of IPv6 sources whose SYNs are answered with a reset, for a while.
 *
 * @param seconds how long, 1 s to a day
 */
public record RefusedPrefix(Prefix prefix, int seconds) {
    /** A day. */
    public static final int LONGEST_SECONDS = 86_400;
    static final int SHORTEST_LENGTH = 32;
    private static final int LONGEST_LENGTH = 128;
    /** All of 6to4, the one shorter prefix that has a reason: such a client's answers go nowhere (RFC 7526). */
    private static final Prefix SIX_TO_FOUR = known("2002::/16");
    private static final String EXPECTED_PREFIX = "an IPv6 prefix, length 32 to 128, as RFC 5952 spells it";
    /**
     * No client on the Internet has such an address: unspecified, loopback, IPv4-compatible and IPv4-mapped (all in the first
     * of these), link-local, multicast. A rule for them could only hurt.
     */
    private static final List<Prefix> NO_CLIENTS = List.of(known("::/80"), known("fe80::/10"), known("ff00::/8"));

    /** Refuses what must not get into the kernel. */
    public RefusedPrefix {
        Optional<String> fault = fault(prefix);
        if (fault.isPresent()) {
            throw new IllegalArgumentException(fault.get());
        }
        if (seconds < 1 || seconds > LONGEST_SECONDS) {
            throw new IllegalArgumentException("seconds: " + seconds + " (expected: 1 to " + LONGEST_SECONDS + ")");
        }
    }

    /** For so long, but not above a day; nothing if no time is left. */
    static Optional<RefusedPrefix> of(Prefix prefix, Duration time) {
        long whole = Math.min(LONGEST_SECONDS, time.getSeconds());
        // Rounded up, so that what has a little time left is not forgotten before it ends.
        long seconds = Math.min(LONGEST_SECONDS, whole + (time.getNano() > 0 ? 1 : 0));
        return seconds < 1 ? Optional.empty() : Optional.of(new RefusedPrefix(prefix, (int) seconds));
    }

    /** Why the kernel gate would not take this prefix, if it would not. */
    public static Optional<String> fault(Prefix prefix) {
        String where = "prefix: " + prefix;
        if (prefix.family() != Family.IPV6) {
            return Optional.of(where + " (expected: " + EXPECTED_PREFIX + ")");
        }
        if (prefix.length() < SHORTEST_LENGTH && !prefix.equals(SIX_TO_FOUR)) {
            return Optional.of(where + " (expected: length 32 to 128, or " + SIX_TO_FOUR + ")");
        }
        for (Prefix none : NO_CLIENTS) {
            if (overlap(none, prefix)) {
                return Optional.of(where + " (expected: addresses that a client can have, not those of " + none + ")");
            }
        }
        return Optional.empty();
    }

    /**
     * Reads a prefix that is spelled in the one canonical way, so that what was asked for is what the log shows.
     *
     * @throws MalformedRequest if it is spelled otherwise or would not be taken
     */
    static Prefix prefix(String text) throws MalformedRequest {
        Optional<Prefix> read = text.length() > 43 ? Optional.empty() : Prefix.parse(text);
        if (read.isEmpty()) {
            throw new MalformedRequest("prefix", text, EXPECTED_PREFIX);
        }
        Optional<String> fault = fault(read.get());
        if (fault.isPresent()) {
            throw new MalformedRequest(fault.get());
        }
        if (!read.get().toString().equals(text)) {
            throw new MalformedRequest("prefix", text, read.get().toString());
        }
        return read.get();
    }

    /**
     * Reads how long.
     *
     * @throws MalformedRequest if it is no number from 1 to a day
     */
    static int seconds(String text) throws MalformedRequest {
        return MalformedRequest.number("seconds", text, 1, LONGEST_SECONDS);
    }

    private static boolean overlap(Prefix one, Prefix other) {
        return one.contains(other.network()) || other.contains(one.network());
    }

    private static Prefix known(String text) {
        return Prefix.parse(text).orElseThrow();
    }

    /** As the protocol and the log have it. */
    @Override
    public String toString() {
        return prefix + " " + seconds;
    }

    static boolean isLength(int length) {
        return (length >= SHORTEST_LENGTH && length <= LONGEST_LENGTH) || length == SIX_TO_FOUR.length();
    }
}
