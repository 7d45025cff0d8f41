package io.dualpost.real;

import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The proxy as a process of its own, with Netty's strictest leak detection. */
final class Dualpost implements AutoCloseable {
    private static final int START_SECONDS = 60;
    private static final int STOP_SECONDS = 30;

    private final Setup setup;
    private final Process process;
    private final Path records;
    private final Path log;

    private Dualpost(Setup setup, Process process, Path records, Path log) {
        this.setup = setup;
        this.process = process;
        this.records = records;
        this.log = log;
    }

    /** Starts it and waits until it serves and has tried every backend once; those may be down. */
    static Dualpost start(World world, Setup setup) throws IOException {
        Path directory = world.scratch("dualpost");
        Path settings = Files.writeString(directory.resolve("dualpost.yaml"), setup.yaml());
        Path records = directory.resolve("dualpost.records");
        Path log = directory.resolve("dualpost.log");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(List.of(System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED", "-Dio.netty.leakDetection.level=paranoid",
                "-Dio.netty.leakDetection.targetRecords=32", "-Ddualpost.rsa=openssl", "-Xmx512m", "-cp",
                Objects.requireNonNull(classPath),
                "io.dualpost.Main", "run", "--config", settings.toString())).directory(directory.toFile())
                .redirectOutput(records.toFile()).redirectError(log.toFile()).start();
        world.watch(log);
        world.watch(records);
        Dualpost dualpost = new Dualpost(setup, process, records, log);
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
            Waiting.until("the proxy is ready", START_SECONDS, () -> dualpost.ready(http));
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw new IOException(
                    e.getMessage() + "; configuration:\n" + setup.yaml() + "log:\n" + Files.readString(log),
                    e);
        }
        return dualpost;
    }

    /** Where clients find the dual host. */
    Target dual(String service, TlsMode tls, InetAddress address) {
        String host = setup.yaml().contains("  " + service + ":\n    dual:   { name: " + World.POP)
                ? World.POP
                : World.SMTP;
        return setup.target(service, tls, host, address);
    }

    /** What it was started with. */
    Setup setup() {
        return setup;
    }

    /** Its log and its session records so far. */
    String output() throws IOException {
        return Files.readString(log) + Files.readString(records);
    }

    /** Ends it by SIGTERM and demands a clean end without a leak. */
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("proxy: still running " + STOP_SECONDS + " s after SIGTERM");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("proxy: interrupted", e);
        }
        String output = output();
        if (output.contains("LEAK:")) {
            throw new IOException("proxy: leaked a buffer: " + output);
        }
        if (process.exitValue() != 0 && process.exitValue() != 143) {
            throw new IOException("proxy: ended with " + process.exitValue() + " (expected: 0 or 143): " + output);
        }
    }

    private boolean ready(HttpClient http) throws IOException, InterruptedException {
        if (!process.isAlive()) {
            throw new IOException("proxy: ended with " + process.exitValue() + " (expected: to run)");
        }
        try {
            HttpRequest request = HttpRequest
                    .newBuilder(URI.create("http://127.0.0.1:" + setup.adminPort() + "/ready"))
                    .timeout(Duration.ofSeconds(5)).build();
            return !http.send(request, HttpResponse.BodyHandlers.ofString()).body().contains("first time");
        } catch (IOException e) {
            // Not listening yet.
            return false;
        }
    }
}
