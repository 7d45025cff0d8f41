package io.dualpost.demo;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A small submission server (RFC 6409) on loopback without TLS, that delivers into {@link DemoMail}. Trusts whoever
 * connects to say by {@code XCLIENT} who the client is, as Postfix does for its {@code smtpd_authorized_xclient_hosts}.
 * Ends a message at CRLF.CRLF only and keeps every other octet as it came.
 */
public final class DemoSubmission implements AutoCloseable {
    private final DemoServer server;

    private DemoSubmission(DemoServer server) {
        this.server = server;
    }

    /** Serves on 127.0.0.1, on a port that the system chooses. */
    public static DemoSubmission open(DemoMail mail) throws IOException {
        AtomicLong queued = new AtomicLong();
        return new DemoSubmission(DemoServer.open("demo submission", line -> serve(line, mail, queued)));
    }

    /** The port that it listens on. */
    public int port() {
        return server.port();
    }

    /** Ends every connection; what was not complete is not delivered. */
    @Override
    public void close() {
        server.close();
    }

    private static void serve(LineConnection line, DemoMail mail, AtomicLong queued) throws IOException {
        try {
            new SubmissionSession(line, mail, queued).run();
        } catch (LineConnection.LineTooLong fault) {
            line.say("500 5.5.6 " + fault.getMessage());
        }
    }
}
