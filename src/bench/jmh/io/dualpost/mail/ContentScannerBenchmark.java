package io.dualpost.mail;

import io.dualpost.Benchmarked;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/** The look for a message's end, without moving what passes. */
public class ContentScannerBenchmark extends Benchmarked {
    @Param
    public MessageText text = MessageText.MAIL;

    private ByteBuffer octets = ByteBuffer.allocate(0);

    @Setup
    public void write() {
        octets = ByteBuffer.allocateDirect(MessageText.SIZE).put(text.octets()).flip();
    }

    @Benchmark
    public int scan(Blackhole passed) {
        return new ContentScanner(LineEndings.NORMALIZE).scan(octets, 0, MessageText.SIZE, new ContentScanner.Sink() {
            @Override
            public void pass(int from, int to) {
                passed.consume(to - from);
            }

            @Override
            public void insert(byte[] inserted) {
                passed.consume(inserted);
            }
        });
    }
}
