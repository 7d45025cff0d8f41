package io.dualpost.session;

import io.dualpost.address.Family;
import io.dualpost.mail.Action;
import io.dualpost.mail.BackTerms;
import io.dualpost.mail.Event;
import io.dualpost.mail.Identity;
import io.dualpost.mail.Line;
import io.dualpost.mail.LineEndings;
import io.dualpost.mail.Pop3Back;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.Refusal;
import io.dualpost.mail.SubmissionBack;
import io.dualpost.mail.TlsMode;
import io.dualpost.route.Backend;
import io.dualpost.telemetry.BackendMeters;
import io.dualpost.telemetry.ConnectResult;
import io.dualpost.tls.BackendTls;
import io.dualpost.tls.TlsFailure;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * One try at one backend: dial, PROXY header, TLS, and the back dialogue, whose tidings go to the owner. Lives on the
 * owner's event loop.
 */
final class BackendConnection implements Side {
    /** Who wants the backend: a session, or a probe. */
    interface Owner {
        /** A TCP connection is there. */
        void reached(Backend backend, InetSocketAddress address);

        /** The backend has greeted, and TLS is on where the pool wants it. */
        void greeted();

        /** What the back dialogue tells, and what happens to the connection. */
        void told(Event event);

        /** The backend takes content again. */
        void backendWritable();

        /** Octets came from the backend. */
        void touched();

        /** The proxy itself is at fault. */
        void fault(Throwable cause);

        /** The channel of the other side. */
        Channel client();
    }

    private final Backends backends;
    private final Backend backend;
    private final String name;
    private final Owner owner;
    private final BackendTry attempt;
    private final EventLoop loop;
    private Optional<Channel> channel = Optional.empty();
    private Optional<DialogueHandler> dialogue = Optional.empty();
    private boolean heard;
    private boolean over;

    /**
     * @param name   what the proxy calls itself
     * @param meters take what comes of it, unless it is a probe
     * @param loop   carries the connection
     */
    BackendConnection(Backends backends, Backend backend, String name, Owner owner, Optional<BackendMeters> meters,
            EventLoop loop) {
        this.backends = backends;
        this.backend = backend;
        this.name = name;
        this.owner = owner;
        this.attempt = new BackendTry(backends, backend, meters, loop);
        this.loop = loop;
    }

    /** Which backend this is. */
    Backend backend() {
        return backend;
    }

    /**
     * Dials.
     *
     * @param terms    for the back dialogue; not kept, as they hold the password
     * @param only     the one family to go by, if not whichever works
     * @param patience to get a TCP connection
     */
    void open(BackTerms terms, Optional<Family> only, Duration patience) {
        backends.dialer().dial(loop, backend.endpoint(), only, patience, attempt)
                .addListener((Future<Channel> done) -> {
                    if (!done.isSuccess()) {
                        tell(ConnectResult.OTHER, Refusal.BACKEND_UNAVAILABLE,
                                String.valueOf(done.cause().getMessage()));
                    } else if (over) {
                        done.getNow().close();
                    } else {
                        connected(done.getNow(), terms);
                    }
                });
    }

    /** Says a line to the backend, unflushed. */
    void say(Line line) {
        channel.orElseThrow().write(Unpooled.copiedBuffer(line.octets() + "\r\n", StandardCharsets.ISO_8859_1),
                channel.orElseThrow().voidPromise());
    }

    /** The channel, once the backend was reached. */
    Optional<Channel> channel() {
        return channel;
    }

    /** The other side takes more again. */
    void resume() {
        dialogue.ifPresent(DialogueHandler::resume);
    }

    /** Takes the back dialogue off the channel; gives up what the backend said beyond it. */
    Relay.Early detach() {
        Relay.Early early = dialogue.orElseThrow().detach();
        dialogue = Optional.empty();
        return early;
    }

    /** The family of the address that was last tried, if it came to that. */
    Optional<Family> family() {
        return attempt.family();
    }

    /**
     * Closes the connection; nothing more is told.
     *
     * @param meanwhile what it counts as, where there was no greeting yet
     */
    void close(ConnectResult meanwhile) {
        over = true;
        attempt.over(meanwhile);
        channel.ifPresent(Channel::close);
    }

    private void connected(Channel connected, BackTerms terms) {
        channel = Optional.of(connected);
        attempt.connected(connected);
        owner.reached(backend, (InetSocketAddress) connected.remoteAddress());
        ProxyHeader.write(connected, terms.forwarding(), terms.identity().map(Identity::peer));
        if (terms.tls() == TlsMode.IMPLICIT) {
            secure(() -> opened(true, terms));
        } else {
            opened(false, terms);
        }
    }

    private void opened(boolean secure, BackTerms terms) {
        DialogueHandler handler = new DialogueHandler(channel.orElseThrow(), this,
                backends.pool().protocol() == Protocol.POP3
                        ? Pop3Back.open(terms)
                        : SubmissionBack.open(terms),
                LineEndings.NORMALIZE, false);
        dialogue = Optional.of(handler);
        channel.orElseThrow().pipeline().addLast(handler);
        handler.on(new Event.Opened(secure, name));
    }

    private void secure(Runnable done) {
        BackendTls tls = backends.tls().orElseThrow();
        TlsWatch.start(channel.orElseThrow(), tls.handler(channel.orElseThrow().alloc(), backend), _ -> {
        }, done,
                this::notSecured);
    }

    private void notSecured(Throwable cause) {
        if (Breakage.isOwnFault(cause)) {
            owner.fault(cause);
        } else {
            tell(ConnectResult.TLS_FAILED, Refusal.BACKEND_FAULT, "TLS: " + TlsFailure.reason(cause));
        }
    }

    private void tell(ConnectResult meanwhile, Refusal refusal, String detail) {
        attempt.settle(meanwhile);
        if (!over) {
            owner.told(new Event.Troubled(refusal, backend.name() + ": " + detail));
        }
    }

    @Override
    public void heard() {
        heard = true;
        if (backends.pool().tls() != TlsMode.STARTTLS) {
            greeted();
        }
    }

    private void greeted() {
        if (!over) {
            owner.greeted();
        }
    }

    @Override
    public void startTls() {
        secure(() -> {
            attempt.settle(ConnectResult.OK);
            greeted();
            dialogue.orElseThrow().on(new Event.Secured(name));
        });
    }

    @Override
    public void injected() {
        tell(ConnectResult.GREETING_REFUSED, Refusal.BACKEND_FAULT,
                "said something between its answer to STARTTLS and the handshake");
    }

    @Override
    public void perform(Action action) {
        switch (action) {
            case Action.Tell(Event.Troubled(Refusal refusal, String detail)) ->
                tell(ConnectResult.GREETING_REFUSED, refusal, detail);
            case Action.Tell(Event.Postponed(Refusal refusal, String detail)) when !over ->
                owner.told(new Event.Postponed(refusal, backend.name() + ": " + detail));
            case Action.Tell(Event event) when !over -> owner.told(event);
            default -> {
                // A back dialogue asks for nothing else, and after the end for nothing at all.
            }
        }
    }

    @Override
    public Channel other() {
        return owner.client();
    }

    @Override
    public void streamed() {
        throw new IllegalStateException("content from a backend (expected: from clients only)");
    }

    @Override
    public void refused(Refusal refusal) {
        throw new IllegalStateException("refusal to a backend (expected: to clients only)");
    }

    @Override
    public void content(int octets) {
        throw new IllegalStateException("content from a backend (expected: from clients only)");
    }

    @Override
    public void moved(long received, long sent) {
        // A greeting that the dialogue goes on from was a good one; with STARTTLS it is whole only after the handshake.
        if (sent > 0 && heard && backends.pool().tls() != TlsMode.STARTTLS) {
            attempt.settle(ConnectResult.OK);
        }
        owner.touched();
    }

    @Override
    public void writable() {
        owner.backendWritable();
    }

    @Override
    public void closed() {
        tell(ConnectResult.CLOSED, Refusal.BACKEND_UNAVAILABLE, "closed the connection");
    }

    @Override
    public void broken(Throwable cause) {
        if (Breakage.isOwnFault(cause)) {
            owner.fault(cause);
        } else {
            tell(ConnectResult.CLOSED, Refusal.BACKEND_UNAVAILABLE, "connection broke: " + TlsFailure.reason(cause));
        }
    }
}
