package io.dualpost.probe;

import io.dualpost.address.Addresses;
import io.dualpost.address.Family;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * What the system's resolver said of a name, which is what clients on this machine hear: DNS, and the hosts file before it.
 *
 * @param addresses those that are probed, IPv6 before IPv4, sixteen at most
 * @param found     how many there are
 * @param took      how long the answer took; nothing if an address was given, and nobody asked
 * @param problem   why there is none, harmless
 */
public record Lookup(List<InetAddress> addresses, int found, Optional<Duration> took, Optional<String> problem) {
    static final int MOST = 16;

    /** Copies the list. */
    public Lookup {
        addresses = List.copyOf(addresses);
    }

    /** Asks for the addresses of the target. */
    static Lookup of(Target target, Duration patience) throws InterruptedException {
        if (target.endpoint().literal().isPresent()) {
            return new Lookup(List.of(target.endpoint().literal().get()), 1, Optional.empty(), Optional.empty());
        }
        long begun = System.nanoTime();
        FutureTask<InetAddress[]> answer = new FutureTask<>(
                () -> InetAddress.getAllByName(target.endpoint().host()));
        // Not waited for any longer than patience goes: the resolver has time-outs of its own.
        Thread.ofVirtual().start(answer);
        try {
            InetAddress[] found = answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return found(Arrays.asList(found), since(begun));
        } catch (TimeoutException _) {
            return failed("no answer", since(begun));
        } catch (ExecutionException e) {
            return failed(e.getCause() instanceof UnknownHostException unknown
                    ? String.valueOf(unknown.getMessage())
                    : e.toString(), since(begun));
        }
    }

    /** Takes the first of each family, so that both are seen however many there are. */
    static Lookup found(List<InetAddress> all, Duration took) {
        List<InetAddress> distinct = all.stream().map(Addresses::fold).distinct().toList();
        List<InetAddress> six = distinct.stream().filter(address -> Family.of(address) == Family.IPV6).toList();
        List<InetAddress> four = distinct.stream().filter(address -> Family.of(address) == Family.IPV4).toList();
        int sixes = Math.min(six.size(), Math.max(MOST / 2, MOST - four.size()));
        return new Lookup(Stream.concat(six.stream().limit(sixes), four.stream().limit(MOST - sixes)).toList(),
                distinct.size(), Optional.of(took), Optional.empty());
    }

    private static Lookup failed(String why, Duration took) {
        return new Lookup(List.of(), 0, Optional.of(took), Optional.of(Harmless.text(why)));
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Whether the name has an address of this family. */
    public boolean has(Family family) {
        return addresses.stream().anyMatch(address -> Family.of(address) == family);
    }
}
