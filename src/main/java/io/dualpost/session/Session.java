package io.dualpost.session;

import io.dualpost.address.Host;
import io.dualpost.address.Peer;
import io.dualpost.mail.Action;
import io.dualpost.mail.Cause;
import io.dualpost.mail.Credentials;
import io.dualpost.mail.Event;
import io.dualpost.mail.FrontTerms;
import io.dualpost.mail.HeloName;
import io.dualpost.mail.Line;
import io.dualpost.mail.Pop3Front;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.Refusal;
import io.dualpost.mail.SubmissionFront;
import io.dualpost.mail.TlsMode;
import io.dualpost.telemetry.Phase;
import io.dualpost.telemetry.SessionRecord;
import io.dualpost.tls.ClientHello;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * One client connection from accept to its record: owns the phase and the only timer, and is the only one who may end it.
 * Everything here happens on the client channel's event loop. What is said is decided by the front dialogue, what happens
 * at a backend by {@link BackendSide}.
 */
final class Session implements Side {
    /** How long a backend may still talk to a client that has said all it wants. */
    private static final Duration HALF_CLOSED = Duration.ofSeconds(60);

    private final Terms terms;
    private final Channel client;
    private final SessionRecord record;
    private final Deadline deadline;
    private final BackendSide backend;
    private Optional<DialogueHandler> front = Optional.empty();
    private boolean admitted;
    private boolean counted;
    private boolean ended;
    private boolean saidQuit;

    Session(Terms terms, Channel client) {
        this.terms = terms;
        this.client = client;
        this.record = terms.telemetry().begin(terms.meters(), Peer.direct((InetSocketAddress) client.remoteAddress(),
                (InetSocketAddress) client.localAddress()), now());
        this.deadline = new Deadline(client.eventLoop(), this::expired);
        this.backend = new BackendSide(this, terms.backends(), terms.service().dual().name());
        client.closeFuture().addListener(_ -> end(Cause.CLIENT_CLOSE));
    }

    /** Begins, with the PROXY header where the other end is one that must send it. */
    void start() {
        Peer socket = record.peer();
        if (terms.listener().proxySenders().stream().noneMatch(sender -> sender.contains(socket.address()))) {
            arrive(socket);
            return;
        }
        advance(Phase.PROXY_HEADER);
        ProxyHeader.await(client, socket, this::arrive, detail -> {
            record.refused(Refusal.BAD_OCTETS, detail);
            end(Cause.PROTOCOL_ERROR);
        });
    }

    /** Does it on the session's own event loop; any thread may ask. */
    void later(Runnable task) {
        client.eventLoop().execute(task);
    }

    /** The proxy is stopping: the session ends as soon as its protocol allows. */
    void drain() {
        if (front.isPresent() && record.phase() != Phase.TLS) {
            front.get().on(new Event.Troubled(Refusal.DRAINING, ""));
        } else if (record.phase() != Phase.RELAY) {
            end(Cause.SHUTDOWN);
        }
    }

    /** The proxy's patience is at its end: the session ends now. */
    void kill() {
        end(Cause.SHUTDOWN);
    }

    SessionRecord record() {
        return record;
    }

    Channel client() {
        return client;
    }

    long now() {
        return client.eventLoop().ticker().nanoTime();
    }

    void touch() {
        deadline.touch();
    }

    /** A phase begins, with its own patience. */
    void advance(Phase phase) {
        record.advanced(phase, now());
        Patience patience = terms.listener().patience();
        switch (phase) {
            case PROXY_HEADER -> deadline.total(patience.proxyHeader());
            case TLS -> deadline.total(patience.tls());
            case GREETING -> deadline.total(patience.greeting());
            case AUTH -> deadline.total(patience.auth());
            case CONNECT -> deadline.total(patience.connect());
            case LOGIN -> deadline.total(patience.login());
            case RELAY -> deadline.idle(patience.idle());
            case ACCEPTED, CLOSED -> deadline.cancel();
        }
    }

    private void arrive(Peer peer) {
        record.claimed(peer);
        record.meant(terms.service().roleOf(peer.destination().getAddress(), Optional.empty()), Optional.empty());
        Optional<Refusal> refusal = terms.gate().enter(peer.address());
        admitted = refusal.isEmpty();
        if (admitted) {
            terms.telemetry().arrived(record);
        } else {
            record.refused(refusal.get(), "");
        }
        if (terms.listener().tls() == TlsMode.STARTTLS) {
            greet(refusal.<Event>map(reason -> new Event.Troubled(reason, ""))
                    .orElseGet(() -> new Event.Opened(false, hostName())));
        } else if (admitted) {
            secure(() -> greet(new Event.Opened(true, hostName())));
        } else {
            end(Cause.LIMIT);
        }
    }

    private void greet(Event first) {
        advance(Phase.GREETING);
        Listener listener = terms.listener();
        FrontTerms frontTerms = new FrontTerms(listener.tls() == TlsMode.STARTTLS, listener.plaintextLogin(),
                terms.backends().health().offer(terms.backends().pool()), listener.lineEndings());
        DialogueHandler handler = new DialogueHandler(client, this, listener.protocol() == Protocol.POP3
                ? Pop3Front.open(frontTerms)
                : SubmissionFront.open(frontTerms), listener.lineEndings(), true);
        front = Optional.of(handler);
        client.pipeline().addLast(handler);
        handler.on(first);
    }

    private void secure(Runnable done) {
        advance(Phase.TLS);
        TlsWatch.start(client, terms.tls().handler(hostName()), this::hello, () -> {
            SSLSession tls = client.pipeline().get(SslHandler.class).engine().getSession();
            record.secured(tls.getProtocol(), tls.getCipherSuite());
            done.run();
        }, cause -> {
            record.refused(Refusal.TLS_FAILED, String.valueOf(cause.getMessage()));
            end(Cause.TLS_FAILED);
        });
    }

    private void hello(ClientHello hello) {
        record.meant(terms.service().roleOf(record.peer().destination().getAddress(), hello.serverName()),
                hello.serverName());
        count();
    }

    /** The name of the host that the client meant, as far as that is known. */
    private String hostName() {
        return terms.service().hosts().stream().filter(host -> host.role() == record.role()).map(Host::name).findFirst()
                .orElse(terms.service().dual().name());
    }

    private void expired() {
        Phase phase = record.phase();
        terms.telemetry().timedOut(record, phase);
        if (phase == Phase.CONNECT || phase == Phase.LOGIN) {
            backend.expired();
            return;
        }
        record.refused(Refusal.TIMED_OUT, "");
        if (front.isPresent() && phase != Phase.TLS && !front.get().isStreaming()) {
            front.get().on(new Event.Troubled(Refusal.TIMED_OUT, ""));
        } else {
            end(Cause.TIMEOUT);
        }
    }

    @Override
    public void perform(Action action) {
        switch (action) {
            case Action.Seek(Credentials credentials, HeloName helo) -> {
                record.named(credentials);
                backend.seek(credentials, helo);
            }
            case Action.Pass(Line line) -> backend.say(line);
            case Action.Message(boolean accepted) -> record.message(accepted);
            case Action.Relay _ -> {
                Relay.Early early = front.orElseThrow().detach();
                front = Optional.empty();
                Relay.start(this, client, other(), early, backend.detach());
            }
            case Action.End(Cause cause) -> end(cause);
            case Action.Say _,Action.StartTls _,Action.Stream _,Action.Tell _ ->
                throw new IllegalStateException(action.getClass().getSimpleName() + " (expected: the handler's own)");
        }
    }

    /** A backend took the login. */
    void joined(Event event) {
        terms.telemetry().loggedIn(record);
        advance(Phase.RELAY);
        front.orElseThrow().on(event);
    }

    /** The login came to nothing. */
    void declined(Refusal refusal, String detail) {
        terms.telemetry().loginFailed(record, refusal, detail);
        advance(Phase.AUTH);
        front.orElseThrow().on(new Event.Declined(refusal));
    }

    /** The backend said a line in the watched relay. */
    void heardFromBackend(Event event) {
        if (!deadline.isIdle()) {
            deadline.idle(terms.listener().patience().idle());
        }
        front.orElseThrow().on(event);
    }

    /** The backend's connection is gone after login. */
    void backendLost(String detail) {
        record.refused(Refusal.BACKEND_LOST, detail);
        front.orElseThrow().on(new Event.Troubled(Refusal.BACKEND_LOST, detail));
    }

    /** The backend takes content again. */
    void resume() {
        front.ifPresent(DialogueHandler::resume);
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

    /** One side of the relay has nothing more to say; the other one hears of it behind all that came before. */
    void relayEnded(boolean byClient) {
        if (byClient) {
            LingeringClose.shutdownOutput(other());
            deadline.total(HALF_CLOSED);
        } else {
            end(saidQuit ? Cause.QUIT : Cause.BACKEND_CLOSE);
        }
    }

    /** One side's connection broke: the other must not take what it has for the whole. */
    void relayBroken(boolean byClient, Throwable cause) {
        record.refused(byClient ? Refusal.CLIENT_LOST : Refusal.BACKEND_LOST, String.valueOf(cause.getMessage()));
        end(byClient ? Cause.CLIENT_RESET : Cause.BACKEND_RESET);
    }

    @Override
    public void heard() {
        if (record.phase() == Phase.GREETING) {
            advance(Phase.AUTH);
        }
    }

    @Override
    public void startTls() {
        secure(() -> {
            advance(Phase.AUTH);
            front.orElseThrow().on(new Event.Secured(hostName()));
        });
    }

    @Override
    public void injected() {
        record.refused(Refusal.BAD_OCTETS, "words between STARTTLS and the handshake");
        end(Cause.INJECTION);
    }

    @Override
    public Channel other() {
        return backend.channel().orElse(client);
    }

    @Override
    public void streamed() {
        // A refused chunk before the login leads to no answer of a backend.
        if (record.phase() == Phase.RELAY) {
            deadline.total(terms.listener().patience().finalDot());
        }
    }

    @Override
    public void moved(long received, long sent) {
        deadline.touch();
        record.received(received);
        record.sent(sent);
    }

    @Override
    public void writable() {
        // A backend's answers are short and few: nothing waits for this.
    }

    @Override
    public void closed() {
        end(Cause.CLIENT_CLOSE);
    }

    @Override
    public void broken(Throwable cause) {
        record.refused(Refusal.CLIENT_LOST, String.valueOf(cause.getMessage()));
        end(Cause.CLIENT_RESET);
    }

    private void count() {
        if (!counted) {
            counted = true;
            terms.telemetry().counted(record);
        }
    }

    private void end(Cause cause) {
        if (ended) {
            return;
        }
        ended = true;
        deadline.cancel();
        count();
        backend.close();
        terms.telemetry().finished(record, cause, admitted, now());
        if (admitted) {
            terms.gate().leave(record.peer().address());
        }
        // Before the greeting there are no last words that a reset could take away, and on a broken path nothing but a
        // reset tells the client at once.
        boolean speechless = (front.isEmpty() && record.phase() != Phase.RELAY) || record.phase() == Phase.TLS;
        switch (cause) {
            case CLIENT_CLOSE, TLS_FAILED -> client.close();
            case CLIENT_RESET, BACKEND_RESET -> LingeringClose.reset(client);
            default -> {
                if (speechless) {
                    LingeringClose.reset(client);
                } else if (front.isEmpty() && cause != Cause.QUIT) {
                    // The byte pipe may have ended in the middle of a message.
                    LingeringClose.truncate(client);
                } else {
                    LingeringClose.close(client);
                }
            }
        }
    }
}
