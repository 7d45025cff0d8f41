package io.dualpost.session;

import io.dualpost.telemetry.AcceptError;
import io.dualpost.telemetry.ConnectResult;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.security.GeneralSecurityException;

/** What broke a connection: the other end and the network, or a fault of the proxy. */
final class Breakage {
    private Breakage() {}

    /** What a failed attempt to open a TCP connection counts as. */
    static ConnectResult result(Throwable cause) {
        String words = String.valueOf(cause.getMessage());
        return switch (cause) {
            case ConnectTimeoutException _ -> ConnectResult.TIMEOUT;
            case NoRouteToHostException _ -> ConnectResult.UNREACHABLE;
            // The native transport tells the rest in the system's words only.
            case IOException _ when words.contains("unreachable") -> ConnectResult.UNREACHABLE;
            case IOException _ when words.contains("refused") -> ConnectResult.REFUSED;
            case IOException _ when words.contains("reset") -> ConnectResult.CLOSED;
            default -> ConnectResult.OTHER;
        };
    }

    /** What kept a connection from being accepted. */
    static AcceptError acceptError(Throwable cause) {
        String words = String.valueOf(cause.getMessage());
        if (words.contains("Too many open files")) {
            return AcceptError.DESCRIPTORS;
        }
        return words.contains("buffer space") || words.contains("memory") ? AcceptError.BUFFERS : AcceptError.OTHER;
    }

    /** Whether neither the other end nor the network can have caused it. */
    static boolean isOwnFault(Throwable cause) {
        return switch (cause) {
            case IOException _ -> false;
            case GeneralSecurityException _ -> false;
            case HAProxyProtocolException _ -> false;
            // Netty wraps whatever a decoder threw; on its own it is a complaint about the octets.
            case DecoderException wrapped -> wrapped.getCause() != null && isOwnFault(wrapped.getCause());
            default -> true;
        };
    }
}
