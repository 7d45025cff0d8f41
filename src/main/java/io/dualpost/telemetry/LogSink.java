package io.dualpost.telemetry;

import java.io.IOException;

/** Where lines go; used by one thread. */
sealed interface LogSink permits LogFile, LogStream {
    /**
     * Writes whole lines.
     *
     * @throws IOException if they could not all be written; then, where possible, none of them is there
     */
    void write(byte[] lines) throws IOException;
}
