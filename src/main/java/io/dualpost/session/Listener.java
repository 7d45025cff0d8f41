package io.dualpost.session;

import io.dualpost.address.Prefix;
import io.dualpost.mail.LineEndings;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import java.util.List;

/**
 * Protocol, port and TLS mode of a service; opened as one socket per address.
 *
 * @param name           service and port, {@code pop-995}; the listener's name in metrics, records and logs
 * @param protocol       what clients speak
 * @param port           0 to 65535; 0 lets the system choose
 * @param tls            {@link TlsMode#IMPLICIT} or {@link TlsMode#STARTTLS}
 * @param plaintextLogin whether a login without TLS is taken
 * @param lineEndings    what becomes of a bare CR or LF
 * @param proxySenders   who must begin with a PROXY header; everybody else must not
 * @param patience       how long each phase may last
 */
public record Listener(String name, Protocol protocol, int port, TlsMode tls, boolean plaintextLogin,
        LineEndings lineEndings, List<Prefix> proxySenders, Patience patience) {
    /** Copies the list. */
    public Listener {
        proxySenders = List.copyOf(proxySenders);
    }
}
