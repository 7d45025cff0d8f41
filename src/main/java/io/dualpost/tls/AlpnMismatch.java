package io.dualpost.tls;

import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/**
 * A client offered application protocols (RFC 7301), and ours is not among them: a browser led astray, or an attack
 * across protocols (RFC 9325 section 3.7). The client is sent the alert {@code no_application_protocol}.
 */
public final class AlpnMismatch extends SSLException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 8;

    AlpnMismatch(List<String> offered, String expected) {
        super("ALPN: " + offered.stream().limit(SHOWN).map(AlpnMismatch::printable)
                .collect(Collectors.joining(", ", "[", offered.size() > SHOWN ? ", ...]" : "]"))
                + " (expected: " + expected + ", or no ALPN)");
    }

    /** The peer chose these octets; they are not to write a line of their own into a log. */
    private static String printable(String id) {
        return id.substring(0, Math.min(id.length(), 32)).replaceAll("[^!-~]", "?");
    }
}
