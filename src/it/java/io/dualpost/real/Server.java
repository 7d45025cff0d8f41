package io.dualpost.real;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A server as a child process in the foreground; stopped with all its children, by their process ids. */
final class Server implements AutoCloseable {
    private static final AtomicInteger NEXT_PORT = new AtomicInteger(
            ThreadLocalRandom.current().nextInt(18_000, 24_000));
    private static final int PATIENCE_SECONDS = 30;

    private final Process process;
    private final Path output;

    private Server(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts it and waits until it listens at all the ports of 127.0.0.1. */
    static Server start(Path directory, List<String> words, int... ports) throws IOException {
        Path output = directory.resolve(Path.of(words.getFirst()).getFileName() + ".out");
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Command.settle(builder.environment(), directory);
        Server server = new Server(builder.start(), output);
        try {
            for (int port : ports) {
                Waiting.until(words.getFirst() + " listens at " + port, PATIENCE_SECONDS,
                        () -> server.aliveOrFail() && listens(port));
            }
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** A port below the system's own range, free at both loopback addresses, never given twice. */
    static int freePort() {
        for (int i = 0; i < 1_000; i++) {
            int port = NEXT_PORT.incrementAndGet();
            if (isFree("127.0.0.1", port) && isFree("::1", port)) {
                return port;
            }
        }
        throw new IllegalStateException("ports: 1000 in a row are taken (expected: a free one)");
    }

    /** Ends at once what is left of it: SIGKILL to it and all its children. */
    void kill() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        children.forEach(ProcessHandle::destroy);
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private boolean aliveOrFail() throws IOException {
        if (!process.isAlive()) {
            throw new IOException("server: ended with " + process.exitValue() + " (expected: to run): "
                    + Files.readString(output));
        }
        return true;
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(World.IPV4, port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isFree(String address, int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.ofLiteral(address))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
