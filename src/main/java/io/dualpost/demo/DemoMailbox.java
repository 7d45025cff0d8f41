package io.dualpost.demo;

import java.io.IOException;

/**
 * A small POP3 server (RFC 1939, 2449, 3206, 5034) on loopback without TLS. Trusts whoever connects to say by
 * {@code XCLIENT} who the client is, as Dovecot does for its {@code login_trusted_networks}.
 */
public final class DemoMailbox implements AutoCloseable {
    private final DemoServer server;

    private DemoMailbox(DemoServer server) {
        this.server = server;
    }

    /** Serves on 127.0.0.1, on a port that the system chooses. */
    public static DemoMailbox open(DemoMail mail) throws IOException {
        return new DemoMailbox(DemoServer.open("demo mailbox", line -> serve(line, mail)));
    }

    /** The port that it listens on. */
    public int port() {
        return server.port();
    }

    /** Ends every connection; what was marked as deleted and not confirmed by QUIT stays. */
    @Override
    public void close() {
        server.close();
    }

    private static void serve(LineConnection line, DemoMail mail) throws IOException {
        try {
            MailboxLogin login = new MailboxLogin(line);
            String user = login.user();
            if (!user.isEmpty()) {
                new Maildrop(line, mail, user, login.origin()).run();
            }
        } catch (LineConnection.LineTooLong fault) {
            line.say("-ERR " + fault.getMessage());
        }
    }
}
