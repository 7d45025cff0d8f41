package io.dualpost.config;

import io.dualpost.address.Addresses;
import io.dualpost.address.Endpoint;
import io.dualpost.address.Prefix;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The single values that keys take. */
final class Scalars {
    private Scalars() {}

    /** A whole number between two others, in decimal. */
    static ScalarKind<Integer> whole(int least, int most) {
        return new ScalarKind<>(ScalarKind.Type.INTEGER, "a whole number from " + least + " to " + most,
                Map.of("minimum", least, "maximum", most), false, text -> {
                    if (!text.matches("0|[1-9][0-9]{0,8}")) {
                        throw new Unfit();
                    }
                    int number = Integer.parseInt(text);
                    if (number < least || number > most) {
                        throw new Unfit();
                    }
                    return number;
                });
    }

    /** True or false, in YAML 1.2's words. */
    static ScalarKind<Boolean> truth() {
        return new ScalarKind<>(ScalarKind.Type.BOOLEAN, "true or false", Map.of(), false, text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new Unfit();
        });
    }

    /** One of a few words. */
    static <T> ScalarKind<T> choice(List<T> values, Function<T, String> label) {
        List<String> labels = values.stream().map(label).toList();
        return new ScalarKind<>(ScalarKind.Type.STRING, String.join(" or ", labels), Map.of("enum", labels), false,
                text -> values.stream().filter(value -> label.apply(value).equals(text)).findFirst()
                        .orElseThrow(() -> Spelling.hint(text.toLowerCase(Locale.ROOT), labels).map(Unfit::new)
                                .orElseGet(Unfit::new)));
    }

    /** A length of time between two others. */
    static ScalarKind<Duration> duration(Duration least, Duration most) {
        String range = Durations.text(least) + " to " + Durations.text(most);
        return new ScalarKind<>(ScalarKind.Type.STRING, "a time from " + range, Map.of("pattern", Durations.PATTERN),
                false, text -> {
                    Duration time = Durations.read(text);
                    if (time.compareTo(least) < 0 || time.compareTo(most) > 0) {
                        throw new Unfit();
                    }
                    return time;
                });
    }

    /** A host name, in lower case. */
    static ScalarKind<String> host() {
        return text("a host name, such as pop.example.jp", text -> {
            String name = text.toLowerCase(Locale.ROOT);
            if (name.endsWith(".")) {
                throw new Unfit("leave the final dot out");
            }
            if (!Endpoint.isName(name)) {
                throw Addresses.literal(name).isPresent() ? new Unfit("a name is needed here, not an address")
                        : new Unfit();
            }
            return name;
        });
    }

    /** Host and port of a backend. */
    static ScalarKind<Endpoint> server() {
        return text("host:port, such as dovecot.internal:110 or \"[2001:db8::1]:110\"", text -> {
            Optional<Endpoint> endpoint = Endpoint.parse(text);
            if (endpoint.isEmpty() && Addresses.literal(text).isPresent() && text.indexOf(':') >= 0) {
                throw new Unfit("put the address in brackets and add the port: \"[" + text + "]:110\"");
            }
            if (endpoint.isEmpty() && Endpoint.isName(text.toLowerCase(Locale.ROOT))) {
                throw new Unfit("add the port: " + text + ":110");
            }
            return endpoint.filter(server -> server.port() > 0).orElseThrow(Unfit::new);
        });
    }

    /** Where the admin interface listens, or {@code none}. */
    static ScalarKind<Optional<Endpoint>> loopback() {
        return text("a loopback address and port, such as 127.0.0.1:9143, or none", text -> {
            if (text.equals("none")) {
                return Optional.empty();
            }
            Endpoint endpoint = Endpoint.parse(text).orElseThrow(Unfit::new);
            if (!endpoint.literal().filter(InetAddress::isLoopbackAddress).isPresent()) {
                throw new Unfit("who asks is not authenticated, so nobody outside this host may; "
                        + "use 127.0.0.1 or [::1], and a web server in front for others");
            }
            return Optional.of(endpoint);
        });
    }

    /** A local address to listen on. */
    static ScalarKind<InetAddress> address() {
        return text("an IPv4 or IPv6 address", text -> {
            InetAddress address = Addresses.literal(text).orElseThrow(() -> text.indexOf('/') >= 0
                    ? new Unfit("write one address, without a prefix length")
                    : new Unfit());
            if (address instanceof Inet4Address && text.indexOf(':') >= 0) {
                throw new Unfit("write the IPv4 address itself: " + Addresses.text(address));
            }
            if (address.isMulticastAddress()) {
                throw new Unfit("nobody can listen on a multicast address");
            }
            return address;
        });
    }

    /** A block of addresses. */
    static ScalarKind<Prefix> prefix() {
        return text("an address or a block of addresses, such as 192.0.2.0/24 or \"2001:db8::/32\"", text -> {
            Prefix prefix = Prefix.parse(text).orElseThrow(Unfit::new);
            int slash = text.indexOf('/');
            if (slash > 0 && !Addresses.literal(text.substring(0, slash)).equals(Optional.of(prefix.network()))) {
                throw new Unfit("the bits behind the prefix must be zero: " + prefix);
            }
            return prefix;
        });
    }

    /** The path of a file. */
    static ScalarKind<String> file() {
        return text("the path of a file", text -> {
            if (text.isBlank() || text.chars().anyMatch(Character::isISOControl)) {
                throw text.contains("-----BEGIN")
                        ? new Unfit("put it into a file of its own and write the file's path here")
                        : new Unfit();
            }
            return text;
        });
    }

    /** The name of a group. */
    static ScalarKind<String> group() {
        return new ScalarKind<>(ScalarKind.Type.STRING, "the name of a group",
                Map.of("pattern", "^[a-z_][a-z0-9_-]{0,31}$"),
                false, text -> {
                    if (!text.matches("[a-z_][a-z0-9_-]{0,31}")) {
                        throw new Unfit();
                    }
                    return text;
                });
    }

    /** A capability's keyword. */
    static ScalarKind<String> keyword() {
        return new ScalarKind<>(ScalarKind.Type.STRING, "a capability in capitals, such as UIDL or 8BITMIME",
                Map.of("pattern", "^[A-Z0-9][A-Z0-9-]{0,31}$"), false, text -> {
                    if (!text.matches("[A-Z0-9][A-Z0-9-]{0,31}")) {
                        throw new Unfit();
                    }
                    return text;
                });
    }

    /** The name of a pool. */
    static ScalarKind<String> pool() {
        return new ScalarKind<>(ScalarKind.Type.STRING, "a name under backends", Map.of(), false, text -> text);
    }

    private static <T> ScalarKind<T> text(String expected, ScalarKind.Reading<T> reading) {
        return new ScalarKind<>(ScalarKind.Type.STRING, expected, Map.of(), true, reading);
    }
}
