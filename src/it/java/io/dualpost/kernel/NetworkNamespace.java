package io.dualpost.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A network namespace with addresses on its loopback; it goes away with the one process that holds it. */
final class NetworkNamespace implements AutoCloseable {
    static final String SERVER = "2001:db8:ff::1";
    static final String ONE = "2001:db8:1::1";
    static final String OTHER = "2001:db8:2::1";
    private static final String SET_UP = "ip link set lo up; for a in 2001:db8:ff::1 2001:db8:1::1 2001:db8:2::1; do"
            + " ip addr add $a/128 dev lo nodad; done; echo ready; exec cat";
    private static final long PATIENCE_SECONDS = 60;

    private final Process holder;
    private final List<Process> processes = new ArrayList<>();

    private NetworkNamespace(Process holder) {
        this.holder = holder;
    }

    /** Why there can be none here, if so. */
    static Optional<String> missing() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("needs root for a network namespace");
        }
        return Stream.of("/usr/sbin/nft", "/usr/bin/python3", "/usr/bin/unshare", "/usr/bin/setpriv")
                .filter(program -> !Files.isExecutable(Path.of(program))).findFirst()
                .map(program -> "needs " + program);
    }

    /** Makes one. */
    static NetworkNamespace create() throws IOException {
        Process holder = new ProcessBuilder("unshare", "--net", "sh", "-ec", SET_UP)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        NetworkNamespace namespace = new NetworkNamespace(holder);
        if (!"ready".equals(holder.inputReader(UTF_8).readLine())) {
            namespace.close();
            throw new IOException("namespace: not set up");
        }
        return namespace;
    }

    /** Runs a program there to its end; all that it said. */
    String run(String... words) throws IOException, InterruptedException {
        Process process = start(Optional.empty(), words);
        process.outputWriter(UTF_8).close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException(List.of(words) + ": still running");
        }
        return said.strip();
    }

    /** Starts a program there. */
    Process start(Optional<Path> log, String... words) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("nsenter", "--target", Long.toString(holder.pid()), "--net"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        log.ifPresent(file -> builder.redirectOutput(ProcessBuilder.Redirect.appendTo(file.toFile())));
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    /** Listens at these ports of an address until the namespace goes away. */
    void listen(String address, int... ports) throws IOException {
        List<String> words = new ArrayList<>(List.of("listen", address));
        for (int port : ports) {
            words.add(Integer.toString(port));
        }
        hold("listening", words);
    }

    /** Begins so many connections, which stay what they are until the namespace goes away. */
    void begin(String source, String address, int port, int count) throws IOException {
        hold("begun", List.of("begin", source, address, Integer.toString(port), Integer.toString(count)));
    }

    private void hold(String sign, List<String> what) throws IOException {
        List<String> words = new ArrayList<>(List.of("/usr/bin/python3", script()));
        words.addAll(what);
        Process process = start(Optional.empty(), words.toArray(String[]::new));
        String said = process.inputReader(UTF_8).readLine();
        if (!sign.equals(said)) {
            throw new IOException(what + ": " + said);
        }
    }

    /** Connects to the server from there; {@code connected}, or the error's name. */
    String connect(String source, int port) throws IOException, InterruptedException {
        return run("/usr/bin/python3", script(), "connect", source, SERVER, Integer.toString(port));
    }

    static String script() {
        return Path.of(System.getProperty("project.basedir", "."), "src/it/resources/syn.py").toAbsolutePath()
                .toString();
    }

    /** A command of the program itself. */
    static List<String> dualpost(String... words) {
        return java("io.dualpost.Main", words);
    }

    /** A class with a main method. */
    static List<String> java(String main, String... words) {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
                Objects.requireNonNull(System.getProperty("surefire.test.class.path",
                        System.getProperty("java.class.path"))),
                main));
        command.addAll(List.of(words));
        return command;
    }

    @Override
    public void close() {
        for (Process process : processes) {
            process.destroyForcibly();
        }
        holder.destroyForcibly();
        try {
            holder.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
