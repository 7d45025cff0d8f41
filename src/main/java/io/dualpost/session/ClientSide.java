package io.dualpost.session;

import io.dualpost.address.Peer;
import io.dualpost.address.Prefix;
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
import io.dualpost.mail.Verdict;
import io.dualpost.telemetry.HandshakeFailure;
import io.dualpost.telemetry.Phase;
import io.dualpost.telemetry.StartTlsOutcome;
import io.dualpost.tls.TlsEngine;
import io.dualpost.tls.TlsFailure;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.Optional;

/**
 * A session's client: PROXY header, gate, TLS and the front dialogue, whose wishes beyond its own channel go to the session.
 * Lives on the session's event loop.
 */
final class ClientSide implements Side {
    private final Session session;
    private final Terms terms;
    private final Channel channel;
    private Optional<DialogueHandler> front = Optional.empty();

    ClientSide(Session session, Terms terms, Channel channel) {
        this.session = session;
        this.terms = terms;
        this.channel = channel;
    }

    /** Begins, with the PROXY header where the other end is one that must send it. */
    void start() {
        Peer socket = session.record().peer();
        List<Prefix> senders = terms.listener().proxySenders();
        if (senders.isEmpty() || senders.stream().noneMatch(sender -> sender.contains(socket.address()))) {
            arrive(socket);
            return;
        }
        session.advance(Phase.PROXY_HEADER);
        ProxyHeader.await(channel, socket, this::arrive, detail -> {
            session.record().refused(Refusal.BAD_OCTETS, detail);
            session.end(Cause.PROTOCOL_ERROR);
        });
    }

    /** Something happened that the front dialogue must know. */
    void on(Event event) {
        front.orElseThrow().on(event);
    }

    /** Whether words can reach the client: after the greeting, before the POP3 relay, and not during a handshake. */
    boolean canBeTold() {
        return front.isPresent() && session.phase() != Phase.TLS;
    }

    /** Whether message content is on its way: a moment at which no words can be said. */
    boolean isStreaming() {
        return front.isPresent() && front.get().isStreaming();
    }

    /** The backend takes content again. */
    void resume() {
        front.ifPresent(DialogueHandler::resume);
    }

    private void arrive(Peer peer) {
        Optional<Refusal> refusal = session.enter(peer);
        if (refusal.filter(Refusal.NETWORK_REFUSED::equals).isPresent()) {
            session.end(Cause.NETWORK_REFUSED);
        } else if (terms.listener().tls() == TlsMode.STARTTLS) {
            greet(refusal.<Event>map(reason -> new Event.Troubled(reason, ""))
                    .orElseGet(() -> new Event.Opened(false, hostName())));
        } else if (refusal.isEmpty()) {
            secure(() -> greet(new Event.Opened(true, hostName())));
        } else {
            session.end(Cause.LIMIT);
        }
    }

    private void greet(Event first) {
        session.advance(Phase.GREETING);
        Listener listener = terms.listener();
        FrontTerms frontTerms = new FrontTerms(listener.tls() == TlsMode.STARTTLS, listener.plaintextLogin(),
                terms.backends().health().offer(terms.backends().pool()), terms.backends().pool().offer(),
                listener.lineEndings());
        DialogueHandler handler = new DialogueHandler(channel, this, listener.protocol() == Protocol.POP3
                ? Pop3Front.open(frontTerms)
                : SubmissionFront.open(frontTerms), listener.lineEndings(), true);
        front = Optional.of(handler);
        channel.pipeline().addLast(handler);
        handler.on(first);
        terms.telemetry().greeted(session.record(), session.now());
    }

    private void secure(Runnable done) {
        session.advance(Phase.TLS);
        long began = session.now();
        TlsWatch.start(channel, terms.tls().handler(hostName()), hello -> session.meant(hello.serverName()), () -> {
            terms.telemetry().secured(session.record(),
                    TlsEngine.secured(channel.pipeline().get(SslHandler.class).engine()), began, session.now());
            done.run();
        }, cause -> {
            if (Breakage.isOwnFault(cause)) {
                session.fault(cause);
                return;
            }
            HandshakeFailure kind = TlsFailure.kind(cause);
            terms.telemetry().notSecured(session.record(), kind, TlsFailure.reason(cause));
            // A client that is gone is lost like any other; what it was told by TLS is another matter.
            session.end(switch (kind) {
                case RESET -> Cause.CLIENT_RESET;
                case CLOSED -> Cause.CLIENT_CLOSE;
                default -> Cause.TLS_FAILED;
            });
        });
    }

    /** The name of the host that the client meant, as far as that is known. */
    private String hostName() {
        return terms.service().nameOf(session.record().role());
    }

    @Override
    public void perform(Action action) {
        switch (action) {
            case Action.Seek(Credentials credentials, HeloName helo) -> session.seek(credentials, helo);
            case Action.Pass(Line line) -> session.pass(line);
            case Action.Message(Verdict verdict) -> session.record().message(verdict);
            case Action.Relay _ -> {
                Relay.Early early = front.orElseThrow().detach();
                front = Optional.empty();
                session.relay(early);
            }
            case Action.End(Cause cause) -> session.end(cause);
            case Action.Say _,Action.Refuse _,Action.StartTls _,Action.Stream _,Action.Tell _ ->
                throw new IllegalStateException(action.getClass().getSimpleName() + " (expected: the handler's own)");
        }
    }

    @Override
    public void heard() {
        if (session.phase() == Phase.GREETING) {
            session.advance(Phase.AUTH);
        }
    }

    @Override
    public void refused(Refusal refusal) {
        session.record().said(refusal);
    }

    @Override
    public void startTls() {
        session.record().startTls(StartTlsOutcome.ACCEPTED);
        secure(() -> {
            session.advance(Phase.AUTH);
            on(new Event.Secured(hostName()));
        });
    }

    @Override
    public void injected() {
        session.record().startTls(StartTlsOutcome.INJECTED);
        session.record().refused(Refusal.BAD_OCTETS, "words between STARTTLS and the handshake");
        session.end(Cause.INJECTION);
    }

    @Override
    public Channel other() {
        return session.backendChannel();
    }

    @Override
    public void content(int octets) {
        session.record().content(octets);
    }

    @Override
    public void streamed() {
        // A refused chunk before the login leads to no answer of a backend.
        if (session.phase() == Phase.RELAY) {
            session.awaitFinalDot();
        }
    }

    @Override
    public void moved(long received, long sent) {
        session.touch();
        session.record().received(received);
        session.record().sent(sent);
    }

    @Override
    public void writable() {
        session.clientWritable();
    }

    @Override
    public void closed() {
        session.end(Cause.CLIENT_CLOSE);
    }

    @Override
    public void broken(Throwable cause) {
        if (Breakage.isOwnFault(cause)) {
            session.fault(cause);
            return;
        }
        session.record().refused(Refusal.CLIENT_LOST, TlsFailure.reason(cause));
        session.end(Cause.CLIENT_RESET);
    }
}
