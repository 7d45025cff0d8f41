package io.dualpost.telemetry;

import io.dualpost.Benchmarked;
import io.dualpost.address.Family;
import io.dualpost.address.HostRole;
import io.dualpost.address.Peer;
import io.dualpost.mail.Cause;
import io.dualpost.mail.Credentials;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;

/** All that is noted of a POP3S session from accept to end, as the session has it noted. */
public class SessionTelemetryBenchmark extends Benchmarked {
    private static final InetSocketAddress BACKEND = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.20"), 110);
    private static final Peer PEER = Peer.direct(
            new InetSocketAddress(InetAddress.ofLiteral("2001:db8:1:2::7"), 40_000),
            new InetSocketAddress(InetAddress.ofLiteral("2001:db8::10"), 995));
    private static final Credentials CREDENTIALS = Credentials
            .of(Credentials.Mechanism.USER, "someone@example.jp", "correct horse battery").orElseThrow();
    private static final Secured SECURED = new Secured("TLSv1.3", "TLS_AES_256_GCM_SHA384", false);
    private static final long MS = 1_000_000;

    private final Telemetry telemetry = new Telemetry(new Telemetry.Build("1", "4.2", "epoll", "BoringSSL"),
            LogFormat.JSON);
    private final ListenerMeters listener = telemetry.listener("pop", "pop-995", Protocol.POP3, TlsMode.IMPLICIT);
    private final BackendMeters backend = telemetry.backend("mailboxes", "192.0.2.20:110");
    private final SessionRecord finished = relayed();

    private SessionRecord relayed() {
        SessionRecord session = telemetry.begin(listener, PEER, 0);
        session.claimed(PEER);
        telemetry.arrived(session);
        session.advanced(Phase.TLS, 0);
        session.meant(HostRole.DUAL, Optional.of("pop.example.jp"));
        telemetry.counted(session);
        telemetry.secured(session, SECURED, 0, 9 * MS);
        session.advanced(Phase.GREETING, 9 * MS);
        telemetry.greeted(session, 9 * MS);
        for (int line = 0; line < 3; line++) {
            session.advanced(Phase.AUTH, 20 * MS);
            session.received(20);
            session.sent(60);
        }
        session.named(CREDENTIALS, 30 * MS);
        session.advanced(Phase.CONNECT, 30 * MS);
        backend.active(Family.IPV4, true);
        session.reachedBackend("192.0.2.20:110", BACKEND);
        backend.tried(Family.IPV4, ConnectResult.OK, 2 * MS);
        session.advanced(Phase.LOGIN, 32 * MS);
        telemetry.loggedIn(session, 40 * MS);
        session.advanced(Phase.RELAY, 40 * MS);
        for (int command = 0; command < 3; command++) {
            session.received(8);
            session.sent(1500);
        }
        backend.active(Family.IPV4, false);
        return session;
    }

    /** The meters, and the record as a line that goes nowhere. */
    @Benchmark
    public SessionRecord whole() {
        SessionRecord session = relayed();
        telemetry.finished(session, Cause.QUIT, true, 90 * MS);
        return session;
    }

    @Benchmark
    public String lineOfJson() {
        return RecordLine.of(finished, LogFormat.JSON, Cause.QUIT, 90 * MS);
    }

    @Benchmark
    public String lineOfKeysAndValues() {
        return RecordLine.of(finished, LogFormat.KEY_VALUE, Cause.QUIT, 90 * MS);
    }
}
