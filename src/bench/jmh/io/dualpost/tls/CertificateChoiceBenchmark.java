package io.dualpost.tls;

import io.dualpost.Benchmarked;
import io.netty.buffer.ByteBuf;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** A certificate for each host, ECDSA and RSA; clients ask for the hosts in turn. */
public class CertificateChoiceBenchmark extends Benchmarked {
    private static final int CLIENTS = 1 << 12;

    @Param({"1", "5000"})
    public int hosts = 1;

    private final ClientHello[] hellos = new ClientHello[CLIENTS];
    private CertificateChoice choice = new CertificateChoice(List.of());
    private int client;

    @Setup
    public void issue() throws TlsProblem, MalformedHello {
        // What names a certificate has is a matter of the record: keys for all of them would take minutes.
        List<Certificate> issued = DevelopmentAuthority.create(InstantSource.system()).issue(List.of(host(0)));
        choice = new CertificateChoice(IntStream.range(0, hosts).boxed().flatMap(i -> named(issued, host(i))).toList());
        for (int i = 0; i < CLIENTS; i++) {
            ByteBuf body = ClientHelloBenchmark.modern(host(i % hosts));
            hellos[i] = ClientHello.parse(body);
            body.release();
        }
    }

    private static String host(int number) {
        return "pop-" + number + ".example.jp";
    }

    private static Stream<Certificate> named(List<Certificate> issued, String host) {
        return issued.stream().map(one -> new Certificate(one.file(), one.chain(), one.key(), List.of(host)));
    }

    @Benchmark
    public int pick() {
        client = (client + 1) & (CLIENTS - 1);
        return choice.pick(hellos[client], "mail.example.jp");
    }
}
