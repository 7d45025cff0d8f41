package io.dualpost.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dualpost.address.Addresses;
import io.dualpost.address.Family;
import io.dualpost.address.Prefix;
import io.dualpost.config.Durations;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parameters of a request, {@code application/x-www-form-urlencoded}; each known, each once, none empty. */
final class Parameters {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(365);
    /** A wider network is no network any more; 6to4 has so many bits. */
    private static final int WIDEST = 16;

    private final Map<String, String> values;

    private Parameters(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads them.
     *
     * @param where  names the text in errors
     * @param octets of the text
     * @param known  names that there may be
     */
    static Parameters read(String where, byte[] octets, List<String> known) throws Rejected {
        for (int i = 0; i < octets.length; i++) {
            if (octets[i] <= ' ' || octets[i] > '~') {
                throw Rejected.parameter(where, "octet " + i + " is 0x%02x".formatted(octets[i]),
                        "name=value pairs with & between them, percent-encoded");
            }
        }
        Map<String, String> values = new LinkedHashMap<>();
        String text = new String(octets, UTF_8);
        int number = 0;
        for (String pair : text.isEmpty() ? new String[0] : text.split("&", -1)) {
            number++;
            String at = where + ", parameter " + number;
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw Rejected.parameter(at, quoted(pair), "name=value");
            }
            String name = decoded(at, pair.substring(0, equals));
            if (!known.contains(name)) {
                throw Rejected.parameter(at, quoted(name),
                        known.isEmpty() ? "none" : "one of " + String.join(", ", known));
            }
            String value = decoded(at, pair.substring(equals + 1));
            if (value.isEmpty()) {
                throw Rejected.parameter(at, name + " is empty", "a value");
            }
            if (values.put(name, value) != null) {
                throw Rejected.parameter(at, name + " for the second time", "it once");
            }
        }
        return new Parameters(values);
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** True or false; false if it is not there. */
    boolean truth(String name) throws Rejected {
        String value = values.getOrDefault(name, "false");
        if (!value.equals("true") && !value.equals("false")) {
            throw Rejected.parameter(name, quoted(value), "true or false");
        }
        return value.equals("true");
    }

    /** A length of time that can be meant. */
    Optional<Duration> time(String name) throws Rejected {
        Optional<String> value = text(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        Optional<Duration> time = Durations.parse(value.get())
                .filter(span -> span.compareTo(SHORTEST) >= 0 && span.compareTo(LONGEST) <= 0);
        if (time.isEmpty()) {
            throw Rejected.parameter(name, quoted(value.get()), "a time like 30m, 2h or 1h30m, from "
                    + Durations.text(SHORTEST) + " to " + Durations.text(LONGEST));
        }
        return time;
    }

    /** Must be IPv6. */
    void family() throws Rejected {
        String family = required("family", Family.IPV6.label());
        if (!family.equals(Family.IPV6.label())) {
            throw Rejected.parameter("family", quoted(family), Family.IPV6.label() + (family.equals(Family.IPV4.label())
                    ? "; IPv4 is what clients fall back to"
                    : ""));
        }
    }

    /** An IPv6 network that is not half the world. */
    Prefix prefix() throws Rejected {
        String expected = "an IPv6 network like 2001:db8::/64";
        String value = required("prefix", expected);
        Optional<Prefix> prefix = Prefix.parse(value);
        if (prefix.isEmpty()) {
            throw Rejected.parameter("prefix", quoted(value), expected);
        }
        if (prefix.get().family() != Family.IPV6) {
            throw Rejected.parameter("prefix", value + " is IPv4", expected + "; the gate never refuses IPv4");
        }
        if (prefix.get().length() < WIDEST) {
            throw Rejected.parameter("prefix", value, "a length of at least " + WIDEST
                    + "; to refuse IPv6 altogether, disable the family");
        }
        return prefix.get();
    }

    /** An IPv6 address. */
    InetAddress address() throws Rejected {
        String expected = "an IPv6 address like 2001:db8::1";
        String value = required("address", expected);
        Optional<InetAddress> address = Addresses.literal(value);
        if (address.isEmpty()) {
            throw Rejected.parameter("address", quoted(value), expected);
        }
        if (Family.of(address.get()) != Family.IPV6) {
            throw Rejected.parameter("address", value + " is IPv4", expected + "; the gate never refuses IPv4");
        }
        return address.get();
    }

    @Override
    public String toString() {
        return values.toString();
    }

    private String required(String name, String expected) throws Rejected {
        String value = values.get(name);
        if (value == null) {
            throw Rejected.parameter(name, "missing", expected);
        }
        return value;
    }

    private static String decoded(String where, String text) throws Rejected {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                octets.write(c == '+' ? ' ' : c);
                continue;
            }
            String code = text.substring(i + 1, Math.min(i + 3, text.length()));
            if (!code.matches("[0-9A-Fa-f]{2}")) {
                throw Rejected.parameter(where, quoted("%" + code), "% and two hexadecimal digits");
            }
            octets.write(Integer.parseInt(code, 16));
            i += 2;
        }
        try {
            String value = UTF_8.newDecoder().decode(ByteBuffer.wrap(octets.toByteArray())).toString();
            if (value.chars().anyMatch(Character::isISOControl)) {
                throw Rejected.parameter(where, quoted(text), "no control characters");
            }
            return value;
        } catch (CharacterCodingException _) {
            throw Rejected.parameter(where, quoted(text), "UTF-8, percent-encoded");
        }
    }

    private static String quoted(String text) {
        return "\"" + (text.length() > 80 ? text.substring(0, 80) + "..." : text) + "\"";
    }
}
