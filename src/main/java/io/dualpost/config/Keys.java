package io.dualpost.config;

import io.dualpost.address.Endpoint;
import io.dualpost.address.Family;
import io.dualpost.address.Prefix;
import io.dualpost.gate.GateMode;
import io.dualpost.gate.Ipv6Policy;
import io.dualpost.mail.Forwarding;
import io.dualpost.mail.LineEndings;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import io.dualpost.telemetry.Log;
import io.dualpost.telemetry.LogFormat;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Every key of the configuration, once: what it takes, what holds without it, what it means. */
final class Keys {
    static final Key<String> NAME = Key.required("name", Scalars.host(),
            "DNS name that clients connect to. A certificate must cover it.");
    static final Key<List<Located<InetAddress>>> ADDRESSES = Key.required("addresses",
            new ListKind<>(Scalars.address(), 1),
            "Local addresses to listen on; `0.0.0.0` and `\"::\"` stand for all of their family. A dual-stack host needs "
                    + "both families, a rescue host has IPv4 only. Both hosts may share an IPv4 address: clients that "
                    + "send SNI tell the names apart.");
    static final Key<Family> ONLY = Key.optional("only", Scalars.choice(List.of(Family.values()), Family::label),
            "Says that this host is published in one family only for now (no AAAA record, or no A record); its addresses "
                    + "are of that family. Without it both families must be there.");
    static final Key<Section> DUAL = Key.required("dual",
            new Form("Dual-stack host", "The host that clients use in the first place, with A and AAAA records.",
                    List.of(NAME, ADDRESSES, ONLY)),
            "The host with A and AAAA records.");
    static final Key<Section> RESCUE = Key.optional("rescue",
            new Form("Rescue host", "The IPv4-only host for clients whose IPv6 does not work and who do not fall back "
                    + "by themselves. Its name has an A record and never an AAAA record.", List.of(NAME, ADDRESSES)),
            "The IPv4-only host for clients whose IPv6 is broken.");

    static final Key<Protocol> PROTOCOL = Key.required("protocol",
            Scalars.choice(List.of(Protocol.values()), Protocol::label), "What clients speak.");
    static final Key<Integer> PORT = Key.required("port", Scalars.whole(0, 65535),
            "TCP port. 0 lets the system choose one, on loopback addresses only. The listener is called service-port, "
                    + "such as `pop-995`.");
    static final Key<TlsMode> LISTENER_TLS = Key.required("tls",
            Scalars.choice(List.of(TlsMode.IMPLICIT, TlsMode.STARTTLS), TlsMode::label),
            "When TLS begins: at once (ports 995 and 465), or at the client's word (ports 110 and 587).");
    static final Key<Boolean> PLAINTEXT_LOGIN = Key.standard("plaintext_login", Scalars.truth(), "false",
            "Takes a login without TLS. Passwords are then readable on the way; only with `tls: starttls`.");
    static final Key<LineEndings> LINE_ENDINGS = Key.standard("line_endings",
            Scalars.choice(List.of(LineEndings.values()), LineEndings::label), "normalize",
            "What becomes of a lone CR or LF: made harmless, or refused.");
    static final Key<List<Located<Prefix>>> PROXY_FROM = Key.optional("proxy_from", new ListKind<>(Scalars.prefix(), 0),
            "Load balancers whose connections begin with a PROXY header (version 1 or 2). From them it must come, from "
                    + "others it is not understood.");
    static final Key<List<Located<Section>>> LISTENERS = Key.required("listeners", new ListKind<>(new Form("Listener",
            "Protocol, port and TLS mode; opened as one socket for each address of the service.",
            List.of(PROTOCOL, PORT, LISTENER_TLS, PLAINTEXT_LOGIN, LINE_ENDINGS, PROXY_FROM)), 1),
            "The ports of the service, on every address of its hosts.");

    static final Key<Duration> PROXY_HEADER = Key.standard("proxy_header", time("3s", "1m"), "5s",
            "For the whole PROXY header.");
    static final Key<Duration> TLS_HANDSHAKE = Key.standard("tls", time("1s", "5m"), "30s", "For a TLS handshake.");
    static final Key<Duration> GREETING = Key.standard("greeting", time("1s", "10m"), "60s",
            "From the greeting to the client's first command.");
    static final Key<Duration> AUTH = Key.standard("auth", time("10s", "30m"), "3m",
            "From the first command to credentials.");
    static final Key<Duration> CONNECT = Key.standard("connect", time("1s", "5m"), "10s",
            "To reach a backend: its name, TCP, TLS and greeting; each backend that is tried has as long.");
    static final Key<Duration> LOGIN = Key.standard("login", time("1s", "10m"), "60s",
            "For a backend's answer to the login.");
    static final Key<Duration> IDLE = Key.optional("idle", time("5m", "24h"),
            "Without an octet in either direction after login. Default: 30m for pop3, 5m for submission. At least 10m "
                    + "for pop3 (RFC 1939 section 3), 5m for submission (RFC 5321 section 4.5.3.2.7).");
    static final Key<Duration> FINAL_DOT = Key.standard("final_dot", time("10m", "2h"), "15m",
            "For a backend's answer to a whole message (RFC 5321 section 4.5.3.2.6).");
    static final Key<Section> TIMEOUTS = Key.optional("timeouts",
            new Form("Timeouts",
                    "How long each phase of a session may last. They hold for all listeners of the service.",
                    List.of(PROXY_HEADER, TLS_HANDSHAKE, GREETING, AUTH, CONNECT, LOGIN, IDLE, FINAL_DOT)),
            "How long each phase of a session may last.");
    static final Key<String> POOL = Key.required("backends", Scalars.pool(), "The pool of backends behind.");
    static final Key<List<Named<Section>>> SERVICES = Key.optional("services", new NamedKind<>(new Form("Service",
            "What users configure in their mail client as one server. All listeners of a service speak the protocol of "
                    + "its backends, so POP3 and submission are two services; they may share a host, with the same "
                    + "name and addresses in both.",
            List.of(DUAL, RESCUE, LISTENERS, POOL, TIMEOUTS))),
            "The services, by names of your choice. At least one, here or in conf.d.");

    static final Key<List<Located<Endpoint>>> SERVERS = Key.required("servers", new ListKind<>(Scalars.server(), 1),
            "Backends of equal worth.");
    static final Key<TlsMode> POOL_TLS = Key.standard("tls",
            Scalars.choice(List.of(TlsMode.values()), TlsMode::label), "none",
            "When TLS begins towards the backends. `none` only on a network that you trust.");
    static final Key<Forwarding> IDENTITY = Key.standard("identity",
            Scalars.choice(List.of(Forwarding.values()), Forwarding::label), "none",
            "How backends learn the client's address. They must trust the proxy to say it.");
    static final Key<String> TLS_AUTHORITIES = Key.optional("tls_authorities", Scalars.file(),
            "PEM file of the authorities that backends' certificates are verified with. Without it: those of the Java "
                    + "platform.");
    static final Key<String> TLS_NAME = Key.optional("tls_name", Scalars.host(),
            "Name that the backends' certificates must carry. Without it: the host in `servers`.");
    static final Key<List<Located<String>>> OFFER = Key.optional("offer", new ListKind<>(Scalars.keyword(), 1),
            "Capabilities to offer clients at most. Without it: all that every backend of the pool has.");
    static final Key<List<Named<Section>>> BACKENDS = Key.optional("backends", new NamedKind<>(new Form(
            "Pool of backends",
            "Mailbox or submission servers of equal worth. A pool speaks the protocol of the services that use it.",
            List.of(SERVERS, POOL_TLS, IDENTITY, TLS_AUTHORITIES, TLS_NAME, OFFER))),
            "Pools of mailbox and submission servers, by names of your choice.");

    static final Key<String> CHAIN = Key.required("chain", Scalars.file(),
            "PEM file: the certificate, then its issuers in order.");
    static final Key<String> KEY = Key.required("key", Scalars.file(),
            "PEM file of the private key, RSA of at least 2048 bits or EC, without a passphrase, readable by its owner "
                    + "and group at most. May be the same file as the chain.");
    static final Key<List<Located<Section>>> CERTIFICATES = Key.optional("certificates", new ListKind<>(new Form(
            "Certificate", "A certificate and its key. Together the certificates cover the names of all hosts; clients "
                    + "choose by SNI.",
            List.of(CHAIN, KEY)), 1), "The certificates shown to clients.");

    static final Key<Integer> SESSIONS = Key.standard("sessions", Scalars.whole(1, 1_000_000), "10000",
            "Sessions open at once, in all.");
    static final Key<Integer> SESSIONS_PER_PREFIX = Key.standard("sessions_per_prefix", Scalars.whole(1, 1_000_000),
            "100", "Sessions open at once from one IPv4 address or one IPv6 /64.");
    static final Key<Section> LIMITS = Key.optional("limits",
            new Form("Limits", "How much is let in.", List.of(SESSIONS, SESSIONS_PER_PREFIX)), "How much is let in.");
    static final Key<Optional<Endpoint>> LISTEN = Key.standard("listen", Scalars.loopback(), "127.0.0.1:9143",
            "Where metrics and health are served by HTTP; `none` switches that off.");
    static final Key<String> ADMIN_SOCKET = Key.optional("socket", Scalars.file(),
            "Unix socket for `dualpost status`, `family`, `gate` and `rescue`, such as `/run/dualpost/admin.sock`; root and "
                    + "the proxy's own user may use it.");
    static final Key<String> ADMIN_GROUP = Key.optional("group", Scalars.group(),
            "A group whose members may use the socket, too.");
    static final Key<Section> ADMIN = Key.optional("admin",
            new Form("Admin interface", "Metrics and health for programs on this host, and orders for the proxy.",
                    List.of(LISTEN, ADMIN_SOCKET, ADMIN_GROUP)),
            "Where metrics and health are served, and orders taken.");
    static final Key<Integer> MSS = Key.standard("mss", Scalars.whole(0, 1440), "1220",
            "Largest segment on IPv6 connections, in octets. 1220 passes wherever IPv6 passes (RFC 8200 section 5), so that "
                    + "no path-MTU hole can swallow a handshake or a message; 0 leaves it to the interface. From 536.");
    static final Key<Boolean> GUARD = Key.standard("guard", Scalars.truth(), "true",
            "Ends IPv6 connections whose packets get lost after about 3 s, so that users see an error and do not wait for "
                    + "minutes; on IPv4 such connections are only counted.");
    static final Key<GateMode> MODE = Key.standard("mode",
            Scalars.choice(List.of(GateMode.values()), GateMode::label), "observe",
            "What becomes of IPv6 networks (/64) whose connections break twice within ten minutes, and of those in "
                    + "`refuse`: they are learned, counted and logged (`observe`), or also refused (`enforce`), or neither "
                    + "(`off`).");
    static final Key<List<Located<Prefix>>> REFUSE = Key.optional("refuse", new ListKind<>(Scalars.prefix(), 0),
            "IPv6 networks that cannot reach this host, such as closed access networks, 6to4 (`\"2002::/16\"`) or Teredo "
                    + "(`\"2001::/32\"`); refused in mode `enforce`.");
    static final Key<Ipv6Policy.SelfTest> SELF_TEST = Key.standard("self_test",
            Scalars.choice(List.of(Ipv6Policy.SelfTest.values()), Ipv6Policy.SelfTest::label), "local",
            "Withdraws IPv6 while it leads nowhere: `local` looks whether the configured addresses are on this host and "
                    + "whether there is a route; `name` also whether the dual-stack host's name leads back here.");
    static final Key<String> KERNEL = Key.optional("kernel", Scalars.file(),
            "Unix socket of `dualpost kernel-gate`, the process that lets the kernel refuse networks at their first packet, "
                    + "so that clients go to IPv4 at once. Without it they are accepted and reset: an error at once, and no "
                    + "fallback.");
    static final Key<String> STATE = Key.optional("state", Scalars.file(),
            "File that keeps `dualpost family disable --persist` over a restart, such as `/var/lib/dualpost/family`.");
    static final Key<Section> GATE_IPV6 = Key.optional("ipv6",
            new Form("IPv6 at the gate", "What is done about IPv6 that does not work.",
                    List.of(MSS, GUARD, MODE, REFUSE, SELF_TEST, KERNEL, STATE)),
            "What is done about IPv6 that does not work.");
    static final Key<Section> GATE = Key.optional("gate",
            new Form("Gate", "Who is let in, and over which family.", List.of(GATE_IPV6)),
            "Who is let in, and over which family.");
    static final Key<LogFormat> FORMAT = Key.standard("format",
            Scalars.choice(List.of(LogFormat.values()), LogFormat::label), "json",
            "How each line is written: one JSON object, or `name=value` pairs, which suit journald.");
    static final Key<String> LOG_FILE = Key.optional("file", Scalars.file(),
            "Where session records and all other lines go; its folder must be there. It may be renamed at any time (by "
                    + "logrotate, without a signal); the next line begins a new file. Without it session records go to "
                    + "standard output and the rest to standard error.");
    static final Key<Log.Verbosity> LEVEL = Key.standard("level", verbosity(), "info",
            "How much is logged beside session records.");
    static final List<Key<Log.Verbosity>> LOG_PACKAGES = Stream
            .of("admin", "config", "session", "connect", "tls", "telemetry", "route", "gate", "demo", "netty")
            .map(name -> Key.<Log.Verbosity>optional(name, verbosity(),
                    name.equals("netty") ? "Of the network library." : "Of this package."))
            .toList();
    static final Key<Section> LEVELS = Key.optional("levels",
            new Form("Log levels", "Levels of single packages, instead of `level`.", List.copyOf(LOG_PACKAGES)),
            "Levels of single packages, instead of `level`.");
    static final Key<Section> LOG = Key.optional("log", new Form("Log",
            "One line for each session, and what the program has to say. Nobody ever waits for the log: lines that its "
                    + "queue or the disk cannot take are dropped, and counted by `dualpost_log_dropped_total`.",
            List.of(FORMAT, LOG_FILE, LEVEL, LEVELS)), "How and where the log is written.");
    static final Key<Integer> EVENT_LOOPS = Key.standard("event_loops", Scalars.whole(0, 1024), "0",
            "Threads that serve sessions; 0 means one for each processor.");

    /** The main file. */
    static final Form MAIN = new Form("Main file", "The keys at the top of `dualpost.yaml`.",
            List.of(SERVICES, BACKENDS, CERTIFICATES, GATE, LIMITS, ADMIN, LOG, EVENT_LOOPS));
    /** A file in conf.d. */
    static final Form PART = new Form("Part", "A file in `conf.d`.", List.of(SERVICES, BACKENDS, CERTIFICATES));

    private Keys() {}

    private static ScalarKind<Log.Verbosity> verbosity() {
        return Scalars.choice(List.of(Log.Verbosity.values()), Log.Verbosity::label);
    }

    private static ScalarKind<Duration> time(String least, String most) {
        try {
            return Scalars.duration(Durations.read(least), Durations.read(most));
        } catch (Unfit wrong) {
            throw new IllegalStateException(wrong);
        }
    }
}
