package io.dualpost.real;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that runs to its end, for a minute at most. */
final class Command {
    private static final long PATIENCE_SECONDS = 60;

    private Command() {}

    /** What came of it; the output one character for each octet. */
    record Outcome(int code, String output, String errors) {
        /** The output as it came. */
        byte[] octets() {
            return output.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** Runs it in a directory that also keeps its input and output; any exit code will do. */
    static Outcome run(Path directory, byte[] input, List<String> words) throws IOException {
        Path in = Files.write(Files.createTempFile(directory, "in", ""), input);
        Path out = Files.createTempFile(directory, "out", "");
        Path err = Files.createTempFile(directory, "err", "");
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile()).redirectInput(in.toFile())
                .redirectOutput(out.toFile()).redirectError(err.toFile());
        settle(builder.environment(), directory);
        Process process = builder.start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(words + ": still running after " + PATIENCE_SECONDS + " s; it said: "
                        + Files.readString(err));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(words + ": interrupted", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return new Outcome(process.exitValue(), Files.readString(out, StandardCharsets.ISO_8859_1),
                new String(Files.readAllBytes(err), StandardCharsets.UTF_8));
    }

    /** Runs it and demands exit code 0. */
    static Outcome succeed(Path directory, byte[] input, List<String> words) throws IOException {
        Outcome outcome = run(directory, input, words);
        if (outcome.code() != 0) {
            throw new IOException(String.join(" ", words) + ": ended with " + outcome.code() + " (expected: 0): "
                    + outcome.errors() + outcome.output());
        }
        return outcome;
    }

    /** No settings of the user who runs the tests reach a client. */
    static void settle(Map<String, String> environment, Path home) {
        environment.put("HOME", home.toString());
        environment.put("FETCHMAILHOME", home.toString());
        environment.put("MAILRC", "/dev/null");
        environment.put("LC_ALL", "C.UTF-8");
    }
}
