package io.dualpost.telemetry;

import io.dualpost.address.Addresses;
import io.dualpost.address.Family;
import io.dualpost.address.HostRole;
import io.dualpost.address.Peer;
import io.dualpost.gate.PathReading;
import io.dualpost.gate.PathVerdict;
import io.dualpost.mail.Cause;
import io.dualpost.mail.Credentials;
import io.dualpost.mail.Refusal;
import io.dualpost.mail.TlsMode;
import io.dualpost.mail.Verdict;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.model.snapshots.Labels;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The account of one session: filled in while it lives, on its event loop alone, and closed once. Holds no password and
 * no message text.
 */
public final class SessionRecord {
    private static final int USER_LENGTH = 255;
    /** What a backend or a certificate says may be long, and many lines may wait for a slow disk. */
    private static final int DETAIL_LENGTH = 512;

    final ListenerMeters listener;
    final String id;
    private final Labels exemplar;
    final Instant started;
    final long startNanos;
    final Map<Phase, Long> reached = new EnumMap<>(Phase.class);
    Phase phase = Phase.ACCEPTED;
    Peer peer;
    private ListenerMeters.Row row;
    HostRole role = HostRole.NONE;
    Optional<String> serverName = Optional.empty();
    Optional<Secured> tls = Optional.empty();
    String user = "";
    String mechanism = "";
    String backend = "";
    String backendAddress = "";
    String backendFamily = "";
    Optional<Refusal> refusal = Optional.empty();
    String detail = "";
    Optional<PathVerdict> path = Optional.empty();
    private long loginNanos;
    long received;
    long sent;
    int accepted;
    int deferred;
    int rejected;
    int aborted;
    private long content;
    boolean byClient;
    private boolean startedTls;
    private boolean loggedIn;

    SessionRecord(ListenerMeters listener, String id, Instant started, long startNanos, Peer peer) {
        this.listener = listener;
        this.id = id;
        this.started = started;
        this.startNanos = startNanos;
        this.peer = peer;
        this.row = listener.row(peer.family());
        this.exemplar = Labels.of("session", id);
    }

    /** The session's id, {@code [0-9a-z]}, unique for all practical purposes. */
    public String id() {
        return id;
    }

    /** Who the client is. */
    public Peer peer() {
        return peer;
    }

    /** The client is not who the socket says, but who a PROXY header says. */
    public void claimed(Peer claimed) {
        peer = claimed;
        row = listener.row(claimed.family());
    }

    /** Which host the client meant. */
    public HostRole role() {
        return role;
    }

    /** Which host the client meant, and by which name, if it asked for one by SNI. */
    public void meant(HostRole hostRole, Optional<String> name) {
        role = hostRole;
        serverName = name;
    }

    /** A phase begins, at monotonic nanoseconds. */
    public void advanced(Phase next, long now) {
        phase = next;
        reached.putIfAbsent(next, now - startNanos);
    }

    /** Seconds since accept, at monotonic nanoseconds. */
    double age(long now) {
        return (now - startNanos) / 1e9;
    }

    /** TLS came to nothing because the client broke it off. */
    void brokenOff() {
        byClient = true;
    }

    /** TLS with the client is on. */
    void secured(Secured secured) {
        tls = Optional.of(secured);
    }

    /** The client gave credentials that are worth a try, at monotonic nanoseconds. */
    public void named(Credentials credentials, long now) {
        loginNanos = now;
        String octets = credentials.user();
        String text = new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        user = cut(text, USER_LENGTH);
        mechanism = credentials.mechanism().label();
    }

    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    /** A backend was reached. */
    public void reachedBackend(String name, InetSocketAddress address) {
        backend = name;
        backendAddress = Addresses.text(address.getAddress(), address.getPort());
        backendFamily = Family.of(address.getAddress()).label();
    }

    /** Why the client was last told no, with what only the operator should know. */
    public void refused(Refusal reason, String forOperator) {
        refusal = Optional.of(reason);
        detail = cut(forOperator, DETAIL_LENGTH);
    }

    /** The connection stood still, and this was seen of its path. */
    public void stalled(PathVerdict verdict, PathReading reading) {
        path = Optional.of(verdict);
        refused(Refusal.STALLED, reading.says());
    }

    /** The user of the last login that was tried, or nothing. */
    public String user() {
        return user;
    }

    /** Whether TLS with the client is on. */
    public boolean isSecured() {
        return tls.isPresent();
    }

    /** The meters of its listener. */
    public ListenerMeters listener() {
        return listener;
    }

    /** Octets came from the client, after TLS. */
    public void received(long octets) {
        received += octets;
        row.received().increment((double) octets);
    }

    /** Octets went to the client, before TLS. */
    public void sent(long octets) {
        sent += octets;
        row.sent().increment((double) octets);
    }

    /** Octets of a message went on. */
    public void content(long octets) {
        content += octets;
    }

    /** What became of the message whose content went on. */
    public void message(Verdict verdict) {
        switch (verdict) {
            case ACCEPTED -> accepted++;
            case DEFERRED -> deferred++;
            case REJECTED -> rejected++;
            case ABORTED -> aborted++;
        }
        row.mail().ifPresent(mail -> {
            ListenerMeters.of(mail.messages(), verdict).increment();
            if (verdict != Verdict.ABORTED) {
                observe(mail.size(), (double) content);
            }
        });
        content = 0;
    }

    /** The client was told no, in words. */
    public void said(Refusal reason) {
        ListenerMeters.of(row.refusals(), reason).increment();
        // What only the operator should know stays with the reason that it explains, and with what followed from it.
        if (refusal.filter(before -> before.blame() == reason.blame()).isEmpty()) {
            detail = "";
        }
        refusal = Optional.of(reason);
    }

    /** What became of TLS at the client's word. */
    public void startTls(StartTlsOutcome outcome) {
        startedTls = true;
        ListenerMeters.of(row.tls().startTls(), outcome).increment();
    }

    /** Observes seconds or octets of this session; the exemplar leads from the graph to the record. */
    void observe(DistributionDataPoint histogram, double value) {
        histogram.observeWithExemplar(value, exemplar);
    }

    ListenerMeters.Row row() {
        return row;
    }

    /** Seconds since the last credentials. */
    double loginAge(long now) {
        return (now - loginNanos) / 1e9;
    }

    /** A backend took the login. */
    void loggedIn() {
        loggedIn = true;
    }

    /** Counts what only the end shows. */
    void ended(Cause cause) {
        if (content > 0) {
            message(Verdict.ABORTED);
        }
        if (listener.tls() == TlsMode.STARTTLS && !startedTls) {
            startTls(StartTlsOutcome.UNUSED);
        }
        if (!loggedIn && (cause == Cause.CLIENT_CLOSE || cause == Cause.CLIENT_RESET)) {
            ListenerMeters.of(row.lost(), phase).increment();
        }
    }
}
