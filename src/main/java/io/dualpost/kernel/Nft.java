package io.dualpost.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The nft program: one run for each transaction or question, without a shell and without the environment. */
final class Nft {
    private static final List<Path> PLACES = List.of(Path.of("/usr/sbin/nft"), Path.of("/sbin/nft"),
            Path.of("/usr/local/sbin/nft"), Path.of("/usr/bin/nft"));
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** For each octet of a transaction: 65,536 prefixes are 2.6 MB and take a second, but not on a busy machine. */
    private static final long PATIENCE_NANOS_PER_OCTET = TimeUnit.MICROSECONDS.toNanos(2);
    /** Of what it prints: 65,536 prefixes take a tenth of it. */
    private static final int MOST_OUTPUT = 64 << 20;
    private static final int MOST_ERRORS = 4096;

    private final Path program;

    private Nft(Path program) {
        this.program = program;
    }

    /**
     * Finds it.
     *
     * @param chosen by the operator; without it the places where distributions put it are tried
     * @throws IOException if it is not there
     */
    static Nft find(Optional<Path> chosen) throws IOException {
        List<Path> places = chosen.map(List::of).orElse(PLACES);
        for (Path place : places) {
            if (place.isAbsolute() && Files.isExecutable(place)) {
                return new Nft(place);
            }
        }
        throw new IOException("nft: not found at " + places + " (expected: the program of the package nftables there)");
    }

    /**
     * Gives it one transaction: all of it happens or nothing.
     *
     * @throws IOException if it did not happen; the message is nft's own where it has one
     */
    void run(String text) throws IOException {
        run(text, List.of("-f", "-"));
    }

    /**
     * Everything in the table, as text.
     *
     * @param words after {@code nft}
     * @return nothing if what was asked for is not there
     */
    Optional<String> list(String... words) throws IOException {
        try {
            return Optional.of(run("", List.of(words)));
        } catch (Absent _) {
            return Optional.empty();
        }
    }

    /** What was named is not there. */
    static final class Absent extends IOException {
        private static final long serialVersionUID = 1L;

        Absent(String message) {
            super(message);
        }
    }

    private String run(String input, List<String> words) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().put("LC_ALL", "C");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IOException("nft: " + program + " does not start: " + e.getMessage(), e);
        }
        try {
            // Both are read while it is written to: a full pipe would hold all three up.
            CompletableFuture<byte[]> output = reading(process.getInputStream(), MOST_OUTPUT);
            CompletableFuture<byte[]> errors = reading(process.getErrorStream(), MOST_ERRORS);
            CompletableFuture<Void> writing = CompletableFuture
                    .runAsync(() -> write(process.getOutputStream(), input), Thread::startVirtualThread);
            long patience = PATIENCE_NANOS + input.length() * PATIENCE_NANOS_PER_OCTET;
            long end = System.nanoTime() + patience;
            if (!process.waitFor(patience, TimeUnit.NANOSECONDS)) {
                throw new IOException("nft: no end after " + TimeUnit.NANOSECONDS.toSeconds(patience)
                        + " s (expected: some milliseconds)");
            }
            writing.get(left(end), TimeUnit.NANOSECONDS);
            String said = new String(output.get(left(end), TimeUnit.NANOSECONDS), US_ASCII);
            if (process.exitValue() != 0) {
                throw failure(new String(errors.get(left(end), TimeUnit.NANOSECONDS), UTF_8), process.exitValue());
            }
            return said;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("nft: interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("nft: " + e, e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static long left(long end) {
        return Math.max(1, end - System.nanoTime());
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

    /** In words that say what to do, where the cause is known. */
    private static IOException failure(String errors, int code) {
        String said = MalformedRequest.shown(errors.lines().filter(line -> !line.isBlank())
                .map(line -> line.replaceFirst("^\\S*:\\d+:\\d+(-\\d+)?: ", "")).findFirst()
                .orElse("exit code " + code));
        if (errors.contains("Operation not permitted")) {
            return new IOException("nft: " + said + " (expected: CAP_NET_ADMIN)");
        }
        if (errors.contains("not supported")) {
            return new IOException("nft: " + said + " (expected: a kernel with nf_tables)");
        }
        if (errors.contains("No such file or directory")) {
            return new Absent("nft: " + said);
        }
        return new IOException("nft: " + said);
    }
}
