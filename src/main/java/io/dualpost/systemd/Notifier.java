package io.dualpost.systemd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells systemd how the service is, as sd_notify(3) says it; on a thread of its own, which no session can hold up. */
public final class Notifier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    private static final Duration STATUS_PERIOD = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** Rounds of the watchdog in its period: one that is a little late costs nothing. */
    private static final int ROUNDS = 3;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("systemd").factory());
    private final Socket socket;
    private final byte[] systemd;
    private final Optional<Duration> watchdog;
    /** These are the thread's alone. */
    private String lastStatus = "";
    private boolean stuck;
    private boolean stopping;
    private boolean failed;

    private Notifier(Socket socket, byte[] systemd, Optional<Duration> watchdog) {
        this.socket = socket;
        this.systemd = systemd;
        this.watchdog = watchdog;
    }

    /**
     * Opens the way to systemd, if there is one: if {@code NOTIFY_SOCKET} is set.
     *
     * @param environment of the process
     * @param pid         of the process
     * @throws IOException if the way cannot be opened; the service would be taken for one that never got ready
     */
    public static Optional<Notifier> open(Map<String, String> environment, long pid) throws IOException {
        String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (socket.isEmpty()) {
            return Optional.empty();
        }
        if (!socket.startsWith("/") && !socket.startsWith("@")) {
            throw new IOException("NOTIFY_SOCKET: " + socket + " (expected: a path, or a name that begins with @)");
        }
        if (!Epoll.isAvailable()) {
            throw new IOException("NOTIFY_SOCKET: systemd cannot be told anything without epoll: "
                    + Epoll.unavailabilityCause());
        }
        Optional<Duration> watchdog = watchdog(environment, pid);
        // An abstract name begins with NUL, which no environment variable can hold.
        byte[] address = (socket.startsWith("@") ? "\0" + socket.substring(1) : socket).getBytes(UTF_8);
        return Optional.of(new Notifier(Socket.newSocketDomainDgram(), address, watchdog));
    }

    /** How often systemd wants a sign of life, if it does. */
    private static Optional<Duration> watchdog(Map<String, String> environment, long pid) throws IOException {
        String period = environment.getOrDefault("WATCHDOG_USEC", "");
        String whose = environment.getOrDefault("WATCHDOG_PID", "");
        if (period.isEmpty() || (!whose.isEmpty() && !whose.equals(Long.toString(pid)))) {
            return Optional.empty();
        }
        if (!period.matches("[1-9][0-9]{0,14}")) {
            throw new IOException("WATCHDOG_USEC: " + period + " (expected: microseconds)");
        }
        return Optional.of(Duration.ofNanos(Long.parseLong(period) * 1000));
    }

    /**
     * Says that the service is ready; from now on gives its status every ten seconds, if it is a new one, and a sign of life
     * as often as systemd wants it, as long as every loop does its tasks.
     */
    public void ready(Supplier<String> status, Iterable<EventExecutor> loops) {
        soon(() -> {
            lastStatus = line(status.get());
            send("READY=1\nSTATUS=" + lastStatus);
        });
        thread.scheduleAtFixedRate(() -> status(status), STATUS_PERIOD.toMillis(), STATUS_PERIOD.toMillis(),
                TimeUnit.MILLISECONDS);
        watchdog.ifPresent(period -> {
            Watchdog watch = new Watchdog(loops);
            thread.scheduleAtFixedRate(() -> round(watch), 0, period.toNanos() / ROUNDS, TimeUnit.NANOSECONDS);
        });
    }

    /** Says that the service stops, and asks for so much time. */
    public void stopping(Duration atMost) {
        soon(() -> {
            stopping = true;
            send("STOPPING=1\nSTATUS=stopping\nEXTEND_TIMEOUT_USEC=" + atMost.toNanos() / 1000);
        });
    }

    /** Says why the service cannot start. */
    public void failed(String reason) {
        soon(() -> send("STATUS=" + line(reason)));
    }

    /** Says nothing more. */
    @Override
    public void close() {
        soon(() -> socket.close());
        thread.shutdownNow();
    }

    /** Waits for it a while: systemd may be slow to read, and then is not waited for. */
    private void soon(Message message) {
        Future<?> done = thread.submit(() -> {
            message.send();
            return null;
        });
        try {
            done.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("systemd cannot be told: {}", e.toString());
        }
    }

    private interface Message {
        void send() throws IOException;
    }

    private void status(Supplier<String> status) {
        String now = line(status.get());
        if (!stopping && !now.equals(lastStatus)) {
            lastStatus = now;
            send("STATUS=" + now);
        }
    }

    private void round(Watchdog watch) {
        boolean alive = watch.round();
        if (alive) {
            send("WATCHDOG=1");
        } else if (!stuck && !stopping) {
            LOG.error("an event loop does not answer; systemd gets no sign of life until it does");
        }
        stuck = !alive;
    }

    /** Each message to the address, without a connection: systemd may open its socket anew. */
    private void send(String message) {
        byte[] octets = message.getBytes(UTF_8);
        ByteBuffer buffer = ByteBuffer.allocateDirect(octets.length).put(octets).flip();
        String trouble = "";
        try {
            if (socket.sendToDomainSocket(buffer, 0, octets.length, systemd) < 0) {
                trouble = "it does not read";
            }
        } catch (IOException e) {
            trouble = e.toString();
        }
        if (!trouble.isEmpty() && !failed) {
            LOG.warn("systemd cannot be told: {}", trouble);
        }
        failed = !trouble.isEmpty();
    }

    /** A message is made of lines. */
    private static String line(String text) {
        return text.replaceAll("\\R", " ");
    }
}
