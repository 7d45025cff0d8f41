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
    private static final int LONGEST_NAME = 253;
    private static final int LONGEST_LABEL = 63;

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
        boolean digits = true;
        int begin = 0;
        // Asked for each session, so by hand: an expression takes ten times as long.
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '.';
            if (c == '.') {
                if (i == begin || i - begin > LONGEST_LABEL || text.charAt(begin) == '-' || text.charAt(i - 1) == '-') {
                    return false;
                }
                if (i < text.length()) {
                    begin = i + 1;
                    digits = true;
                }
            } else if (c < '0' || c > '9') {
                digits = false;
                if ((c < 'a' || c > 'z') && c != '_' && c != '-') {
                    return false;
                }
            }
        }
        return !digits && text.length() <= LONGEST_NAME;
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
