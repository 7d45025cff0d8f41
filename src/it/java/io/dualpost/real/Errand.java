package io.dualpost.real;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a client is asked to do: where, as whom, and a directory of its own. */
record Errand(Target target, Account account, Path scratch) {
    /** The authority's file, as an argument. */
    String authority() {
        return target.authority().toString();
    }

    /** The port, as an argument. */
    String port() {
        return Integer.toString(target.port());
    }

    /** Runs a program that cannot be told an address. */
    byte[] resolved(byte[] input, String... words) throws IOException {
        return Command.succeed(scratch, input, target.resolving(scratch, List.of(words))).octets();
    }

    /** Runs a program that can. */
    byte[] plain(byte[] input, String... words) throws IOException {
        return Command.succeed(scratch, input, List.of(words)).octets();
    }

    /** A URL with this scheme for implicit TLS or that one for STARTTLS, with or without a login. */
    String url(String implicit, String startTls, String login) {
        return (target.implicit() ? implicit : startTls) + "://" + login + target.host() + ":" + port();
    }

    /** A script beside the tests. */
    static String script(String name) {
        return World.project().resolve("src/it/resources").resolve(name).toString();
    }

    /** A talk through {@code openssl s_client}, which verifies the name; TLS is done when it is ready. */
    <T> T through(String startTls, Conversation<T> conversation) throws IOException {
        // A read from a pipe has no time-out of its own: the program's end is its end.
        List<String> words = new ArrayList<>(List.of("timeout", "60", "openssl", "s_client", "-quiet", "-ign_eof",
                "-connect",
                target.literal() + ":" + port(), "-servername", target.host(), "-verify_hostname", target.host(),
                "-verify_return_error", "-CAfile", authority()));
        if (!target.implicit()) {
            words.addAll(List.of("-starttls", startTls));
        }
        Process process = new ProcessBuilder(words).redirectError(scratch.resolve("s_client.err").toFile()).start();
        try {
            return conversation.hold(Talk.through(process));
        } catch (IOException e) {
            throw new IOException(
                    "openssl s_client: " + java.nio.file.Files.readString(scratch.resolve("s_client.err")),
                    e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** What is said in a talk. */
    @FunctionalInterface
    interface Conversation<T> {
        /** Holds it to its end. */
        T hold(Talk talk) throws IOException;
    }
}
