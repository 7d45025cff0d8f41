package io.dualpost.address;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/** Addresses as text and back, in the one form that logs, records and protocols share (RFC 5952). */
public final class Addresses {
    private Addresses() {}

    /**
     * The canonical text of an address: RFC 5952 section 4 for IPv6 (lower case, no leading zeros, the longest run of
     * two or more zero groups as {@code ::}), dotted decimal for IPv4 and for IPv4-mapped addresses. No zone.
     */
    public static String text(InetAddress address) {
        byte[] bytes = octets(address);
        if (bytes.length == 4) {
            return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
        }
        int best = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > bestLength) {
                best = i;
                bestLength = end - i;
            }
            i = Math.max(i, end - 1);
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == best) {
                text.append("::");
                i += bestLength - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }

    /** Address and port as text, the address in brackets if it is IPv6 (RFC 3986 section 3.2.2). */
    public static String text(InetAddress address, int port) {
        String host = text(address);
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }

    /** An IPv4-mapped address as the IPv4 address it stands for; any other address as it is, without its zone. */
    public static InetAddress fold(InetAddress address) {
        return address instanceof Inet4Address ? address : fromBytes(octets(address));
    }

    /** The octets of an address, folded; the caller's own. */
    static byte[] octets(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 16 && Family.isMapped(bytes) ? Arrays.copyOfRange(bytes, 12, 16) : bytes;
    }

    /** The address that a literal names (dotted decimal or RFC 4291 section 2.2), or nothing. Never asks a resolver. */
    public static Optional<InetAddress> literal(String text) {
        boolean six = text.indexOf(':') >= 0;
        if (text.indexOf('%') >= 0 || text.indexOf('[') >= 0 || (!six && !isDottedDecimal(text))) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    static InetAddress fromBytes(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException("address of " + bytes.length + " octets (expected: 4 or 16)",
                    impossible);
        }
    }

    private static boolean isDottedDecimal(String text) {
        int numbers = 0;
        int begin = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '.';
            if (c == '.') {
                int length = i - begin;
                if (length < 1 || length > 3 || (length > 1 && text.charAt(begin) == '0')) {
                    return false;
                }
                numbers++;
                begin = i + 1;
            } else if (c < '0' || c > '9') {
                return false;
            }
        }
        return numbers == 4;
    }
}
