package io.dualpost.probe;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLException;

/**
 * What ended an attempt before its time.
 *
 * @param stage what did not come
 * @param kind  in which way
 * @param at    since the attempt began
 * @param words what was said of it, harmless
 */
public record Fault(Stage stage, Kind kind, Duration at, String words) {
    /** The ways to fail. */
    public enum Kind {
        /** The SYN was answered with RST. */
        REFUSED,
        /** A router or firewall said that there is no way, or that it is forbidden. */
        UNREACHABLE,
        /** This machine itself has no route. */
        NO_ROUTE,
        /** Nothing answered the SYN. */
        UNANSWERED,
        /** TCP is there, and then nothing came. */
        SILENT,
        /** RST after TCP was there. */
        RESET,
        /** The server closed in the middle. */
        CLOSED,
        /** The handshake failed. */
        TLS,
        /** What came is not this protocol. */
        PROTOCOL,
        /** The server said no. */
        SAID_NO,
        /** The server does not offer STLS or STARTTLS. */
        NO_STARTTLS;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** As JSON spells it. */
        public String label() {
            return label;
        }
    }

    /** A server that cannot be talked with any further. */
    static final class Found extends IOException {
        private static final long serialVersionUID = 1;

        private final Kind kind;

        Found(Kind kind, String words) {
            super(words);
            this.kind = kind;
        }
    }

    /**
     * Says what a failure was.
     *
     * @param expired whether patience ended, which makes a failure of everything that goes on
     * @param routed  whether this machine has a route to the address
     */
    static Fault of(Stage stage, Duration at, IOException failure, boolean expired, boolean routed) {
        Kind kind = expired
                ? stage == Stage.CONNECT ? Kind.UNANSWERED : Kind.SILENT
                : stage == Stage.CONNECT ? connecting(failure, routed) : talking(failure);
        String words = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return new Fault(stage, kind, at, expired ? "" : Harmless.text(words));
    }

    // ECONNREFUSED and ETIMEDOUT come as ConnectException; what ICMP said (no route, forbidden) as anything else.
    private static Kind connecting(IOException failure, boolean routed) {
        if (failure instanceof SocketTimeoutException
                || (failure instanceof ConnectException
                        && String.valueOf(failure.getMessage()).contains("timed out"))) {
            return Kind.UNANSWERED;
        }
        if (failure instanceof ConnectException) {
            return Kind.REFUSED;
        }
        return routed ? Kind.UNREACHABLE : Kind.NO_ROUTE;
    }

    private static Kind talking(IOException failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 16; depth++) {
            switch (cause) {
                case Found found -> {
                    return found.kind;
                }
                case EOFException _ -> {
                    return Kind.CLOSED;
                }
                case SocketException _ -> {
                    return Kind.RESET;
                }
                default -> cause = cause.getCause();
            }
        }
        return failure instanceof SSLException ? Kind.TLS : Kind.CLOSED;
    }
}
