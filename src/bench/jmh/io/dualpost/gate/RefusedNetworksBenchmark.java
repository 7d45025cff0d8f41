package io.dualpost.gate;

import io.dualpost.Benchmarked;
import io.dualpost.address.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Whether a client is refused, with so many networks in the configuration, of four lengths. */
public class RefusedNetworksBenchmark extends Benchmarked {
    @Param({"1000", "50000"})
    public int networks = 1000;

    private RefusedNetworks refused = new RefusedNetworks(List.of());
    private Clients unwanted = new Clients(0, 1);
    private Clients welcome = new Clients(0, 1);

    @Setup
    public void refuse() {
        refused = new RefusedNetworks(IntStream.range(0, networks)
                .mapToObj(i -> new Prefix(Clients.address(i, 0), i % 100 == 0 ? 48 + i / 100 % 3 * 4 : 64)).toList());
        unwanted = new Clients(0, networks);
        welcome = new Clients(1_000_000, 1_000_000);
    }

    @Benchmark
    public Optional<RefusedNetworks.Entry> refused() {
        return refused.refusal(unwanted.next(), 0);
    }

    @Benchmark
    public Optional<RefusedNetworks.Entry> welcome() {
        return refused.refusal(welcome.next(), 0);
    }
}
