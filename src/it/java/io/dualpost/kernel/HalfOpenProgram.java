package io.dualpost.kernel;

import io.dualpost.address.Family;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counts half-open connections in the namespace where it runs: {@code sock_diag|ss PORT...}; and what a count costs. */
final class HalfOpenProgram {
    private static final int ROUNDS = 50;

    private HalfOpenProgram() {}

    /** Prints {@code IPv4 all/retried IPv6 all/retried}, then the time. */
    public static void main(String[] args) throws IOException {
        Set<Integer> ports = Stream.of(args).skip(1).map(Integer::valueOf).collect(Collectors.toSet());
        HalfOpen.Way way = args[0].equals("ss") ? SsListing.find() : SockDiag::count;
        HalfOpen.Counts counts = way.count(ports);
        System.out.println(Stream.of(Family.values())
                .map(family -> family + " " + counts.of(family).all() + "/" + counts.of(family).retried())
                .collect(Collectors.joining(" ")));
        for (int i = 0; i < ROUNDS; i++) {
            way.count(ports);
        }
        long began = System.nanoTime();
        for (int i = 0; i < ROUNDS; i++) {
            way.count(ports);
        }
        System.out.printf("%.2f ms%n", (System.nanoTime() - began) / 1e6 / ROUNDS);
    }
}
