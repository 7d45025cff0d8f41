package io.dualpost.real;

import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/** Clients and backends that do wrong; {@link Mishap} says how often and what it counts as. */
final class Mishaps {
    /** A service with little patience. */
    static final String HASTY = "hasty";
    /** A service without a backend that serves. */
    static final String ORPHAN = "orphan";
    /** Nobody else comes from here. */
    private static final InetAddress CROWDED = InetAddress.ofLiteral("127.0.0.77");
    /** A TLS record that announces 512 octets of ClientHello, and 10 of them. */
    private static final byte[] HALF_HELLO = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3, 1, 2, 3, 4};

    private final List<Talk> crowd = new ArrayList<>();
    private final World world;
    private final Setup setup;

    Mishaps(World world, Dualpost dualpost) {
        this.world = world;
        this.setup = dualpost.setup();
    }

    /** A password that is wrong. */
    void wrongPassword(InetAddress address) throws IOException {
        try (Talk talk = open("pop", TlsMode.IMPLICIT, address)) {
            talk.ask("USER " + Account.ANNA.user(), "+OK");
            talk.ask("PASS wrong", "-ERR");
            talk.ask("QUIT", "+OK");
        }
    }

    /** A client that does not begin TLS where it must. */
    void plainText(InetAddress address) throws IOException {
        try (Talk talk = connect("pop", TlsMode.IMPLICIT, address)) {
            talk.send("USER " + Account.ANNA.user() + "\r\n");
            talk.rest();
        }
    }

    /** A client that breaks off as soon as it is there. */
    void resetAtOnce(InetAddress address) throws IOException {
        connect("pop", TlsMode.IMPLICIT, address).abort();
    }

    /** A client that breaks off in the middle of its first words. */
    void resetDuringTls(InetAddress address) throws IOException {
        try (Talk talk = connect("submission", TlsMode.IMPLICIT, address)) {
            talk.send(HALF_HELLO);
            talk.abort();
        }
    }

    /** A client that says nothing at all. */
    void silence(InetAddress address) throws IOException {
        try (Talk talk = connect(HASTY, TlsMode.IMPLICIT, address)) {
            talk.rest();
        }
    }

    /** The same where the guard ends it. */
    void stall(InetAddress address) throws IOException {
        try (Talk talk = connect("pop", TlsMode.IMPLICIT, address)) {
            talk.rest();
        }
    }

    /** A client that says nothing after the greeting. */
    void silenceAfterGreeting(InetAddress address) throws IOException {
        try (Talk talk = open(HASTY, TlsMode.IMPLICIT, address)) {
            talk.rest();
        }
    }

    /** A client that would send its password readable. */
    void withoutStartTls(InetAddress address) throws IOException {
        try (Talk talk = connect("pop", TlsMode.STARTTLS, address)) {
            talk.line();
            talk.ask("USER " + Account.ANNA.user(), "-ERR");
            talk.ask("QUIT", "+OK");
        }
    }

    /** Somebody on the way who puts a command behind STLS. */
    void injection(InetAddress address) throws IOException {
        try (Talk talk = connect("pop", TlsMode.STARTTLS, address)) {
            talk.line();
            talk.send("STLS\r\nCAPA\r\n");
            talk.rest();
        }
    }

    /** A login whose backend is dead. */
    void deadBackend(InetAddress address) throws IOException {
        try (Talk talk = open(ORPHAN, TlsMode.IMPLICIT, address)) {
            talk.ask("USER " + Account.ANNA.user(), "+OK");
            talk.ask("PASS " + Account.ANNA.password(), "-ERR [SYS/TEMP]");
            talk.ask("QUIT", "+OK");
        }
    }

    /** A client that breaks off before it logs in. */
    void resetBeforeLogin(InetAddress address) throws IOException {
        // Before TLS, which would say goodbye first.
        try (Talk talk = connect("pop", TlsMode.STARTTLS, address)) {
            talk.line();
            talk.ask("CAPA", "+OK");
            talk.multiline();
            talk.abort();
        }
    }

    /** So many clients that come from one address. */
    void crowd(int clients) throws IOException {
        for (int i = 0; i < clients; i++) {
            crowd.add(Talk.open(world, target("pop", TlsMode.IMPLICIT, World.IPV4), CROWDED));
        }
    }

    /** One more from there. */
    void oneTooMany(InetAddress address) throws IOException {
        try (Talk outside = Talk.connect(CROWDED, address, target("pop", TlsMode.IMPLICIT, address).port())) {
            outside.rest();
        } catch (SocketException e) {
            // Turned away so fast that even connecting saw it.
        }
    }

    /** All of them leave. */
    void disperse() throws IOException {
        for (Talk talk : crowd) {
            talk.ask("QUIT", "+OK");
            talk.close();
        }
    }

    /** A client that logs in and stays. */
    Talk guest(InetAddress address) throws IOException {
        Talk talk = open("pop", TlsMode.IMPLICIT, address);
        talk.loginByPassword(Account.ANNA);
        return talk;
    }

    private Target target(String service, TlsMode tls, InetAddress address) {
        return setup.target(service, tls, service.equals("submission") ? World.SMTP : World.POP, address);
    }

    private Talk open(String service, TlsMode tls, InetAddress address) throws IOException {
        return Talk.open(world, target(service, tls, address));
    }

    private Talk connect(String service, TlsMode tls, InetAddress address) throws IOException {
        return Talk.connect(address, address, target(service, tls, address).port());
    }
}
