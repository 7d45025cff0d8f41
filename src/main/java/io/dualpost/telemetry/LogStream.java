package io.dualpost.telemetry;

import java.io.IOException;
import java.io.OutputStream;

/** Standard output or error; not a {@link java.io.PrintStream}, which swallows what goes wrong. */
record LogStream(OutputStream out) implements LogSink {
    @Override
    public void write(byte[] lines) throws IOException {
        out.write(lines);
        out.flush();
    }
}
