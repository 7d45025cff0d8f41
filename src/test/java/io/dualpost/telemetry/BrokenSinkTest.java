package io.dualpost.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Disks, pipes and files that do what no log expects. */
class BrokenSinkTest {
    @TempDir
    private Path folder = Path.of(".");

    private final AtomicInteger dropped = new AtomicInteger();

    @Test
    void afterHalfALineTheNextOneBeginsALineOfItsOwn() throws Exception {
        ByteArrayOutputStream disk = new ByteArrayOutputStream();
        AtomicInteger writes = new AtomicInteger();
        LogSink sink = new LogStream(new OutputStream() {
            @Override
            public void write(int octet) {
                disk.write(octet);
            }

            @Override
            public void write(byte[] octets, int at, int length) throws IOException {
                boolean full = writes.getAndIncrement() == 0;
                disk.write(octets, at, full ? length / 2 : length);
                if (full) {
                    throw new IOException("No space left on device");
                }
            }
        });
        try (LogWriter writer = new LogWriter(dropped::addAndGet)) {
            writer.offer(sink, "the first line");
            await().until(() -> dropped.get() == 1);
            writer.offer(sink, "the second line");
        }

        assertThat(disk.toString(StandardCharsets.UTF_8).lines()).contains("the second line");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFifoWithoutAReaderDoesNotHoldTheLogUp() throws Exception {
        Path file = folder.resolve("log");
        LogSink sink = LogFile.open(file);
        Files.delete(file);
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();

        try (LogWriter writer = new LogWriter(dropped::addAndGet)) {
            writer.offer(sink, "lost");
            await().until(() -> dropped.get() == 1);
        }
    }

    @Test
    void noValueTurnsTheLineAround() {
        // "so a peer can neither begin a line nor draw on a terminal" (session-records.md)
        assertThat(Json.quoted("a\u202eb\u2066c\u200fd\ufeffe")).isEqualTo("\"a\\u202eb\\u2066c\\u200fd\\ufeffe\"");
    }
}
