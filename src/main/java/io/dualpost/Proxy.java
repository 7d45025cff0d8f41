package io.dualpost;

import io.dualpost.address.Addresses;
import io.dualpost.address.Family;
import io.dualpost.admin.AdminServer;
import io.dualpost.admin.Answers;
import io.dualpost.config.Configuration;
import io.dualpost.connect.Dialer;
import io.dualpost.connect.Transport;
import io.dualpost.gate.Gate;
import io.dualpost.route.Health;
import io.dualpost.route.Pool;
import io.dualpost.session.Backends;
import io.dualpost.session.Ipv6Health;
import io.dualpost.session.ListenerSocket;
import io.dualpost.session.Prober;
import io.dualpost.session.Service;
import io.dualpost.session.Terms;
import io.dualpost.systemd.PassedSockets;
import io.dualpost.telemetry.Telemetry;
import io.dualpost.tls.Certificate;
import io.dualpost.tls.TlsEngine;
import io.dualpost.tls.TlsProblem;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
    /** With more, a scrape costs more than it should. */
    private static final int SERIES = 5_000;
    private static final Duration DRAIN = Duration.ofSeconds(10);
    /** For last words to go out after that; a little longer than a close lingers. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);
    /** A close takes no longer, even where all is slow. */
    static final Duration LONGEST_STOP = DRAIN.plus(LAST_WORDS).plusSeconds(7);

    private final Instant started = Instant.now();
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
    private final NetworkRefusal refusal;
    private final Ipv6Health ipv6;
    private final List<ListenerSocket> sockets = new ArrayList<>();
    private Optional<Ipv6Control> control = Optional.empty();
    private volatile boolean closing;
    private Optional<AdminServer> admin = Optional.empty();
    private Optional<AdminServer> orders = Optional.empty();
    private Optional<HalfOpenWatch> halfOpen = Optional.empty();

    private Proxy(Configuration configuration, PassedSockets passed) {
        this.configuration = configuration;
        this.loops = transport.loops(configuration.eventLoops());
        this.opening = new SocketOpening(transport, loops, passed);
        this.gate = new Gate(configuration.limits());
        this.telemetry = new Telemetry(
                new Telemetry.Build(Version.text(), Version.netty(), transport.name().toLowerCase(Locale.ROOT),
                        engine.label()),
                configuration.log().format());
        this.refusal = new NetworkRefusal(configuration.ipv6());
        this.ipv6 = new Ipv6Health(configuration.ipv6(), refusal.networks(), telemetry.gate(), refusal::refused,
                refusal::released);
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
        control.stream().flatMap(ipv6Control -> ipv6Control.services().stream())
                .forEach(service -> service.state().withdrawn().ifPresent(_ -> reasons
                        .add("service " + service.service().name() + ": IPv6 is withdrawn: "
                                + service.state().detail())));
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
        Wiring wiring = new Wiring(configuration, loops, engine, dialer, health, gate, ipv6, telemetry);
        Map<String, Backends> backends = wiring.backends();
        telemetry.proxy(configuration.fingerprint(), configuration.limits().sessions(), () -> closing, gate::networks);
        refusal.open(configuration.services(), telemetry.gate());
        telemetry.gate().accounts(() -> ipv6.fallbacks().counts(System.nanoTime()));
        LoopWatch.start(loops, telemetry);
        for (Certificate certificate : configuration.certificates()) {
            telemetry.certificate(certificate.file().toString(), certificate.leaf().getNotAfter().toInstant());
        }
        prober.start(List.copyOf(backends.values()));
        List<Ipv6Listeners> overIpv6 = new ArrayList<>();
        for (Service service : configuration.services()) {
            List<Terms> terms = wiring.terms(service,
                    Optional.ofNullable(backends.get(service.pool().name())).orElseThrow());
            for (ListenerSocket socket : opening.sockets(terms, Family.IPV4)) {
                sockets.add(socket);
                socket.listen();
            }
            overIpv6.add(new Ipv6Listeners(service, opening.sockets(terms, Family.IPV6)));
        }
        overIpv6.removeIf(service -> service.sockets().isEmpty());
        overIpv6.forEach(service -> sockets.addAll(service.sockets()));
        opening.finish();
        control = Optional.of(new Ipv6Control(overIpv6, configuration.ipv6(), health, gate, prober::isDoneOnce,
                FamilyOrders.read(configuration.ipv6().state())));
        control.get().open();
        halfOpen = Optional.of(HalfOpenWatch.start(
                sockets.stream().map(socket -> socket.local().getPort()).collect(Collectors.toSet()),
                telemetry.gate()));
        Answers answers = new Answers(
                accept -> new Answers.Scrape(Telemetry.format(accept), telemetry.scrape(accept)), this::readiness,
                telemetry::answered);
        if (configuration.admin().isPresent()) {
            admin = Optional.of(AdminServer.open(configuration.admin().get(), answers));
        }
        if (configuration.orders().isPresent()) {
            Configuration.AdminSocket socket = configuration.orders().get();
            orders = Optional.of(AdminServer.open(socket.path(), socket.group(), answers,
                    new Orders(started, sockets, control.get(), refusal, this::readiness,
                            () -> ipv6.fallbacks().report(System.nanoTime())).operations()));
        }
        long series = telemetry.series();
        if (series > SERIES) {
            LOG.warn("metrics: {} series (expected: at most {}); fewer listeners have fewer", series, SERIES);
        }
        LOG.info("dualpost {} serves {} with {} and {}", Version.text(),
                sockets.stream().filter(ListenerSocket::isOpen).map(socket -> socket.listener() + " on "
                        + Addresses.text(socket.local().getAddress(), socket.local().getPort())).toList(),
                transport, engine.label());
    }

    private Stream<Pool> pools() {
        return configuration.services().stream().map(Service::pool).distinct();
    }

    /** Stops listening, IPv6 first; lets sessions end in their own words for up to 10 s; closes everything. */
    @Override
    public void close() {
        if (!closing) {
            LOG.info("dualpost stops: no new sessions, and up to {} s for those that are open", DRAIN.toSeconds());
        }
        closing = true;
        prober.close();
        control.ifPresent(Ipv6Control::close);
        sockets.reversed().forEach(ListenerSocket::close);
        sockets.forEach(ListenerSocket::drain);
        boolean interrupted = awaitSessions(DRAIN);
        sockets.forEach(ListenerSocket::kill);
        // A loop that stops closes its channels before its tasks run: sessions would end, and be recorded, as lost.
        interrupted |= awaitSessions(LAST_WORDS);
        halfOpen.ifPresent(HalfOpenWatch::close);
        refusal.close();
        dialer.close();
        admin.ifPresent(AdminServer::close);
        orders.ifPresent(AdminServer::close);
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
