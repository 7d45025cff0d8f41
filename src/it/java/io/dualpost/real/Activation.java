package io.dualpost.real;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Systemd's part in starting the program: {@code activate.py} holds the sockets, the program comes and goes. */
final class Activation implements AutoCloseable {
    private final Process process;
    private final BufferedReader said;
    private final Writer orders;
    private final Path log;

    private Activation(Process process, Path log) {
        this.process = process;
        this.said = process.inputReader(StandardCharsets.UTF_8);
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
        this.log = log;
    }

    /** Opens the sockets, each {@code NAME=KIND:ADDRESS:PORT}; starts nothing yet. */
    static Activation of(Path directory, Path settings, Map<String, String> environment, List<String> sockets)
            throws IOException {
        Path log = directory.resolve("dualpost.log");
        List<String> words = new ArrayList<>(List.of("python3", Errand.script("activate.py")));
        words.addAll(sockets);
        words.addAll(List.of("--", System.getProperty("java.home") + "/bin/java", "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp", Objects.requireNonNull(System.getProperty("surefire.test.class.path",
                        System.getProperty("java.class.path"))),
                "io.dualpost.Main", "run", "--config", settings.toString()));
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile()).redirectError(log.toFile());
        builder.environment().putAll(environment);
        Activation activation = new Activation(builder.start(), log);
        activation.expect("open");
        return activation;
    }

    /** Starts the program. */
    Activation start() throws IOException {
        order("start");
        expect("started ");
        return this;
    }

    /** Ends the program by SIGTERM; its exit code. */
    int stop() throws IOException {
        order("stop");
        return ended();
    }

    /** Waits until the program has ended by itself; its exit code. */
    int await() throws IOException {
        order("await");
        return ended();
    }

    /** What the program said on standard error. */
    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() throws IOException {
        List<ProcessHandle> children = process.descendants().toList();
        orders.close();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                children.forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new IOException("program: still running 30 s after SIGTERM");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int ended() throws IOException {
        // The program's own records come by the same way.
        return Integer.parseInt(expect("ended with ").strip());
    }

    private void order(String line) throws IOException {
        orders.write(line + "\n");
        orders.flush();
    }

    private String expect(String words) throws IOException {
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith(words)) {
                return line.substring(words.length());
            }
        }
        throw new IOException("activate.py: ended (expected: " + words + "): " + log());
    }
}
