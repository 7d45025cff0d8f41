package io.dualpost.session;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import java.io.IOException;
import java.security.GeneralSecurityException;

/** What broke a connection: the other end and the network, or a fault of the proxy. */
final class Breakage {
    private Breakage() {}

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
