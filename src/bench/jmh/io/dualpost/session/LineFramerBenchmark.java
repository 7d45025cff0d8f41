package io.dualpost.session;

import io.dualpost.Benchmarked;
import io.dualpost.mail.Event;
import io.dualpost.mail.LineEndings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.infra.Blackhole;

/** Lines cut from what came in one read. */
public class LineFramerBenchmark extends Benchmarked {
    private static final int LIMIT = 12_288;

    private final ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
    private final LineFramer framer = new LineFramer(LineEndings.NORMALIZE, true);
    private final ByteBuf one = octets("USER someone@mail.example.jp\r\n");
    private final ByteBuf hundred = octets("RCPT TO:<someone@mail.example.jp>\r\n".repeat(100));

    private ByteBuf octets(String text) {
        return allocator.directBuffer().writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Benchmark
    public void oneLine(Blackhole lines) {
        cut(one, lines);
    }

    @Benchmark
    public void hundredPipelinedLines(Blackhole lines) {
        cut(hundred, lines);
    }

    /** The framer gives the buffer back when all is read, so that it gets a share of its own. */
    private void cut(ByteBuf octets, Blackhole lines) {
        framer.add(allocator, octets.retainedDuplicate());
        for (Optional<Event> next = framer.next(LIMIT); next.isPresent(); next = framer.next(LIMIT)) {
            lines.consume(next.get());
        }
    }
}
