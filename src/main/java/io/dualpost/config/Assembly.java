package io.dualpost.config;

import io.dualpost.address.Host;
import io.dualpost.gate.Ipv6Policy;
import io.dualpost.gate.Limits;
import io.dualpost.mail.Protocol;
import io.dualpost.route.Backend;
import io.dualpost.route.Pool;
import io.dualpost.session.Listener;
import io.dualpost.session.Patience;
import io.dualpost.session.Service;
import io.dualpost.telemetry.Log;
import io.dualpost.tls.Certificate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From parts without any problem to the configuration. */
final class Assembly {
    private static final Duration POP3_IDLE = Duration.ofMinutes(30);
    private static final Duration SUBMISSION_IDLE = Duration.ofMinutes(5);

    private final Parts parts;

    private Assembly(Parts parts) {
        this.parts = parts;
    }

    static Configuration configuration(Parts parts, List<Certificate> certificates) {
        Assembly assembly = new Assembly(parts);
        Section limits = parts.main().section(Keys.LIMITS);
        return new Configuration(parts.services().stream().map(assembly::service).toList(), certificates,
                new Limits(limits.value(Keys.SESSIONS), limits.value(Keys.SESSIONS_PER_PREFIX)),
                ipv6(parts.main().section(Keys.GATE).section(Keys.GATE_IPV6)),
                parts.main().section(Keys.ADMIN).value(Keys.LISTEN), orders(parts.main().section(Keys.ADMIN)),
                log(parts.main().section(Keys.LOG)),
                parts.main().value(Keys.EVENT_LOOPS),
                parts.fingerprint());
    }

    private static Ipv6Policy ipv6(Section ipv6) {
        return new Ipv6Policy(ipv6.value(Keys.MSS), ipv6.value(Keys.GUARD), ipv6.value(Keys.MODE),
                ipv6.list(Keys.REFUSE).stream().map(Located::value).toList(), ipv6.value(Keys.SELF_TEST),
                path(ipv6, Keys.KERNEL), path(ipv6, Keys.STATE));
    }

    private static Optional<Configuration.AdminSocket> orders(Section admin) {
        return path(admin, Keys.ADMIN_SOCKET)
                .map(socket -> new Configuration.AdminSocket(socket, admin.optional(Keys.ADMIN_GROUP)));
    }

    private static Optional<Path> path(Section section, Key<String> key) {
        return section.at(key).map(file -> file.place().source().resolve(file.value()));
    }

    private static Log.Settings log(Section log) {
        Map<String, Log.Verbosity> levels = new HashMap<>();
        Section packages = log.section(Keys.LEVELS);
        Keys.LOG_PACKAGES.forEach(key -> packages.optional(key).ifPresent(level -> levels.put(key.name(), level)));
        return new Log.Settings(log.value(Keys.FORMAT),
                path(log, Keys.LOG_FILE),
                log.value(Keys.LEVEL), levels);
    }

    private Service service(Named<Section> service) {
        List<Listener> listeners = service.value().list(Keys.LISTENERS).stream()
                .map(listener -> listener(service, listener.value())).toList();
        List<Host> hosts = HostEntry.of(service).stream()
                .map(host -> new Host(host.section().value(Keys.NAME), host.role(),
                        host.addresses().stream().map(Located::value).toList()))
                .toList();
        Named<Section> pool = parts.pool(service.value().value(Keys.POOL)).orElseThrow();
        return new Service(service.name(), hosts.getFirst(), hosts.stream().skip(1).findFirst(), listeners,
                pool(pool, listeners.getFirst().protocol()));
    }

    private static Listener listener(Named<Section> service, Section listener) {
        Protocol protocol = listener.value(Keys.PROTOCOL);
        int port = listener.value(Keys.PORT);
        return new Listener(service.name() + "-" + port, protocol, port, listener.value(Keys.LISTENER_TLS),
                listener.value(Keys.PLAINTEXT_LOGIN), listener.value(Keys.LINE_ENDINGS),
                listener.list(Keys.PROXY_FROM).stream().map(Located::value).toList(),
                patience(service.value().section(Keys.TIMEOUTS), protocol));
    }

    private static Patience patience(Section timeouts, Protocol protocol) {
        return new Patience(timeouts.value(Keys.PROXY_HEADER), timeouts.value(Keys.TLS_HANDSHAKE),
                timeouts.value(Keys.GREETING), timeouts.value(Keys.AUTH), timeouts.value(Keys.CONNECT),
                timeouts.value(Keys.LOGIN),
                timeouts.optional(Keys.IDLE).orElse(protocol == Protocol.POP3 ? POP3_IDLE : SUBMISSION_IDLE),
                timeouts.value(Keys.FINAL_DOT));
    }

    private static Pool pool(Named<Section> pool, Protocol protocol) {
        Section keys = pool.value();
        List<Backend> servers = keys.list(Keys.SERVERS).stream()
                .map(server -> new Backend(pool.name(), server.value())).toList();
        Pool.Trust trust = new Pool.Trust(
                path(keys, Keys.TLS_AUTHORITIES),
                keys.optional(Keys.TLS_NAME));
        return new Pool(pool.name(), protocol, servers, keys.value(Keys.POOL_TLS), trust, keys.value(Keys.IDENTITY),
                keys.list(Keys.OFFER).stream().map(Located::value).toList());
    }
}
