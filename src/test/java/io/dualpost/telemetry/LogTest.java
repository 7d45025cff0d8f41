package io.dualpost.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LogTest {
    @TempDir
    private Path folder = Path.of(".");

    private final AtomicInteger dropped = new AtomicInteger();

    private static List<String> lines(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> name + " " + i).toList();
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void everyLineIsWrittenInOrderBeforeItCloses() throws Exception {
        Path file = folder.resolve("log");
        LogSink sink = LogFile.open(file);
        try (LogWriter writer = new LogWriter(dropped::addAndGet)) {
            lines("a", 5000).forEach(line -> writer.offer(sink, line));
        }

        assertThat(Files.readAllLines(file)).isEqualTo(lines("a", 5000));
        assertThat(dropped).hasValue(0);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).startsWith("rw-")
                .endsWith("---");
    }

    @Test
    void aFileThatWasRenamedOrRemovedIsBegunAnewWithoutASignal() throws Exception {
        Path file = folder.resolve("log");
        LogSink sink = LogFile.open(file);
        sink.write(octets("one\n"));
        Files.move(file, folder.resolve("log.1"));
        sink.write(octets("two\n"));
        sink.write(octets("three\n"));
        assertThat(file).hasContent("two\nthree\n");
        assertThat(folder.resolve("log.1")).hasContent("one\n");
        Files.delete(file);
        sink.write(octets("four\n"));
        assertThat(file).hasContent("four\n");
    }

    @Test
    void whileTheFolderIsGoneLinesAreCountedAndAfterwardsWrittenAgain() throws Exception {
        Path gone = Files.createDirectory(folder.resolve("sub"));
        Path file = gone.resolve("log");
        LogSink sink = LogFile.open(file);
        try (LogWriter writer = new LogWriter(dropped::addAndGet)) {
            Files.delete(file);
            Files.delete(gone);
            writer.offer(sink, "lost");
            await().until(() -> dropped.get() == 1);
            Files.createDirectory(gone);
            writer.offer(sink, "found");
        }
        assertThat(file).hasContent("found\n");
        assertThat(dropped).hasValue(1);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void onAFullDiskLinesAreCounted() throws Exception {
        LogSink full = LogFile.open(Path.of("/dev/full"));
        try (LogWriter writer = new LogWriter(dropped::addAndGet)) {
            writer.offer(full, "a");
            writer.offer(full, "b");
        }
        assertThat(dropped).hasValue(2);
    }

    @Test
    void whoeverLogsNeverWaitsForAReaderThatHangs() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        LogSink stuck = new LogStream(new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                blocked.countDown();
                try {
                    open.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        });
        try (LogWriter writer = new LogWriter(dropped::addAndGet)) {
            writer.offer(stuck, "first");
            blocked.await();
            lines("a", LogWriter.QUEUE + 10).forEach(line -> writer.offer(stuck, line));
            assertThat(dropped).hasValue(10);
            open.countDown();
        }
        assertThat(dropped).hasValue(10);
    }

    @Test
    void aFileThatCannotBeOpenedIsSaidToBeSo() {
        assertThatThrownBy(() -> LogFile.open(folder.resolve("no/log"))).isInstanceOf(IOException.class)
                .hasMessageContaining("no/log").hasMessageContaining("no such folder");
        assertThatThrownBy(() -> LogFile.open(folder)).isInstanceOf(IOException.class)
                .hasMessageContaining("expected: a file");
    }

    @Test
    void keyValuePairsQuoteWhatIsNoPlainWord() {
        assertThat(new KeyValue().put("a", "plain:word/1").put("b", "two words").put("c", "x\"\n\u001b[2J=")
                .put("d", 7).put("e", true).put("f", "").put("g", Map.of(Phase.TLS, 1_900_000L)).toString())
                .isEqualTo("a=plain:word/1 b=\"two words\" c=\"x\\\"\\n\\u001b[2J=\" d=7 e=true f=\"\" g.tls=1");
    }
}
