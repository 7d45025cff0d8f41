package io.dualpost.probe;

import io.dualpost.address.Family;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;

/**
 * How long a client waits for the first greeting; DNS is not in it.
 *
 * @param client  which kind of client
 * @param result  what it gets in the end
 * @param after   when; of a hang, when it begins
 * @param address where; nowhere, when every address was given up
 */
public record Wait(Client client, Result result, Duration after, Optional<InetAddress> address) {
    /** RFC 8305 section 8, Connection Attempt Delay. */
    private static final Duration ATTEMPT_DELAY = Duration.ofMillis(250);

    /** What a wait ends with. */
    public enum Result {
        /** The greeting of a server that works. */
        GREETED,
        /** An error that the user sees. */
        ERROR,
        /** Nothing: clients give up after two minutes, or never. */
        HANGS;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** As JSON spells it. */
        public String label() {
            return label;
        }
    }

    /** An address and what a client meets there. */
    public record Candidate(InetAddress address, Outcome outcome) {}

    /** The wait at these addresses, in this order. */
    public static Wait of(Client client, List<Candidate> candidates) {
        return switch (client) {
            case NO_FALLBACK -> inTurn(client, candidates.subList(0, Math.min(1, candidates.size())));
            case SLOW_FALLBACK_LINUX, SLOW_FALLBACK_WINDOWS -> inTurn(client, candidates);
            case FAST_FALLBACK -> racing(client, alternating(candidates));
        };
    }

    private static Wait inTurn(Client client, List<Candidate> candidates) {
        Duration begun = Duration.ZERO;
        for (Candidate candidate : candidates) {
            Optional<Duration> failed = failed(client, candidate.outcome());
            if (failed.isEmpty()) {
                return connected(client, candidate, begun);
            }
            begun = begun.plus(failed.get());
        }
        return new Wait(client, Result.ERROR, begun, Optional.empty());
    }

    private static Wait racing(Client client, List<Candidate> candidates) {
        Duration begun = Duration.ZERO;
        Duration givenUp = Duration.ZERO;
        Optional<Won> first = Optional.empty();
        for (Candidate candidate : candidates) {
            Duration begin = begun;
            Optional<Duration> failed = failed(client, candidate.outcome());
            Optional<Won> won = connectedAfter(candidate.outcome())
                    .map(connected -> new Won(candidate, begin, begin.plus(connected)));
            if (won.isPresent() && first.filter(best -> best.at.compareTo(won.get().at) <= 0).isEmpty()) {
                first = won;
            }
            givenUp = longer(givenUp, begin.plus(failed.orElse(Duration.ZERO)));
            // The next one begins at once where this one has failed before the delay is over.
            begun = begin.plus(shorter(ATTEMPT_DELAY, failed.orElse(ATTEMPT_DELAY)));
        }
        Duration last = givenUp;
        return first.map(won -> connected(client, won.candidate, won.begun))
                .orElseGet(() -> new Wait(client, Result.ERROR, last, Optional.empty()));
    }

    /** A TCP connection of the race: when its SYN went out and when it was answered. */
    private record Won(Candidate candidate, Duration begun, Duration at) {}

    /** Whatever comes now: once connect() has succeeded no client goes back. */
    private static Wait connected(Client client, Candidate candidate, Duration begun) {
        Optional<InetAddress> address = Optional.of(candidate.address());
        return switch (candidate.outcome()) {
            case Outcome.Serves(Duration _, Duration greeted) ->
                new Wait(client, Result.GREETED, begun.plus(greeted), address);
            case Outcome.Breaks(Duration _, Duration broke) ->
                new Wait(client, Result.ERROR, begun.plus(broke), address);
            case Outcome.Hangs(Duration connected) ->
                new Wait(client, Result.HANGS, begun.plus(connected), address);
            case Outcome.Refused _,Outcome.Unreachable _,Outcome.Dropped _ ->
                throw new IllegalStateException(candidate + " (expected: one that connects)");
        };
    }

    private static Optional<Duration> connectedAfter(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Serves(Duration connected, Duration _) -> Optional.of(connected);
            case Outcome.Breaks(Duration connected, Duration _) -> Optional.of(connected);
            case Outcome.Hangs(Duration connected) -> Optional.of(connected);
            case Outcome.Refused _,Outcome.Unreachable _,Outcome.Dropped _ -> Optional.empty();
        };
    }

    /** When connect() fails, if it does. */
    private static Optional<Duration> failed(Client client, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Refused(Duration after) -> Optional.of(after.plus(client.insists()));
            case Outcome.Unreachable(Duration after) -> Optional.of(after);
            case Outcome.Dropped _ -> Optional.of(client.lost());
            case Outcome.Serves _,Outcome.Breaks _,Outcome.Hangs _ -> Optional.empty();
        };
    }

    /** RFC 8305 section 4: after the first address one of the other family, and so on by turns. */
    private static List<Candidate> alternating(List<Candidate> candidates) {
        Queue<Candidate> six = new ArrayDeque<>();
        Queue<Candidate> four = new ArrayDeque<>();
        candidates.forEach(
                candidate -> (Family.of(candidate.address()) == Family.IPV6 ? six : four).add(candidate));
        List<Candidate> order = new ArrayList<>();
        while (!six.isEmpty() || !four.isEmpty()) {
            Optional.ofNullable(six.poll()).ifPresent(order::add);
            Optional.ofNullable(four.poll()).ifPresent(order::add);
        }
        return order;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
