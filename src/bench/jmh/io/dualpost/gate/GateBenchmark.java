package io.dualpost.gate;

import io.dualpost.Benchmarked;
import io.dualpost.mail.Refusal;
import java.net.InetAddress;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** A session counted and forgotten, while so many networks have one session each. */
public class GateBenchmark extends Benchmarked {
    @Param({"1000", "1000000"})
    public int networks = 1000;

    private Gate gate = new Gate(new Limits(Integer.MAX_VALUE, 50));
    private Clients known = new Clients(0, 1);
    private Clients strange = new Clients(0, 1);

    @Setup
    public void fill() {
        gate = new Gate(new Limits(Integer.MAX_VALUE, 50));
        for (int i = 0; i < networks; i++) {
            gate.enter(Clients.address(i, 1));
        }
        known = new Clients(0, networks);
        strange = new Clients(networks, networks);
    }

    @Benchmark
    public Optional<Refusal> fromANetworkWithASession() {
        return pass(known.next());
    }

    @Benchmark
    public Optional<Refusal> fromANetworkWithoutOne() {
        return pass(strange.next());
    }

    private Optional<Refusal> pass(InetAddress address) {
        Optional<Refusal> refusal = gate.enter(address);
        gate.leave(address);
        return refusal;
    }
}
