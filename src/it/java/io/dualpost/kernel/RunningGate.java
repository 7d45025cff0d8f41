package io.dualpost.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A kernel gate as a process in a namespace. */
final class RunningGate implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final NetworkNamespace namespace;
    private final Path folder;
    private final Process process;

    private RunningGate(NetworkNamespace namespace, Path folder, Process process) {
        this.namespace = namespace;
        this.folder = folder;
        this.process = process;
    }

    /** Starts one and waits until it serves. */
    static RunningGate start(NetworkNamespace namespace, Path folder, String... more)
            throws IOException, InterruptedException {
        RunningGate gate = launch(namespace, folder, List.of(), more);
        Path socket = gate.socket();
        await("gate serves").atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> {
            if (!gate.process.isAlive()) {
                throw new IOException("gate: ended: " + gate.log());
            }
            return Files.exists(socket) && gate.ask("hello 1").startsWith("ok 1 ");
        });
        return gate;
    }

    /** Starts one that may fail; the words come before the command. */
    static RunningGate launch(NetworkNamespace namespace, Path folder, List<String> before, String... more)
            throws IOException {
        List<String> words = new ArrayList<>(before);
        words.addAll(NetworkNamespace.dualpost("kernel-gate"));
        words.addAll(List.of("--socket", folder.resolve("socket").toString(), "--allow", "nobody"));
        words.addAll(List.of(more));
        return new RunningGate(namespace, folder,
                namespace.start(Optional.of(folder.resolve("log")), words.toArray(String[]::new)));
    }

    Path socket() {
        return folder.resolve("socket");
    }

    String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    /** Says these lines after a greeting; all that came back but the answer to that. */
    String say(String... lines) throws IOException, InterruptedException {
        String[] all = new String[lines.length + 1];
        all[0] = "hello 1";
        System.arraycopy(lines, 0, all, 1, lines.length);
        return ask(all).replaceFirst("^ok 1 [0-9]+\n", "");
    }

    /** Says these lines and no others. */
    String ask(String... lines) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(
                List.of("/usr/bin/python3", NetworkNamespace.script(), "ask", socket().toString()));
        words.addAll(List.of(lines));
        return namespace.run(words.toArray(String[]::new));
    }

    /** Says these lines as another user. */
    String askAs(String user, String... lines) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("setpriv", "--reuid", user, "--regid", "root", "--clear-groups",
                "/usr/bin/python3", "-", "ask", socket().toString()));
        words.addAll(List.of(lines));
        // The script may be where this user cannot read.
        Process process = namespace.start(Optional.empty(), words.toArray(String[]::new));
        try (var input = process.getOutputStream()) {
            input.write(Files.readAllBytes(Path.of(NetworkNamespace.script())));
        }
        return new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    }

    /** Sends it a signal. */
    void signal(String name) throws IOException, InterruptedException {
        namespace.run("kill", "-" + name, Long.toString(process.pid()));
    }

    /** Waits for its end; the exit code. */
    int end() throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("gate: still running: " + log());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }
}
