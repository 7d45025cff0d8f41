package io.dualpost.session;

import io.dualpost.mail.BackTerms;
import io.dualpost.mail.Credentials;
import io.dualpost.mail.Event;
import io.dualpost.mail.HeloName;
import io.dualpost.mail.Identity;
import io.dualpost.mail.Line;
import io.dualpost.mail.Refusal;
import io.dualpost.route.Backend;
import io.dualpost.telemetry.ConnectResult;
import io.dualpost.telemetry.Phase;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * A session's other side: tries the pool's backends one after the other until one takes the login, and carries tidings
 * between that backend and the front dialogue. Lives on the session's event loop.
 */
final class BackendSide implements BackendConnection.Owner {
    private final Session session;
    private final Backends backends;
    private final String name;
    private Optional<Login> login = Optional.empty();
    private Optional<BackendConnection> connection = Optional.empty();

    /** A login under way: what the client gave, and the backends that are still to be tried. */
    private record Login(Credentials credentials, Identity identity, Queue<Backend> left) {
        @Override
        public String toString() {
            return "Login[***]";
        }
    }

    /**
     * @param name what the proxy calls itself
     */
    BackendSide(Session session, Backends backends, String name) {
        this.session = session;
        this.backends = backends;
        this.name = name;
    }

    /** Seeks a backend that takes these credentials; ends in Joined or Declined for the front dialogue. */
    void seek(Credentials credentials, HeloName helo) {
        Identity identity = new Identity(session.record().peer(), session.record().id(), helo);
        login = Optional.of(new Login(credentials, identity,
                new ArrayDeque<>(backends.health().order(backends.pool(), session.now()))));
        next();
    }

    /** Says a line to the backend, unflushed. */
    void say(Line line) {
        connection.orElseThrow().say(line);
    }

    /** The backend's channel, once one was reached. */
    Optional<Channel> channel() {
        return connection.flatMap(BackendConnection::channel);
    }

    /** The client takes more again. */
    void resume() {
        connection.ifPresent(BackendConnection::resume);
    }

    /** Takes the back dialogue off its channel. */
    Relay.Early detach() {
        return connection.orElseThrow().detach();
    }

    /** Closes what is open; nothing more is told. */
    void close() {
        close(ConnectResult.CANCELLED);
    }

    private void close(ConnectResult meanwhile) {
        connection.ifPresent(open -> open.close(meanwhile));
    }

    /** The phase ran out of patience while a backend was asked. */
    void expired() {
        if (session.phase() == Phase.CONNECT) {
            close(ConnectResult.TIMEOUT);
            unavailable(Refusal.BACKEND_UNAVAILABLE, "no greeting in time", true);
        } else {
            // The backend may be at work with this password; to try it elsewhere as well would be a second login.
            unavailable(Refusal.BACKEND_UNAVAILABLE, "no answer to the login in time", false);
        }
    }

    private void next() {
        Login now = login.orElseThrow();
        session.advance(Phase.CONNECT);
        Backend backend = now.left.remove();
        BackTerms terms = new BackTerms(backends.pool().tls(), backends.pool().identity(), Optional.of(now.identity),
                Optional.of(now.credentials), backends.health().known(backend));
        BackendConnection opened = new BackendConnection(backends, backend, name, this,
                Optional.of(backends.meters(backend)), session.clientChannel().eventLoop());
        connection = Optional.of(opened);
        opened.open(terms, Optional.empty(), session.connectPatience());
    }

    @Override
    public void reached(Backend backend, InetSocketAddress address) {
        session.record().reachedBackend(backend.name(), address);
    }

    @Override
    public void greeted() {
        if (session.phase() == Phase.CONNECT) {
            session.advance(Phase.LOGIN);
        }
    }

    @Override
    public void told(Event event) {
        switch (event) {
            case Event.Heard _ -> session.heardFromBackend(event);
            case Event.Joined _ -> {
                BackendConnection joined = connection.orElseThrow();
                backends.served(joined.backend(), joined.family().orElseThrow());
                login = Optional.empty();
                session.joined(event);
            }
            case Event.Declined(Refusal refusal) -> decline(refusal, "");
            case Event.Postponed(Refusal refusal, String detail) -> elsewhere(refusal, detail, true);
            case Event.Troubled(Refusal refusal, String detail) -> {
                if (session.phase() == Phase.RELAY) {
                    session.backendLost(detail);
                } else {
                    unavailable(refusal, detail, true);
                }
            }
            default -> throw new IllegalStateException(event.getClass().getSimpleName() + " from a backend");
        }
    }

    private void unavailable(Refusal refusal, String detail, boolean tryOthers) {
        BackendConnection failed = connection.orElseThrow();
        backends.failed(failed.backend(), failed.family(), session.now(), detail);
        elsewhere(refusal, detail, tryOthers);
    }

    private void elsewhere(Refusal refusal, String detail, boolean tryOthers) {
        close();
        if (tryOthers && !login.orElseThrow().left.isEmpty()) {
            next();
        } else {
            decline(refusal, detail);
        }
    }

    private void decline(Refusal refusal, String detail) {
        close();
        connection = Optional.empty();
        login = Optional.empty();
        session.declined(refusal, detail);
    }

    @Override
    public void fault(Throwable cause) {
        session.fault(cause);
    }

    @Override
    public void backendWritable() {
        session.backendWritable();
    }

    @Override
    public void touched() {
        session.touch();
    }

    @Override
    public Channel client() {
        return session.clientChannel();
    }
}
