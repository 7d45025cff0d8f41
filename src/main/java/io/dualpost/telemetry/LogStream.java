package io.dualpost.telemetry;

import java.io.IOException;
import java.io.OutputStream;

/** Standard output or error; not a {@link java.io.PrintStream}, which swallows what goes wrong. */
final class LogStream implements LogSink {
    private final OutputStream out;
    private boolean torn;

    LogStream(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(byte[] lines) throws IOException {
        // Half a line may stand there from the last time, and would take the next one with it.
        if (torn) {
            out.write('\n');
        }
        torn = true;
        out.write(lines);
        out.flush();
        torn = false;
    }
}
