package io.dualpost.real;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a server logs from now on. */
final class LogFile {
    private static final int PATIENCE_SECONDS = 20;

    private final Path path;
    private final int start;

    private LogFile(Path path, int start) {
        this.path = path;
        this.start = start;
    }

    /** Begins behind what is there. */
    static LogFile fromHere(Path path) throws IOException {
        return new LogFile(path, Files.exists(path) ? Files.readString(path).length() : 0);
    }

    /** All since the beginning. */
    String text() throws IOException {
        return Files.exists(path) ? new String(Files.readAllBytes(path), StandardCharsets.UTF_8).substring(start) : "";
    }

    /** Waits for words, which must come. */
    void await(String words) throws IOException {
        try {
            Waiting.until("log has \"" + words + "\"", PATIENCE_SECONDS, () -> text().contains(words));
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "; it has:\n" + text(), e);
        }
    }
}
