package io.dualpost.real;

import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a proxy is started with: a configuration in the making, with ports chosen here. */
final class Setup {
    private final World world;
    private final StringBuilder services = new StringBuilder("services:\n");
    private final StringBuilder backends = new StringBuilder("backends:\n");
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final int adminPort = Server.freePort();
    private String limits = "";
    private String gate = "";

    Setup(World world) {
        this.world = world;
    }

    /** How backends are reached, as the configuration says it. */
    record Backends(List<String> servers, TlsMode tls, String identity, String more) {
        /** Without TLS. */
        static Backends plain(int port, String identity) {
            return new Backends(List.of("127.0.0.1:" + port), TlsMode.NONE, identity, "");
        }

        /** The same with another server in the pool. */
        Backends and(String server) {
            return new Backends(Stream.concat(servers.stream(), Stream.of(server)).toList(), tls, identity, more);
        }

        /** With TLS, verified by this authority under this name. */
        static Backends secure(int port, TlsMode tls, Path authority, String name) {
            return new Backends(List.of("127.0.0.1:" + port), tls, "xclient",
                    ", tls_authorities: %s, tls_name: %s".formatted(authority, name));
        }
    }

    /** A POP3 service on 127.0.0.1 (dual and rescue host) and ::1 (dual host). */
    Setup pop3(String name, Backends pool) {
        return service(name, Protocol.POP3, World.POP, World.POP_RESCUE, "127.0.0.1", pool, "");
    }

    /** A submission service on the same addresses. */
    Setup submission(String name, Backends pool) {
        return submission(name, pool, "");
    }

    /** The same with more settings for its listeners, each beginning with a comma. */
    Setup submission(String name, Backends pool, String settings) {
        return service(name, Protocol.SUBMISSION, World.SMTP, World.SMTP_RESCUE, "127.0.0.1", pool, settings);
    }

    /** A service whose rescue host has an address of its own. */
    Setup service(String name, Protocol protocol, String dual, String rescue, String rescueAddress, Backends pool,
            String settings) {
        services.append("""
                  %s:
                    dual:   { name: %s, addresses: [127.0.0.1, "::1"] }
                    rescue: { name: %s, addresses: [%s] }
                    backends: %s
                    listeners:
                """.formatted(name, dual, rescue, rescueAddress, name));
        for (TlsMode tls : Matrix.MODES) {
            int port = Server.freePort();
            ports.put(name + tls, port);
            services.append("      - { protocol: %s, port: %d, tls: %s%s }\n".formatted(protocol.label(), port,
                    tls.label(), settings));
        }
        String servers = pool.servers().stream().map("\"%s\""::formatted).collect(Collectors.joining(", "));
        backends.append("  %s: { servers: [%s], tls: %s, identity: %s%s }\n".formatted(name, servers,
                pool.tls().label(), pool.identity(), pool.more()));
        return this;
    }

    /** How long phases of the service that came last may take. */
    Setup timeouts(String settings) {
        services.append("    timeouts: { ").append(settings).append(" }\n");
        return this;
    }

    /** How much is let in. */
    Setup limits(String settings) {
        limits = "limits: { " + settings + " }\n";
        return this;
    }

    /** What is done about IPv6 that does not work. */
    Setup ipv6(String settings) {
        gate = "gate: { ipv6: { " + settings + " } }\n";
        return this;
    }

    /** Starts a proxy so. */
    Dualpost start() throws java.io.IOException {
        return Dualpost.start(world, this);
    }

    /** Where clients find a service; by the dual host's name or the rescue host's. */
    Target target(String service, TlsMode tls, String host, InetAddress address) {
        Integer port = ports.get(service + tls);
        if (port == null) {
            throw new IllegalArgumentException("service: " + service + " (expected: one of " + ports.keySet() + ")");
        }
        return new Target(host, address, port, tls, world.authority().certificate());
    }

    /** The port for metrics and health. */
    int adminPort() {
        return adminPort;
    }

    /** The configuration as a file would hold it. */
    String yaml() {
        return services.toString() + backends + "certificates:\n" + certificate(world.front())
                + certificate(world.frontRsa())
                + limits + gate + "admin: { listen: \"127.0.0.1:%d\" }\n".formatted(adminPort);
    }

    private static String certificate(Authority.Leaf leaf) {
        return "  - { chain: %s, key: %s }\n".formatted(leaf.chain(), leaf.key());
    }
}
