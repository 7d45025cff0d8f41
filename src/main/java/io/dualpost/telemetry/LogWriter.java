package io.dualpost.telemetry;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** Takes lines from any thread and writes them on its own, several at a time; the queue never makes anybody wait. */
final class LogWriter implements AutoCloseable {
    /** Lines; about 8 MiB of records. */
    static final int QUEUE = 8192;
    private static final int BATCH = 1024;
    /** Lines that come within this time are written together: fewer wake-ups and writes at a thousand sessions a second. */
    private static final long GATHER_MILLIS = 50;
    private static final long CLOSE_MILLIS = 5_000;

    private record Entry(LogSink sink, String line) {}

    /** Gets the thread out of its wait; an interrupt in the middle of a write would close the file. */
    private static final Entry WAKE = new Entry(new LogStream(OutputStream.nullOutputStream()), "");

    private final ArrayBlockingQueue<Entry> queue = new ArrayBlockingQueue<>(QUEUE);
    private final IntConsumer dropped;
    private final Thread thread;
    private volatile boolean closing;
    private boolean broken;

    /**
     * @param dropped told how many lines were lost
     */
    LogWriter(IntConsumer dropped) {
        this.dropped = dropped;
        this.thread = new Thread(this::run, "log");
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes a line without its end; drops it where there is no room. */
    void offer(LogSink sink, String line) {
        if (!queue.offer(new Entry(sink, line))) {
            dropped.accept(1);
        }
    }

    /** Writes what is waiting, for 5 s at most; what is left then is dropped. */
    @Override
    public void close() {
        closing = true;
        queue.offer(WAKE);
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        dropped.accept(queue.size());
    }

    private void run() {
        List<Entry> batch = new ArrayList<>(BATCH);
        while (!closing) {
            try {
                batch.add(queue.take());
                TimeUnit.MILLISECONDS.sleep(GATHER_MILLIS);
            } catch (InterruptedException e) {
                throw new IllegalStateException("the log's thread was interrupted (expected: nobody does)", e);
            }
            drain(batch);
        }
        drain(batch);
    }

    private void drain(List<Entry> batch) {
        do {
            queue.drainTo(batch, BATCH - batch.size());
            int begin = 0;
            for (int i = 1; i <= batch.size(); i++) {
                if (i == batch.size() || batch.get(i).sink != batch.get(begin).sink) {
                    write(batch.get(begin).sink, batch.subList(begin, i));
                    begin = i;
                }
            }
            batch.clear();
        } while (!queue.isEmpty());
    }

    private void write(LogSink sink, List<Entry> entries) {
        StringBuilder lines = new StringBuilder(entries.size() * 700);
        for (Entry entry : entries) {
            lines.append(entry.line).append('\n');
        }
        try {
            sink.write(lines.toString().getBytes(StandardCharsets.UTF_8));
            broken = false;
        } catch (IOException e) {
            dropped.accept(entries.size());
            // The log cannot say it; whoever starts the proxy by hand sees it here, once.
            if (!broken) {
                broken = true;
                System.err.println("dualpost: log lines are lost: " + e);
            }
        }
    }
}
