package io.dualpost.config;

import io.dualpost.address.Addresses;
import io.dualpost.address.Endpoint;
import io.dualpost.address.Family;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether the listeners make sense: each on its own, beside one another, and before their backends. */
final class ListenerChecks {
    /** RFC 1939 section 3. */
    private static final Duration LEAST_POP3_IDLE = Duration.ofMinutes(10);
    private static final int SMTP = 25;

    private final Problems problems;
    /** By port and address: who listens there. */
    private final Map<Integer, Map<InetAddress, String>> taken = new HashMap<>();

    ListenerChecks(Problems problems) {
        this.problems = problems;
    }

    /** Looks at every listener of every service, then at the backends. */
    void check(Parts parts) {
        parts.main().section(Keys.ADMIN).optional(Keys.LISTEN).flatMap(listen -> listen)
                .ifPresent(admin -> admin.literal().ifPresent(address -> taken
                        .computeIfAbsent(admin.port(), _ -> new HashMap<>()).put(address, "the admin interface")));
        for (Named<Section> service : parts.services()) {
            checkService(service);
        }
        for (Named<Section> pool : parts.pools()) {
            for (Located<Endpoint> server : pool.value().list(Keys.SERVERS)) {
                checkLoop(parts, server);
            }
        }
    }

    private void checkService(Named<Section> service) {
        List<InetAddress> addresses = HostEntry.of(service).stream().flatMap(host -> host.addresses().stream())
                .map(Located::value).distinct().toList();
        Map<Integer, Place> ports = new HashMap<>();
        for (Located<Section> listener : service.value().list(Keys.LISTENERS)) {
            checkTls(listener.value());
            checkIdle(service, listener.value());
            Optional<Located<Integer>> port = listener.value().at(Keys.PORT);
            if (port.isEmpty()) {
                continue;
            }
            Place first = ports.putIfAbsent(port.get().value(), port.get().place());
            if (first != null) {
                problems.add(port.get().place(), "port " + port.get().value() + " again", "another port",
                        "the first is at " + first);
                continue;
            }
            checkPort(port.get(), addresses);
        }
        for (Map.Entry<Integer, Place> port : ports.entrySet()) {
            take(addresses, port.getKey(), port.getValue());
        }
    }

    private void checkPort(Located<Integer> port, List<InetAddress> addresses) {
        if (port.value() == SMTP) {
            problems.add(port.place(), "port 25", "a port for mail clients: 995, 110, 465 or 587",
                    "mail between servers needs a mail server, not this proxy");
        }
        if (port.value() == 0 && !addresses.stream().allMatch(InetAddress::isLoopbackAddress)) {
            problems.add(port.place(), "port 0", "a port from 1 to 65535",
                    "the system may choose a port only where all addresses of the service are loopback addresses");
        }
    }

    private void checkTls(Section listener) {
        Optional<Located<Boolean>> plaintext = listener.at(Keys.PLAINTEXT_LOGIN);
        if (plaintext.isPresent() && plaintext.get().value()
                && listener.optional(Keys.LISTENER_TLS).equals(Optional.of(TlsMode.IMPLICIT))) {
            problems.add(plaintext.get().place(), "true with tls: implicit", "false",
                    "there is no login before TLS on this port; leave the key out");
        }
    }

    private void checkIdle(Named<Section> service, Section listener) {
        Optional<Located<Duration>> idle = service.value().section(Keys.TIMEOUTS).at(Keys.IDLE);
        if (idle.isPresent() && idle.get().value().compareTo(LEAST_POP3_IDLE) < 0
                && listener.optional(Keys.PROTOCOL).equals(Optional.of(Protocol.POP3))) {
            problems.add(idle.get().place(), Durations.text(idle.get().value()) + " before a POP3 listener",
                    "at least " + Durations.text(LEAST_POP3_IDLE) + " (RFC 1939 section 3)");
        }
    }

    private void take(List<InetAddress> addresses, int port, Place place) {
        if (port == 0) {
            return;
        }
        Map<InetAddress, String> others = taken.computeIfAbsent(port, _ -> new HashMap<>());
        Optional<InetAddress> shared = addresses.stream().filter(address -> owner(others, address).isPresent())
                .findFirst();
        if (shared.isPresent()) {
            problems.add(place, "port " + port + " on " + Addresses.text(shared.get()) + ", which "
                    + owner(others, shared.get()).orElseThrow() + " has", "one service on an address and port",
                    "give one of the two another address or port");
            return;
        }
        addresses.forEach(address -> others.put(address, place.key() + " (" + place + ")"));
    }

    private static Optional<String> owner(Map<InetAddress, String> others, InetAddress address) {
        return others.entrySet().stream().filter(other -> other.getKey().equals(address)
                || ((address.isAnyLocalAddress() || other.getKey().isAnyLocalAddress())
                        && Family.of(address) == Family.of(other.getKey())))
                .map(Map.Entry::getValue).findFirst();
    }

    private void checkLoop(Parts parts, Located<Endpoint> server) {
        Map<InetAddress, String> listeners = taken.getOrDefault(server.value().port(), Map.of());
        for (InetAddress address : own(parts, server.value())) {
            // A wildcard answers on this host's own addresses; of others, only those that are listed are known as own.
            Optional<String> self = address.isLoopbackAddress() || address.isAnyLocalAddress()
                    ? owner(listeners, address)
                    : Optional.ofNullable(listeners.get(address));
            if (self.isPresent()) {
                problems.add(server.place(), server.value() + ", where " + self.get() + " listens",
                        "a backend's address and port", "the proxy would talk to itself");
                return;
            }
        }
    }

    /** The addresses of a backend, as far as they can be this host's own. */
    private static List<InetAddress> own(Parts parts, Endpoint server) {
        if (server.literal().isPresent()) {
            return List.of(server.literal().get());
        }
        if (server.host().equals("localhost")) {
            return List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));
        }
        return parts.services().stream().flatMap(service -> HostEntry.of(service).stream())
                .filter(host -> host.name().filter(name -> name.value().equals(server.host())).isPresent())
                .flatMap(host -> host.addressSet().stream()).toList();
    }
}
