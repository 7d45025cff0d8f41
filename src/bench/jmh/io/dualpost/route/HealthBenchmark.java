package io.dualpost.route;

import io.dualpost.Benchmarked;
import io.dualpost.address.Endpoint;
import io.dualpost.address.Family;
import io.dualpost.mail.Forwarding;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** In which order a login tries the backends, of which half have failed of late over both families. */
public class HealthBenchmark extends Benchmarked {
    private static final List<InetAddress> BOTH_FAMILIES = List.of(InetAddress.ofLiteral("192.0.2.1"),
            InetAddress.ofLiteral("2001:db8::1"));
    private static final long NOW = 1_000_000_000L;

    @Param({"1", "16"})
    public int servers = 1;

    private final Health health = new Health();
    private Pool pool = pool(1);

    private static Pool pool(int servers) {
        return new Pool("mailboxes", Protocol.POP3, IntStream.range(0, servers)
                .mapToObj(i -> new Backend("mailboxes", new Endpoint("backend-" + i + ".example.jp", 110))).toList(),
                TlsMode.NONE, new Pool.Trust(Optional.empty(), Optional.empty()), Forwarding.XCLIENT, List.of());
    }

    @Setup
    public void fail() {
        pool = pool(servers);
        for (Backend backend : pool.servers()) {
            health.found(backend, BOTH_FAMILIES);
        }
        for (Backend backend : pool.servers().subList(0, servers / 2)) {
            for (Family family : Family.values()) {
                health.failed(backend, family, 0);
            }
        }
    }

    @Benchmark
    public List<Backend> order() {
        return health.order(pool, NOW);
    }
}
