package io.dualpost.mail;

import io.dualpost.Benchmarked;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/** A message of 64 KiB, up to its end. */
public class ContentScannerBenchmark extends Benchmarked {
    private static final int SIZE = 65_536;

    @Param
    public Text text = Text.MAIL;

    private ByteBuffer octets = ByteBuffer.allocate(0);

    /** What it is made of. */
    public enum Text {
        /** Lines of words and of base64, as people send them. */
        MAIL {
            @Override
            String line(Random random) {
                int length = random.nextInt(4) == 0 ? 76 : random.nextInt(77);
                return random.ints(length, 'a', 'z' + 2).collect(StringBuilder::new,
                        (line, c) -> line.append(c > 'z' ? ' ' : (char) c), StringBuilder::append) + "\r\n";
            }
        },
        /** Each line begins like the end of the message. */
        DOTS {
            @Override
            String line(Random random) {
                return "..\r\n";
            }
        },
        /** Each octet is replaced. */
        LONE_CRS {
            @Override
            String line(Random random) {
                return "\r".repeat(64);
            }
        };

        abstract String line(Random random);
    }

    @Setup
    public void write() {
        Random random = new Random(5321);
        StringBuilder message = new StringBuilder(SIZE);
        while (message.length() < SIZE) {
            message.append(text.line(random));
        }
        message.setLength(SIZE - 5);
        byte[] bytes = message.append("\r\n.\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        octets = ByteBuffer.allocateDirect(SIZE).put(bytes).flip();
    }

    @Benchmark
    public int scan(Blackhole passed) {
        return new ContentScanner(LineEndings.NORMALIZE).scan(octets, 0, SIZE, new ContentScanner.Sink() {
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
