package io.dualpost.telemetry;

import io.dualpost.address.Addresses;
import io.dualpost.address.Family;
import io.dualpost.address.HostRole;
import io.dualpost.address.Peer;
import io.dualpost.address.Prefix;
import io.dualpost.mail.Cause;
import io.dualpost.mail.Credentials;
import io.dualpost.mail.Refusal;
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

    final ListenerMeters listener;
    private final String id;
    private final Instant started;
    private final long startNanos;
    private final Map<Phase, Long> reached = new EnumMap<>(Phase.class);
    private Phase phase = Phase.ACCEPTED;
    private Peer peer;
    private HostRole role = HostRole.NONE;
    private Optional<String> serverName = Optional.empty();
    private String tls = "";
    private String user = "";
    private String mechanism = "";
    private String backend = "";
    private String backendAddress = "";
    private String backendFamily = "";
    private Optional<Refusal> refusal = Optional.empty();
    private String detail = "";
    private long loginNanos;
    private long received;
    private long sent;
    private int accepted;
    private int rejected;

    SessionRecord(ListenerMeters listener, String id, Instant started, long startNanos, Peer peer) {
        this.listener = listener;
        this.id = id;
        this.started = started;
        this.startNanos = startNanos;
        this.peer = peer;
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
    }

    /** Which host the client meant. */
    public HostRole role() {
        return role;
    }

    /** How far the session has come. */
    public Phase phase() {
        return phase;
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

    /** TLS with the client is on: version and cipher. */
    void secured(String version, String cipher) {
        tls = version + " " + cipher;
    }

    /** The client gave credentials that are worth a try, at monotonic nanoseconds. */
    public void named(Credentials credentials, long now) {
        loginNanos = now;
        String octets = credentials.user();
        String text = new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        user = text.length() > USER_LENGTH ? text.substring(0, USER_LENGTH) : text;
        mechanism = credentials.mechanism().label();
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
        detail = forOperator;
    }

    /** Octets came from the client, after TLS. */
    public void received(long octets) {
        received += octets;
    }

    /** Octets went to the client, before TLS. */
    public void sent(long octets) {
        sent += octets;
    }

    /** The backend gave its verdict on a message. */
    public void message(boolean taken) {
        if (taken) {
            accepted++;
        } else {
            rejected++;
        }
    }

    /** Seconds since the last credentials. */
    double loginAge(long now) {
        return (now - loginNanos) / 1e9;
    }

    long received() {
        return received;
    }

    long sent() {
        return sent;
    }

    int accepted() {
        return accepted;
    }

    int rejected() {
        return rejected;
    }

    /** The record as one line of JSON; the phase is the last one before the end. */
    String line(Cause cause, long now) {
        Json json = new Json().put("time", started.toString()).put("event", "session").put("session", id)
                .put("service", listener.service()).put("listener", listener.name())
                .put("protocol", listener.protocol().label()).put("family", peer.family().label())
                .put("client", Addresses.text(peer.address())).put("client_port", peer.source().getPort())
                .put("client_net", new Prefix(peer.address(), peer.family() == Family.IPV4 ? 24 : 64).toString())
                .put("local", Addresses.text(peer.destination().getAddress(), peer.destination().getPort()));
        if (!peer.socket().equals(peer.source())) {
            json.put("via", Addresses.text(peer.socket().getAddress(), peer.socket().getPort()));
        }
        json.put("host_role", role.label());
        serverName.ifPresent(name -> json.put("host", name));
        optional(json, "tls", tls);
        optional(json, "user", user);
        optional(json, "mechanism", mechanism);
        optional(json, "backend", backend);
        optional(json, "backend_address", backendAddress);
        optional(json, "backend_family", backendFamily);
        json.put("phase", phase.label()).put("cause", cause.label());
        refusal.ifPresent(reason -> json.put("refusal", reason.label()));
        optional(json, "detail", detail);
        Json times = new Json();
        reached.forEach((at, nanos) -> times.put(at.label(), nanos / 1_000_000));
        return json.raw("reached_ms", times.toString()).put("duration_ms", (now - startNanos) / 1_000_000)
                .put("bytes_received", received).put("bytes_sent", sent).put("messages_accepted", accepted)
                .put("messages_rejected", rejected).toString();
    }

    private static void optional(Json json, String name, String value) {
        if (!value.isEmpty()) {
            json.put(name, value);
        }
    }
}
