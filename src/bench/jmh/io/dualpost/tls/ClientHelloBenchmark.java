package io.dualpost.tls;

import io.dualpost.Benchmarked;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.openjdk.jmh.annotations.Benchmark;

/** The ClientHello of a mail program with today's OpenSSL. */
public class ClientHelloBenchmark extends Benchmarked {
    private final ByteBuf body = modern("pop.example.jp");

    static ByteBuf modern(String serverName) {
        byte[] octets = new HelloBytes().suites(0x1302, 0x1303, 0x1301, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC02B, 0xC02F)
                .extension(65281, new byte[1]).serverName(serverName).extension(11, new byte[] {3, 0, 1, 2})
                .groups(4588, 29, 23, 30, 24, 25, 256, 257).extension(35, new byte[0]).extension(22, new byte[0])
                .extension(23, new byte[0])
                .signatures(0x0905, 0x0906, 0x0904, 0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x081a, 0x081b, 0x081c,
                        0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601)
                .versions(0x0304, 0x0303).extension(45, new byte[] {1, 1}).extension(51, new byte[1258]).body();
        return Unpooled.directBuffer(octets.length).writeBytes(octets);
    }

    @Benchmark
    public ClientHello parse() throws MalformedHello {
        return ClientHello.parse(body);
    }
}
