package io.dualpost.admin;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Closes a blocking channel when nothing was heard for too long; there is no other time-out for unix sockets. */
final class Silence implements AutoCloseable {
    private final ScheduledExecutorService thread = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("silence").factory());
    private final SocketChannel channel;
    private final Duration longest;
    private Future<?> end;

    Silence(SocketChannel channel, Duration longest) {
        this.channel = channel;
        this.longest = longest;
        this.end = schedule();
    }

    /** What is read from the channel, with the wait beginning anew at each octet. */
    InputStream watched() {
        return new FilterInputStream(Channels.newInputStream(channel)) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int got = super.read(into, offset, length);
                end.cancel(false);
                end = schedule();
                return got;
            }
        };
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private Future<?> schedule() {
        return thread.schedule(() -> {
            channel.close();
            return null;
        }, longest.toNanos(), TimeUnit.NANOSECONDS);
    }
}
