package io.dualpost.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The nft program: one run for each transaction or question. */
final class Nft {
    private static final List<Path> PLACES = List.of(Path.of("/usr/sbin/nft"), Path.of("/sbin/nft"),
            Path.of("/usr/local/sbin/nft"), Path.of("/usr/bin/nft"));
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** For each octet of a transaction: 65,536 prefixes are 2.6 MB and take a second, but not on a busy machine. */
    private static final long PATIENCE_NANOS_PER_OCTET = 2_000;

    private final Program program;

    private Nft(Program program) {
        this.program = program;
    }

    /**
     * Finds it.
     *
     * @param chosen by the operator; without it the places where distributions put it are tried
     * @throws IOException if it is not there
     */
    static Nft find(Optional<Path> chosen) throws IOException {
        return new Nft(Program.find("nft", chosen.map(List::of).orElse(PLACES), "nftables"));
    }

    /** What was named is not there. */
    static final class Absent extends IOException {
        private static final long serialVersionUID = 1L;

        Absent(String message) {
            super(message);
        }
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
     * What it lists, as text.
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

    private String run(String input, List<String> words) throws IOException {
        Program.Outcome outcome;
        try {
            outcome = program.run(words, input, PATIENCE.plusNanos(input.length() * PATIENCE_NANOS_PER_OCTET));
        } catch (IOException e) {
            throw new IOException("nft: " + e.getMessage(), e);
        }
        if (outcome.code() != 0) {
            throw failure(outcome);
        }
        return outcome.output();
    }

    /** In words that say what to do, where the cause is known. */
    private static IOException failure(Program.Outcome outcome) {
        String errors = outcome.errors();
        String said = MalformedRequest.shown(errors.lines().filter(line -> !line.isBlank())
                .map(line -> line.replaceFirst("^\\S*:\\d+:\\d+(-\\d+)?: ", "")).findFirst()
                .orElse("exit code " + outcome.code()));
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
