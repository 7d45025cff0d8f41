package io.dualpost;

import io.dualpost.address.Addresses;
import io.dualpost.address.Endpoint;
import io.dualpost.address.Family;
import io.dualpost.address.Host;
import io.dualpost.admin.AdminServer;
import io.dualpost.admin.Answers;
import io.dualpost.config.Configuration;
import io.dualpost.connect.Dialer;
import io.dualpost.connect.Transport;
import io.dualpost.gate.Gate;
import io.dualpost.mail.TlsMode;
import io.dualpost.route.Backend;
import io.dualpost.route.Health;
import io.dualpost.route.Pool;
import io.dualpost.session.Backends;
import io.dualpost.session.Listener;
import io.dualpost.session.ListenerSocket;
import io.dualpost.session.Prober;
import io.dualpost.session.Service;
import io.dualpost.session.Terms;
import io.dualpost.systemd.PassedSockets;
import io.dualpost.telemetry.BackendMeters;
import io.dualpost.telemetry.Telemetry;
import io.dualpost.tls.BackendTls;
import io.dualpost.tls.Certificate;
import io.dualpost.tls.ServerTls;
import io.dualpost.tls.TicketKeys;
import io.dualpost.tls.TlsEngine;
import io.dualpost.tls.TlsProblem;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running proxy: everything that a configuration asks for, opened together and closed together. */
public final class Proxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Proxy.class);
    private static final Duration TICKET_KEY_AGE = Duration.ofHours(1);
    private static final Duration DRAIN = Duration.ofSeconds(10);
    /** For last words to go out after that; a little longer than a close lingers. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);
    /** A close takes no longer, even where all is slow. */
    static final Duration LONGEST_STOP = DRAIN.plus(LAST_WORDS).plusSeconds(7);

    private final Configuration configuration;
    private final SocketOpening opening;
    private final Transport transport = Transport.best();
    private final EventLoopGroup loops;
    private final Dialer dialer = new Dialer(transport);
    private final Health health = new Health();
    private final Gate gate;
    private final Telemetry telemetry;
    private final TlsEngine engine = TlsEngine.best();
    private final Prober prober;
    private final List<ListenerSocket> sockets = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private volatile boolean closing;
    private Optional<AdminServer> admin = Optional.empty();

    private Proxy(Configuration configuration, PassedSockets passed) {
        this.configuration = configuration;
        this.loops = transport.loops(configuration.eventLoops());
        this.opening = new SocketOpening(transport, loops, passed);
        this.gate = new Gate(configuration.limits());
        this.telemetry = new Telemetry(
                new Telemetry.Build(Version.text(), Version.netty(), transport.name().toLowerCase(Locale.ROOT),
                        engine.label()),
                configuration.log().format());
        this.prober = new Prober(loops.next(), configuration.services().getFirst().dual().name());
    }

    /**
     * Opens everything: IPv4 listens, then IPv6, then admin. Backends are probed meanwhile; until that is done once, clients
     * are offered no capabilities, and {@link #readiness} says so.
     *
     * @throws IOException if a socket cannot be opened; the message says which; nothing stays open
     * @throws TlsProblem  if a certificate or trust cannot be used; nothing stays open
     */
    public static Proxy open(Configuration configuration) throws IOException, TlsProblem {
        return started(new Proxy(configuration, PassedSockets.none()), false);
    }

    private static Proxy started(Proxy proxy, boolean ownLog) throws IOException, TlsProblem {
        try {
            if (ownLog) {
                proxy.telemetry.log(proxy.configuration.log());
            }
            proxy.start();
            return proxy;
        } catch (IOException | TlsProblem | RuntimeException e) {
            proxy.close();
            throw e;
        }
    }

    /**
     * The same, where sockets may be open already, and with the log as the configuration wants it: each socket becomes the
     * listener of its address and port.
     *
     * @throws IOException also if one of them fits no listener: clients would connect to it and wait
     */
    public static Proxy run(Configuration configuration, PassedSockets passed) throws IOException, TlsProblem {
        return started(new Proxy(configuration, passed), true);
    }

    /** The listening sockets, IPv4 before IPv6. */
    public List<ListenerSocket> sockets() {
        return List.copyOf(sockets);
    }

    /** The port of the admin server, if there is one. */
    public Optional<Integer> adminPort() {
        return admin.map(AdminServer::port);
    }

    /** Whether sessions can be served, and what there is to say about it. */
    public Answers.Readiness readiness() {
        List<String> reasons = new ArrayList<>();
        if (closing) {
            reasons.add("the proxy is stopping");
        }
        if (!prober.isDoneOnce()) {
            reasons.add("backends are still being probed for the first time");
        }
        pools().filter(pool -> pool.servers().stream().noneMatch(health::isUp))
                .forEach(pool -> reasons.add("no backend of pool " + pool.name() + " serves"));
        boolean ready = reasons.isEmpty();
        if (!missing.isEmpty()) {
            reasons.add(noIpv6());
        }
        return new Answers.Readiness(ready, reasons);
    }

    /** The threads that serve sessions. */
    Iterable<EventExecutor> loops() {
        return loops;
    }

    /** How it is, in one line: sessions by the family they came over, and what there is to say about it. */
    String status() {
        Stream<String> counts = Stream.of(Family.values()).map(family -> sockets.stream()
                .filter(socket -> socket.family() == family).mapToInt(ListenerSocket::sessions).sum() + " over "
                + family);
        return "sessions: " + counts.collect(Collectors.joining(", "))
                + readiness().reasons().stream().map(reason -> "; " + reason).collect(Collectors.joining());
    }

    private void start() throws IOException, TlsProblem {
        Map<String, Backends> backends = new LinkedHashMap<>();
        for (Pool pool : pools().toList()) {
            Optional<BackendTls> tls = pool.tls() == TlsMode.NONE
                    ? Optional.empty()
                    : Optional.of(BackendTls.of(engine, pool));
            Map<Backend, BackendMeters> meters = new HashMap<>();
            for (Backend backend : pool.servers()) {
                BackendMeters one = telemetry.backend(pool.name(), backend.name());
                one.known(family -> health.isUp(backend, family), family -> health.addresses(backend, family));
                meters.put(backend, one);
            }
            backends.put(pool.name(), new Backends(pool, dialer, health, tls, meters));
        }
        telemetry.proxy(configuration.fingerprint(), configuration.limits().sessions(), () -> closing, gate::networks);
        LoopWatch.start(loops, telemetry);
        for (Certificate certificate : configuration.certificates()) {
            telemetry.certificate(certificate.file().toString(), certificate.leaf().getNotAfter().toInstant());
        }
        prober.start(List.copyOf(backends.values()));
        List<Terms> all = new ArrayList<>();
        for (Service service : configuration.services()) {
            Backends behind = backends.get(service.pool().name());
            if (behind == null) {
                throw new IllegalStateException("pool " + service.pool().name() + " (expected: it was made above)");
            }
            all.addAll(terms(service, behind));
        }
        for (Family family : Family.values()) {
            for (Terms terms : all) {
                open(terms, family);
            }
        }
        opening.finish();
        if (!missing.isEmpty()) {
            LOG.warn("{}", noIpv6());
        }
        if (configuration.admin().isPresent()) {
            Endpoint listen = configuration.admin().get();
            admin = Optional.of(AdminServer.open(listen, new Answers(
                    accept -> new Answers.Scrape(Telemetry.format(accept), telemetry.scrape(accept)),
                    this::readiness, telemetry::answered)));
        }
        LOG.info("dualpost {} serves {} with {} and {}", Version.text(),
                sockets.stream().map(socket -> socket.listener() + " on "
                        + Addresses.text(socket.local().getAddress(), socket.local().getPort())).toList(),
                transport, engine.label());
    }

    private List<Terms> terms(Service service, Backends behind) throws TlsProblem {
        TicketKeys tickets = new TicketKeys();
        ServerTls tls = ServerTls.of(engine, configuration.certificates(),
                service.hosts().stream().map(Host::name).toList(), service.pool().protocol().alpn(), tickets);
        loops.next().scheduleAtFixedRate(tickets::rotate, TICKET_KEY_AGE.toSeconds(), TICKET_KEY_AGE.toSeconds(),
                TimeUnit.SECONDS);
        telemetry.service(service.name(), service.pool().name(), service.dual().name(),
                service.rescue().map(Host::name).orElse(""));
        List<Terms> terms = new ArrayList<>();
        for (Listener listener : service.listeners()) {
            terms.add(new Terms(service, listener, tls, behind, gate, telemetry,
                    telemetry.listener(service.name(), listener.name(), listener.protocol(), listener.tls())));
        }
        return terms;
    }

    private void open(Terms terms, Family family) throws IOException {
        List<InetAddress> addresses = terms.service().hosts().stream().flatMap(host -> host.addresses().stream())
                .filter(address -> Family.of(address) == family).distinct().toList();
        // A wildcard of one host covers what another host names one by one.
        List<InetAddress> wildcards = addresses.stream().filter(InetAddress::isAnyLocalAddress).toList();
        for (InetAddress address : wildcards.isEmpty() ? addresses : wildcards) {
            try {
                sockets.add(opening.open(terms, address));
            } catch (IOException e) {
                if (family == Family.IPV4 || isIpv6Here()) {
                    throw e;
                }
                missing.add(terms.listener().name() + " on " + Addresses.text(address, terms.listener().port()));
            }
        }
    }

    private String noIpv6() {
        return "IPv6 is not available on this machine, only IPv4 is served; not opened: " + missing;
    }

    private static boolean isIpv6Here() throws SocketException {
        return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                .anyMatch(Inet6Address.class::isInstance);
    }

    private Stream<Pool> pools() {
        return configuration.services().stream().map(Service::pool).distinct();
    }

    /** Stops listening, IPv6 first; lets sessions end in their own words for up to 10 s; closes everything. */
    @Override
    public void close() {
        closing = true;
        prober.close();
        sockets.reversed().forEach(ListenerSocket::close);
        sockets.forEach(ListenerSocket::drain);
        boolean interrupted = awaitSessions(DRAIN);
        sockets.forEach(ListenerSocket::kill);
        // A loop that stops closes its channels before its tasks run: sessions would end, and be recorded, as lost.
        interrupted |= awaitSessions(LAST_WORDS);
        dialer.close();
        admin.ifPresent(AdminServer::close);
        loops.shutdownGracefully(100, 2_000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until no session is left; whether it was interrupted. */
    private boolean awaitSessions(Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        while (sockets.stream().anyMatch(socket -> socket.sessions() > 0) && System.nanoTime() < end) {
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException _) {
                return true;
            }
        }
        return false;
    }
}
