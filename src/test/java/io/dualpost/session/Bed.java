package io.dualpost.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dualpost.address.Addresses;
import io.dualpost.address.Endpoint;
import io.dualpost.address.Family;
import io.dualpost.address.Host;
import io.dualpost.address.HostRole;
import io.dualpost.address.Prefix;
import io.dualpost.connect.Dialer;
import io.dualpost.connect.Transport;
import io.dualpost.gate.Gate;
import io.dualpost.gate.GateMode;
import io.dualpost.gate.Ipv6Policy;
import io.dualpost.gate.RefusedNetworks;
import io.dualpost.gate.Limits;
import io.dualpost.mail.Forwarding;
import io.dualpost.mail.LineEndings;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import io.dualpost.route.Backend;
import io.dualpost.route.Health;
import io.dualpost.route.Pool;
import io.dualpost.telemetry.BackendMeters;
import io.dualpost.telemetry.LogFormat;
import io.dualpost.telemetry.Telemetry;
import io.dualpost.tls.BackendTls;
import io.dualpost.tls.ServerTls;
import io.dualpost.tls.TicketKeys;
import io.dualpost.tls.TlsEngine;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.concurrent.TimeUnit;

/** A service with one listener on 127.0.0.1 and ::1 before fake backends; everything short of the configuration is real. */
final class Bed implements AutoCloseable {
    static final Duration LONG = Duration.ofMinutes(10);

    private final Protocol protocol;
    private final List<FakeBackend> backends;
    private final SessionLines lines = new SessionLines();
    private final EventLoopGroup loops = Transport.best().loops(1);
    private final Dialer dialer = new Dialer(Transport.best());
    private final Telemetry telemetry = new Telemetry(new Telemetry.Build("test", "test", "test", "test"),
            LogFormat.JSON);
    private final Health health = new Health();
    private final Map<Family, ListenerSocket> sockets = new EnumMap<>(Family.class);
    private TlsMode tls = TlsMode.IMPLICIT;
    private TlsMode poolTls = TlsMode.NONE;
    private Forwarding forwarding = Forwarding.NONE;
    private Patience patience = new Patience(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG);
    private Ipv6Policy policy = new Ipv6Policy(1220, true, GateMode.OBSERVE, List.of(), Ipv6Policy.SelfTest.OFF,
            Optional.empty(), Optional.empty());
    private RefusedNetworks networks = new RefusedNetworks(List.of());
    private Limits limits = new Limits(1000, 1000);
    private Gate gate = new Gate(limits);
    private TlsEngine engine = TlsEngine.best();
    private List<Prefix> senders = List.of();
    private boolean plaintext;

    private Bed(Protocol protocol, List<FakeBackend> backends) {
        this.protocol = protocol;
        this.backends = List.copyOf(backends);
    }

    static Bed of(Protocol protocol, FakeBackend... backends) {
        return new Bed(protocol, List.of(backends));
    }

    Bed tls(TlsMode mode) {
        tls = mode;
        return this;
    }

    /** STARTTLS, but logins are taken without it: most of a session is the same and easier to see. */
    Bed plain() {
        tls = TlsMode.STARTTLS;
        plaintext = true;
        return this;
    }

    Bed poolTls(TlsMode mode) {
        poolTls = mode;
        return this;
    }

    Bed forwarding(Forwarding how) {
        forwarding = how;
        return this;
    }

    Bed patience(Patience other) {
        patience = other;
        return this;
    }

    Bed limits(int sessions, int perPrefix) {
        limits = new Limits(sessions, perPrefix);
        return this;
    }

    /** What is done about IPv6 that does not work, and whose IPv6 that is. */
    Bed gate(GateMode mode, String... refused) {
        policy = new Ipv6Policy(1220, true, mode, List.of(), Ipv6Policy.SelfTest.OFF, Optional.empty(),
                Optional.empty());
        networks = new RefusedNetworks(
                List.of(refused).stream().map(text -> Prefix.parse(text).orElseThrow()).toList());
        return this;
    }

    Bed engine(TlsEngine other) {
        engine = other;
        return this;
    }

    /** Connections from these must begin with a PROXY header. */
    Bed senders(String... prefixes) {
        senders = List.of(prefixes).stream().map(text -> Prefix.parse(text).orElseThrow()).toList();
        return this;
    }

    Bed open() throws Exception {
        gate = new Gate(limits);
        InetAddress v4 = InetAddress.ofLiteral("127.0.0.1");
        InetAddress v6 = InetAddress.ofLiteral("::1");
        Listener listener = new Listener("test-0", protocol, 0, tls, plaintext, LineEndings.NORMALIZE, senders,
                patience);
        Pool pool = new Pool("pool", protocol, backends(), poolTls,
                new Pool.Trust(Optional.of(Certificates.authority()), Optional.empty()), forwarding, List.of());
        Service service = new Service("test", new Host(Certificates.DUAL, HostRole.DUAL, List.of(v4, v6)),
                Optional.of(new Host(Certificates.RESCUE, HostRole.RESCUE, List.of(v4))), List.of(listener), pool);
        Backends behind = new Backends(pool, dialer, health,
                poolTls == TlsMode.NONE ? Optional.empty() : Optional.of(BackendTls.of(engine, pool)),
                pool.servers().stream().collect(Collectors.toMap(backend -> backend, backend -> {
                    BackendMeters meters = telemetry.backend(pool.name(), backend.name());
                    meters.known(family -> health.isUp(backend, family), family -> health.addresses(backend, family));
                    return meters;
                })));
        Ipv6Health ipv6 = new Ipv6Health(policy, networks, telemetry.gate(), _ -> {
        }, _ -> {
        });
        ServerTls server = ServerTls.of(engine, Certificates.certificates(),
                List.of(Certificates.DUAL, Certificates.RESCUE), protocol.alpn(), new TicketKeys());
        Terms terms = new Terms(service, listener, server, behind, gate, ipv6, telemetry,
                telemetry.listener("test", "test-0", protocol, listener.tls()));
        sockets.put(Family.IPV4, ListenerSocket.of(Transport.best(), loops, terms, v4));
        sockets.put(Family.IPV6, ListenerSocket.of(Transport.best(), loops, terms, v6));
        for (ListenerSocket socket : sockets.values()) {
            socket.listen();
        }
        return this;
    }

    ListenerSocket socket(Family family) {
        return Optional.ofNullable(sockets.get(family)).orElseThrow();
    }

    /** The proxy stops, with patience. */
    void drain() {
        sockets.values().forEach(ListenerSocket::close);
        sockets.values().forEach(ListenerSocket::drain);
    }

    /** The proxy stops, without. */
    void kill() {
        sockets.values().forEach(ListenerSocket::kill);
    }

    List<Backend> backends() {
        return backends.stream().map(backend -> new Backend("pool",
                new Endpoint(Addresses.text(backend.address()), backend.port()))).toList();
    }

    Gate gate() {
        return gate;
    }

    Health health() {
        return health;
    }

    /** A client by TCP alone. */
    Wire client(Family family) throws IOException {
        return Wire.to(socket(family).local());
    }

    Wire client() throws IOException {
        return client(Family.IPV4);
    }

    /** How a further client's connection ends; one that is reset at once may be so while it still connects. */
    Wire.End turnedAway() throws IOException {
        try (Wire client = client()) {
            return client.end();
        } catch (SocketException e) {
            return Wire.End.RESET;
        }
    }

    /** A client with TLS, on a listener with implicit TLS. */
    Wire secure(Family family) throws IOException {
        return client(family).secure(Certificates.DUAL);
    }

    /** A client that is logged in and has heard so. */
    Wire loggedIn() throws IOException {
        Wire client = tls == TlsMode.IMPLICIT ? secure(Family.IPV4) : client();
        return login(client);
    }

    Wire login(Wire client) throws IOException {
        if (protocol == Protocol.POP3) {
            return client.hear("+OK ").ask("USER ann", "+OK").ask("PASS secret", "+OK logged in");
        }
        return client.hear("220 ").ask("EHLO there", "250 ").ask("AUTH PLAIN AGFubgBzZWNyZXQ=", "235 ");
    }

    /** The record's line of the next session that is over. */
    String record() {
        return lines.next();
    }

    /** A counter or gauge by its name and all of its labels, as scraped: {@code name{a="b",c="d"}}. */
    double metric(String series) {
        List<String> found = new ArrayList<>();
        telemetry.scrape("").lines().filter(line -> line.startsWith(series + " ")).forEach(found::add);
        assertThat(found).as(series).hasSize(1);
        return Double.parseDouble(found.getFirst().substring(series.length() + 1));
    }

    Telemetry telemetry() {
        return telemetry;
    }

    /** Waits until no session is left; then no place at the gate is taken either. */
    void empty() {
        await().until(() -> sockets.values().stream().allMatch(socket -> socket.sessions() == 0));
        assertThat(gate.sessions()).isZero();
        assertThat(gate.networks()).isZero();
    }

    @Override
    public void close() throws IOException {
        sockets.values().forEach(ListenerSocket::close);
        sockets.values().forEach(ListenerSocket::kill);
        await().until(() -> sockets.values().stream().allMatch(socket -> socket.sessions() == 0));
        loops.shutdownGracefully(100, 5_000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
        dialer.close();
        lines.close();
        for (FakeBackend backend : backends) {
            backend.close();
        }
    }
}
