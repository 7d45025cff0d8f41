package io.dualpost;

import io.dualpost.demo.Demo;
import io.dualpost.tls.DevelopmentAuthority;
import io.dualpost.tls.TlsProblem;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Makes the cache with which this Java starts {@code run} faster (JEP 483, 514): a proxy of its own serves real
 * sessions, and the JVM keeps what it loaded and linked. It fits this jar, this Java and these options alone; any other Java
 * leaves it aside.
 */
@Command(name = "train", description = "Make the cache that lets this Java start faster, from a run with real sessions.", mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
    private static final int BASES = 20;
    private static final long PATIENCE_SECONDS = 120;

    @Option(names = "--output", paramLabel = "FILE", required = true, description = "The cache; it is replaced only by a whole one.")
    private Path output = Path.of("dualpost.aot");

    @Option(names = "--sessions", paramLabel = "N", defaultValue = "400", description = "Sessions to serve (default: ${DEFAULT-VALUE}).")
    private int sessions = 400;

    @Override
    public Integer call() throws InterruptedException {
        String jar = System.getProperty("java.class.path", "");
        if (!Files.isRegularFile(Path.of(jar))) {
            System.err.println("dualpost: train: started from classes (expected: from dualpost.jar, java -jar)");
            return Main.BAD;
        }
        try (Demo demo = open()) {
            Path cache = trained(demo, jar);
            Path beside = Files.copy(cache, output.resolveSibling(output.getFileName() + ".new"),
                    StandardCopyOption.REPLACE_EXISTING);
            Files.move(beside, output, StandardCopyOption.ATOMIC_MOVE);
            System.out.println(output + ": " + Files.size(output) / 1024 + " KiB, from " + sessions + " sessions");
            return Main.FINE;
        } catch (IOException | TlsProblem e) {
            System.err.println("dualpost: train: " + e.getMessage());
            return Main.BAD;
        }
    }

    /** A demo on ports that are free. */
    static Demo open() throws IOException {
        for (int i = 1;; i++) {
            try {
                return Demo.open(ThreadLocalRandom.current().nextInt(10_000, 30_000));
            } catch (IOException e) {
                if (i == BASES) {
                    throw e;
                }
            }
        }
    }

    private Path trained(Demo demo, String jar) throws IOException, TlsProblem, InterruptedException {
        Path cache = demo.folder().resolve("dualpost.aot");
        Path said = demo.folder().resolve("proxy.log");
        Path configuration = DemoCommand.configure(demo, "info");
        Process proxy = new ProcessBuilder(command(jar, cache, configuration)).redirectErrorStream(true)
                .redirectOutput(said.toFile()).start();
        try {
            demo.visit(demo.folder().resolve(DevelopmentAuthority.CERTIFICATE_FILE), sessions);
            proxy.destroy();
            if (!proxy.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the proxy did not end within " + PATIENCE_SECONDS + " s: " + lastLines(said));
            }
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "; the proxy said: " + lastLines(said), e);
        } finally {
            proxy.destroyForcibly();
        }
        if (!Files.exists(cache)) {
            throw new IOException("Java made no cache: " + lastLines(said));
        }
        return cache;
    }

    /** The proxy, with the options that this Java has itself. */
    private static List<String> command(String jar, Path cache, Path configuration) {
        List<String> words = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-XX:AOT")).forEach(words::add);
        // Profiles would go into the cache, too; from a run as short as this the compiler makes worse code of them, for good.
        words.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTRecordTraining", "-XX:AOTCacheOutput=" + cache,
                "-jar", jar, "run", "--config", configuration.toString()));
        return words;
    }

    private static String lastLines(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
    }
}
