package io.dualpost.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A program of the system that is run to its end: by its path, without a shell and without the environment. */
record Program(Path path) {
    /** Of what it prints: 65,536 prefixes take a tenth of it. */
    private static final int MOST_OUTPUT = 64 << 20;
    private static final int MOST_ERRORS = 4096;

    /** What came of it. */
    record Outcome(int code, String output, String errors) {}

    /**
     * Finds it.
     *
     * @param name in messages
     * @throws IOException if it is at none of the places
     */
    static Program find(String name, List<Path> places, String packaged) throws IOException {
        for (Path place : places) {
            if (place.isAbsolute() && Files.isExecutable(place)) {
                return new Program(place);
            }
        }
        throw new IOException(
                name + ": not found at " + places + " (expected: the program of the package " + packaged + " there)");
    }

    /**
     * Runs it.
     *
     * @throws IOException if it does not start or does not end in time; then it is ended
     */
    Outcome run(List<String> words, String input, Duration patience) throws IOException {
        List<String> command = new ArrayList<>(List.of(path.toString()));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().put("LC_ALL", "C");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IOException(path + " does not start: " + e.getMessage(), e);
        }
        try {
            // Both are read while it is written to: a full pipe would hold all three up.
            CompletableFuture<byte[]> output = reading(process.getInputStream(), MOST_OUTPUT);
            CompletableFuture<byte[]> errors = reading(process.getErrorStream(), MOST_ERRORS);
            CompletableFuture<Void> writing = CompletableFuture
                    .runAsync(() -> write(process.getOutputStream(), input), Thread::startVirtualThread);
            long end = System.nanoTime() + patience.toNanos();
            if (!process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException(path + ": no end after " + patience.toSeconds() + " s");
            }
            writing.get(left(end), TimeUnit.NANOSECONDS);
            return new Outcome(process.exitValue(),
                    new String(output.get(left(end), TimeUnit.NANOSECONDS), US_ASCII),
                    new String(errors.get(left(end), TimeUnit.NANOSECONDS), UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(path + ": interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(path + ": " + e, e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static long left(long end) {
        return Math.max(TimeUnit.MILLISECONDS.toNanos(100), end - System.nanoTime());
    }

    private static void write(OutputStream to, String text) {
        try (to) {
            to.write(text.getBytes(US_ASCII));
        } catch (IOException _) {
            // It ended before it had read all; its exit code says why.
        }
    }

    private static CompletableFuture<byte[]> reading(InputStream from, int most) {
        return CompletableFuture.supplyAsync(() -> {
            try (from) {
                byte[] read = from.readNBytes(most);
                from.skip(Long.MAX_VALUE);
                return read;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, Thread::startVirtualThread);
    }
}
