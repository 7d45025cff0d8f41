package io.dualpost.address;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;

/**
 * A host, by name or address literal, and a port; not resolved.
 *
 * @param host a name in lower case, or the canonical text of an address, without brackets
 * @param port 0 to 65535; 0 only where the system is to choose
 */
public record Endpoint(String host, int port) {
    private static final String LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";

    /** Reads {@code mail.example.jp:995}, {@code 192.0.2.1:995} or {@code [2001:db8::1]:995}. */
    public static Optional<Endpoint> parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
            return Optional.empty();
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (port > 65535 || (!bracketed && host.indexOf(':') >= 0)) {
            return Optional.empty();
        }
        String bare = bracketed ? host.substring(1, host.length() - 1) : host.toLowerCase(Locale.ROOT);
        Optional<InetAddress> literal = Addresses.literal(bare);
        if (literal.isPresent()) {
            return Optional.of(new Endpoint(Addresses.text(literal.get()), port));
        }
        return bracketed || !isName(bare) ? Optional.empty() : Optional.of(new Endpoint(bare, port));
    }

    /** Whether a text in lower case is a host name: labels of RFC 1123 section 2.1, underscores let pass. */
    public static boolean isName(String text) {
        return text.length() <= 253 && text.matches(LABEL + "(\\." + LABEL + ")*")
                && !text.matches("(.*\\.)?[0-9]+");
    }

    /** The address, where the host is a literal. */
    public Optional<InetAddress> literal() {
        return Addresses.literal(host);
    }

    /** {@code host:port}, with brackets around an IPv6 literal. */
    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
