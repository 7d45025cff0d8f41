package io.dualpost.session;

import io.dualpost.address.Family;
import io.dualpost.address.Host;
import io.dualpost.address.Peer;
import io.dualpost.connect.Transport;
import io.dualpost.gate.PathReading;
import io.dualpost.gate.PathVerdict;
import io.dualpost.mail.Cause;
import io.dualpost.mail.Credentials;
import io.dualpost.mail.Event;
import io.dualpost.mail.HeloName;
import io.dualpost.mail.Line;
import io.dualpost.mail.Refusal;
import io.dualpost.telemetry.Phase;
import io.dualpost.telemetry.SessionRecord;
import io.dualpost.tls.TlsFailure;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client connection from accept to its record: owns the phase and the only timer, and is the only one who may end it.
 * Everything here happens on the client channel's event loop. What the client hears is decided on {@link ClientSide}, what
 * happens at a backend on {@link BackendSide}. All that can move or end a session stands in this one file, though it is
 * long, so that it can be read whole.
 */
final class Session {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    /** How long a backend may be silent towards a client that has said all it wants. */
    private static final Duration HALF_CLOSED = Duration.ofSeconds(60);

    private final Terms terms;
    private final Channel channel;
    private final SessionRecord record;
    private final Deadline deadline;
    private final PathGuard guard;
    private final ClientSide client;
    private final BackendSide backend;
    private Phase phase = Phase.ACCEPTED;
    private boolean admitted;
    private boolean counted;
    private boolean ended;
    private boolean saidQuit;
    private boolean clientSilent;

    Session(Terms terms, Channel channel) {
        this.terms = terms;
        this.channel = channel;
        this.record = terms.telemetry().begin(terms.meters(), Peer.direct((InetSocketAddress) channel.remoteAddress(),
                (InetSocketAddress) channel.localAddress()), now());
        this.deadline = new Deadline(channel.eventLoop(), this::expired, this::fault);
        this.guard = new PathGuard(channel, () -> Transport.path(channel), this::stalled);
        this.client = new ClientSide(this, terms, channel);
        this.backend = new BackendSide(this, terms.backends(), terms.service().dual().name());
        channel.closeFuture().addListener(_ -> end(Cause.CLIENT_CLOSE));
    }

    /** Begins. */
    void start() {
        client.start();
    }

    /** Does it on the session's own event loop; any thread may ask. */
    void later(Runnable task) {
        channel.eventLoop().execute(task);
    }

    /** The proxy is stopping: the session ends as soon as its protocol allows. */
    void drain() {
        boolean pipe = phase == Phase.RELAY && !client.canBeTold();
        if (!pipe) {
            record.refused(Refusal.DRAINING, "");
        }
        if (client.canBeTold()) {
            client.on(new Event.Troubled(Refusal.DRAINING, ""));
        } else if (!pipe) {
            end(Cause.SHUTDOWN);
        }
    }

    /** The proxy's patience is at its end: the session ends now. */
    void kill() {
        end(Cause.SHUTDOWN);
    }

    /** How far it has come. */
    Phase phase() {
        return phase;
    }

    SessionRecord record() {
        return record;
    }

    /** The client's channel. */
    Channel clientChannel() {
        return channel;
    }

    /** The backend's channel; as long as there is none, the client's own, to which nothing is written for a backend. */
    Channel backendChannel() {
        return backend.channel().orElse(channel);
    }

    long now() {
        return channel.eventLoop().ticker().nanoTime();
    }

    /** How long one backend may take to be reached. */
    Duration connectPatience() {
        return terms.listener().patience().connect();
    }

    void touch() {
        deadline.touch();
    }

    /** A phase begins, with its own patience. */
    void advance(Phase next) {
        boolean upgrade = next == Phase.TLS && phase == Phase.AUTH;
        phase = next;
        record.advanced(next, now());
        if ((next == Phase.TLS || next == Phase.GREETING) && record.peer().isDirect()) {
            guard.expect(upgrade);
        } else {
            guard.rest();
        }
        if (next == Phase.AUTH && record.isSecured()) {
            terms.ipv6().works(record.peer());
        }
        Patience patience = terms.listener().patience();
        switch (next) {
            case PROXY_HEADER -> deadline.total(patience.proxyHeader());
            case TLS -> deadline.total(patience.tls());
            case GREETING -> deadline.total(patience.greeting());
            case AUTH -> deadline.total(patience.auth());
            case CONNECT -> deadline.total(patience.connect());
            case LOGIN -> deadline.total(patience.login());
            case RELAY -> deadline.idle(patience.idle());
            case ACCEPTED -> deadline.cancel();
        }
    }

    /**
     * The client's address is known: may it come in?
     *
     * @return why not
     */
    Optional<Refusal> enter(Peer peer) {
        record.claimed(peer);
        record.meant(terms.service().roleOf(peer.destination().getAddress(), Optional.empty()), Optional.empty());
        Optional<Refusal> refusal = terms.ipv6().enter(peer).or(() -> terms.gate().enter(peer.address()));
        admitted = refusal.isEmpty();
        if (admitted) {
            terms.telemetry().arrived(record);
        } else {
            terms.telemetry().turnedAway(record, refusal.get());
        }
        return refusal;
    }

    /** The client has said by SNI which host it means, or has not. */
    void meant(Optional<String> serverName) {
        guard.heard();
        record.meant(terms.service().roleOf(record.peer().destination().getAddress(), serverName), serverName);
        count();
    }

    private void stalled(PathVerdict verdict, PathReading reading) {
        Family family = record.peer().family();
        terms.meters().stalled(family, verdict);
        // Over IPv4 there is no better way to send the client, and a silent client may be a person.
        boolean hopeless = verdict.isBroken() || phase == Phase.TLS;
        if (family == Family.IPV4 || !terms.ipv6().policy().guard() || !hopeless) {
            return;
        }
        record.stalled(verdict, reading);
        if (verdict.isBroken()) {
            terms.ipv6().broken(record, verdict, terms.service().rescue().map(Host::name));
        }
        end(Cause.STALLED);
    }

    private void expired() {
        terms.telemetry().timedOut(record, phase);
        if (phase == Phase.CONNECT || phase == Phase.LOGIN) {
            backend.expired();
            return;
        }
        record.refused(Refusal.TIMED_OUT, "");
        if (client.canBeTold() && !client.isStreaming()) {
            client.on(new Event.Troubled(Refusal.TIMED_OUT, ""));
        } else {
            end(Cause.TIMEOUT);
        }
    }

    /** The client has given credentials. */
    void seek(Credentials credentials, HeloName helo) {
        record.named(credentials, now());
        backend.seek(credentials, helo);
    }

    /** Says a line to the backend, unflushed. */
    void pass(Line line) {
        backend.say(line);
    }

    /** From now on octets go both ways as they are. */
    void relay(Relay.Early fromClient) {
        Relay.start(this, channel, backendChannel(), fromClient, backend.detach());
    }

    /** A backend took the login. */
    void joined(Event event) {
        terms.telemetry().loggedIn(record, now());
        terms.ipv6().loggedIn(record);
        advance(Phase.RELAY);
        client.on(event);
    }

    /** The login came to nothing. */
    void declined(Refusal refusal, String detail) {
        terms.telemetry().loginFailed(record, refusal, detail, now());
        advance(Phase.AUTH);
        client.on(new Event.Declined(refusal));
    }

    /** The backend said a line in the watched relay. */
    void heardFromBackend(Event event) {
        if (!deadline.isIdle()) {
            deadline.idle(terms.listener().patience().idle());
        }
        client.on(event);
    }

    /** The backend's connection is gone after login. */
    void backendLost(String detail) {
        record.refused(Refusal.BACKEND_LOST, detail);
        client.on(new Event.Troubled(Refusal.BACKEND_LOST, detail));
    }

    /** The backend takes more again. */
    void backendWritable() {
        client.resume();
    }

    /** The client takes more again. */
    void clientWritable() {
        backend.resume();
    }

    /** The relay took octets from one side. */
    void relayed(boolean fromClient, int octets, boolean quit) {
        deadline.touch();
        if (fromClient) {
            saidQuit = quit;
            record.received(octets);
        } else {
            record.sent(octets);
        }
    }

    /** Whether QUIT was the last that the client said in the relay. */
    boolean saidQuit() {
        return saidQuit;
    }

    /** One side of the relay has nothing more to say; the other one hears of it behind all that came before. */
    void relayEnded(boolean byClient) {
        if (byClient) {
            clientSilent = true;
            LingeringClose.shutdownOutput(backendChannel());
            deadline.idle(HALF_CLOSED);
        } else {
            Cause otherwise = clientSilent ? Cause.CLIENT_CLOSE : Cause.BACKEND_CLOSE;
            end(saidQuit ? Cause.QUIT : otherwise);
        }
    }

    /** One side's connection broke: the other must not take what it has for the whole. */
    void relayBroken(boolean byClient, Throwable cause) {
        if (Breakage.isOwnFault(cause)) {
            fault(cause);
            return;
        }
        record.refused(byClient ? Refusal.CLIENT_LOST : Refusal.BACKEND_LOST, TlsFailure.reason(cause));
        end(byClient ? Cause.CLIENT_RESET : Cause.BACKEND_RESET);
    }

    /** Something is wrong with the proxy itself: that is nobody else's doing, and must not go unseen. */
    void fault(Throwable cause) {
        LOG.error("session {}: fault in phase {}", record.id(), phase.label(), cause);
        terms.telemetry().internalError();
        record.refused(Refusal.INTERNAL, cause.getClass().getName());
        end(Cause.INTERNAL);
    }

    /** The client's next words are due after all its content has gone. */
    void awaitFinalDot() {
        deadline.total(terms.listener().patience().finalDot());
    }

    private void count() {
        if (!counted) {
            counted = true;
            terms.telemetry().counted(record);
        }
    }

    /** Ends the session; only the first cause counts. */
    void end(Cause cause) {
        if (ended) {
            return;
        }
        ended = true;
        try {
            deadline.cancel();
            guard.rest();
            if (record.peer().family() == Family.IPV6
                    && (cause == Cause.STALLED || (cause == Cause.TIMEOUT && phase == Phase.TLS))) {
                terms.ipv6().failed(record);
            }
            count();
            backend.close();
            terms.telemetry().finished(record, cause, admitted, now());
            if (admitted) {
                terms.gate().leave(record.peer().address());
            }
        } finally {
            part(cause);
        }
    }

    private void part(Cause cause) {
        boolean reset = switch (cause) {
            case CLIENT_RESET, BACKEND_RESET, NETWORK_REFUSED, STALLED -> true;
            default -> false;
        };
        if (!reset && (client.canBeTold() || cause == Cause.QUIT)) {
            LingeringClose.close(channel);
        } else if (!reset && phase == Phase.RELAY) {
            // The byte pipe may have ended in the middle of a message.
            LingeringClose.truncate(channel);
        } else if (cause == Cause.CLIENT_CLOSE || cause == Cause.TLS_FAILED) {
            channel.close();
        } else {
            // Before the greeting there are no last words that a reset could take away, and on a broken path nothing but
            // a reset tells the client at once.
            LingeringClose.reset(channel);
        }
    }
}
