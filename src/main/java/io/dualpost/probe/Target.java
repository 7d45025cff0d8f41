package io.dualpost.probe;

import io.dualpost.address.Addresses;
import io.dualpost.address.Endpoint;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import java.net.IDN;
import java.net.InetAddress;
import java.util.Optional;

/**
 * What is probed.
 *
 * @param endpoint a name or an address, and the port
 * @param protocol what is spoken there
 * @param tls      when TLS begins
 */
public record Target(Endpoint endpoint, Protocol protocol, TlsMode tls) {
    /** What a port means where nobody says otherwise (RFC 8314, RFC 6409, RFC 1939). */
    private enum WellKnown {
        POP3S(995, Protocol.POP3, TlsMode.IMPLICIT),
        POP3(110, Protocol.POP3, TlsMode.STARTTLS),
        SUBMISSIONS(465, Protocol.SUBMISSION, TlsMode.IMPLICIT),
        SUBMISSION(587, Protocol.SUBMISSION, TlsMode.STARTTLS);

        private final int port;
        private final Protocol protocol;
        private final TlsMode tls;

        WellKnown(int port, Protocol protocol, TlsMode tls) {
            this.port = port;
            this.protocol = protocol;
            this.tls = tls;
        }
    }

    /**
     * Reads {@code HOST[:PORT]}; what is not given follows from what is: a well-known port says protocol and TLS mode, and
     * they the port. Without anything it is POP3 with TLS from the start.
     *
     * @throws IllegalArgumentException if the text is no host, in words for whoever typed it
     */
    public static Target of(String text, Optional<Protocol> protocol, Optional<TlsMode> tls) {
        Endpoint given = endpoint(text);
        if (given.port() == 0) {
            WellKnown meant = meant(protocol.orElse(Protocol.POP3), tls.orElse(TlsMode.IMPLICIT));
            return new Target(new Endpoint(given.host(), meant.port), meant.protocol, tls.orElse(meant.tls));
        }
        for (WellKnown known : WellKnown.values()) {
            if (known.port == given.port() && known.protocol == protocol.orElse(known.protocol)) {
                return new Target(given, known.protocol, tls.orElse(known.tls));
            }
        }
        return new Target(given, protocol.orElse(Protocol.POP3), tls.orElse(TlsMode.IMPLICIT));
    }

    /** The name that the certificate must cover; none if an address is probed. */
    public Optional<String> name() {
        return endpoint.literal().isPresent() ? Optional.empty() : Optional.of(endpoint.host());
    }

    /** Whether the name says that it is for IPv4 alone: its first label is like {@code pop-v4} or {@code ipv4}. */
    public boolean saysIpv4() {
        return name().filter(host -> host.matches("([^.]*-)?(ip)?v4(-[^.]*)?(\\..*)?")).isPresent();
    }

    private static WellKnown meant(Protocol protocol, TlsMode tls) {
        if (protocol == Protocol.POP3) {
            return tls == TlsMode.IMPLICIT ? WellKnown.POP3S : WellKnown.POP3;
        }
        return tls == TlsMode.IMPLICIT ? WellKnown.SUBMISSIONS : WellKnown.SUBMISSION;
    }

    /** Port 0 where none is given. */
    private static Endpoint endpoint(String text) {
        Optional<InetAddress> bare = Addresses.literal(text);
        if (bare.isPresent()) {
            return new Endpoint(Addresses.text(bare.get()), 0);
        }
        int colon = text.lastIndexOf(':');
        boolean ported = colon > text.lastIndexOf(']');
        String host = ported ? text.substring(0, colon) : text;
        String port = ported ? text.substring(colon + 1) : "0";
        Optional<Endpoint> endpoint = ascii(host).flatMap(name -> Endpoint.parse(name + ":" + port));
        if (endpoint.isEmpty() || (ported && endpoint.get().port() == 0)) {
            throw new IllegalArgumentException(Harmless.text(text)
                    + " (expected: a name or an address, with or without a port, an IPv6 address before a port in"
                    + " brackets: pop.example.jp, pop.example.jp:995, [2001:db8::10]:995)");
        }
        return endpoint.get();
    }

    private static Optional<String> ascii(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        try {
            return Optional.of(name.startsWith("[") ? name : IDN.toASCII(name));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
