package io.dualpost.tls;

import javax.net.ssl.SSLException;

/** A ClientHello that does not follow RFC 8446 section 4.1.2; the client is sent the alert {@code decode_error}. */
public final class MalformedHello extends SSLException {
    private static final long serialVersionUID = 1L;

    MalformedHello(String message) {
        super("ClientHello: " + message);
    }
}
