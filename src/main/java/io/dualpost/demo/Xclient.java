package io.dualpost.demo;

import io.dualpost.address.Addresses;
import io.dualpost.address.Family;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The arguments of one XCLIENT command in Postfix's form.
 *
 * @param facts attribute in upper case to value, decoded; {@code [UNAVAILABLE]} and {@code [TEMPUNAVAIL]} are left out
 */
record Xclient(Map<String, String> facts) {
    static final List<String> ATTRIBUTES = List.of("NAME", "ADDR", "PORT", "PROTO", "HELO", "LOGIN", "DESTADDR",
            "DESTPORT");

    /** Copies the map. */
    Xclient {
        facts = Map.copyOf(facts);
    }

    /** Reads {@code ADDR=IPV6:2001:db8::1 PORT=50000}; nothing if an attribute is unknown or a value is broken. */
    static Optional<Xclient> of(String arguments) {
        Map<String, String> facts = new LinkedHashMap<>();
        for (String fact : arguments.split(" ", -1)) {
            int equals = fact.indexOf('=');
            String key = fact.substring(0, Math.max(0, equals)).toUpperCase(Locale.ROOT);
            Optional<String> value = decode(fact.substring(equals + 1));
            if (!ATTRIBUTES.contains(key) || value.isEmpty() || !isGood(key, value.get())) {
                return Optional.empty();
            }
            if (!isAbsent(value.get())) {
                facts.put(key, value.get());
            }
        }
        return Optional.of(new Xclient(facts));
    }

    /** The client's address, if it was told. */
    Optional<InetAddress> address() {
        return Optional.ofNullable(facts.get("ADDR")).flatMap(Xclient::literal);
    }

    static boolean isPort(String value) {
        return value.matches("[0-9]{1,5}") && Integer.parseInt(value) <= 65535;
    }

    private static boolean isAbsent(String value) {
        return value.equals("[UNAVAILABLE]") || value.equals("[TEMPUNAVAIL]");
    }

    private static boolean isGood(String key, String value) {
        return isAbsent(value) || switch (key) {
            case "ADDR", "DESTADDR" -> literal(value).isPresent();
            case "PORT", "DESTPORT" -> isPort(value);
            case "PROTO" -> value.equals("SMTP") || value.equals("ESMTP");
            default -> !value.isEmpty() && LineConnection.isClean(value);
        };
    }

    /** IPv6 has a prefix, IPv4 has none; so 2001:db8::1 alone is wrong. */
    private static Optional<InetAddress> literal(String value) {
        boolean six = value.regionMatches(true, 0, "IPV6:", 0, 5);
        return Addresses.literal(six ? value.substring(5) : value)
                .filter(address -> six == (Family.of(address) == Family.IPV6));
    }

    /** Undoes xtext (RFC 3461 section 4): {@code +} and two hexadecimal digits for an octet. */
    private static Optional<String> decode(String xtext) {
        StringBuilder text = new StringBuilder(xtext.length());
        for (int i = 0; i < xtext.length(); i++) {
            char c = xtext.charAt(i);
            if (c != '+') {
                text.append(c);
                continue;
            }
            if (i + 3 > xtext.length() || !xtext.substring(i + 1, i + 3).matches("[0-9A-F]{2}")) {
                return Optional.empty();
            }
            text.append((char) Integer.parseInt(xtext, i + 1, i + 3, 16));
            i += 2;
        }
        return Optional.of(text.toString());
    }
}
