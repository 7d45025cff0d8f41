package io.dualpost.probe;

import io.dualpost.mail.Offer;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;

/** One client at one address. It blocks, and ends when its patience does, whatever the server does. */
final class Attempt implements Callable<Timeline> {
    private static final int LEAVE_MILLIS = 2_000;

    private final Target target;
    private final InetAddress address;
    private final Trust trust;
    private final Duration patience;
    private final ScheduledExecutorService clock;
    private final Handshake handshake;

    private final List<Timeline.Step> steps = new ArrayList<>();
    private Stage awaited = Stage.CONNECT;
    private Optional<TlsFacts> tls = Optional.empty();
    private Optional<String> greeting = Optional.empty();
    private List<String> capabilities = List.of();
    private long begun;

    /** On the clock runs nothing but the end of patience. */
    Attempt(Target target, InetAddress address, Trust trust, Duration patience, ScheduledExecutorService clock) {
        this.target = target;
        this.address = address;
        this.trust = trust;
        this.patience = patience;
        this.clock = clock;
        handshake = new Handshake(target);
    }

    @Override
    public Timeline call() throws IOException {
        if (target.tls() != TlsMode.NONE) {
            handshake.prepare();
        }
        try (Socket socket = new Socket()) {
            begun = System.nanoTime();
            // A read time-out alone would begin anew with each octet that trickles in.
            Future<?> end = clock.schedule(() -> cut(socket), patience.toNanos(), TimeUnit.NANOSECONDS);
            try {
                socket.connect(new InetSocketAddress(address, target.endpoint().port()),
                        Math.toIntExact(patience.toMillis()));
                passed();
                converse(socket);
                return timeline(Optional.empty());
            } catch (IOException e) {
                Duration at = elapsed();
                return timeline(Optional.of(Fault.of(awaited, at, e, at.compareTo(patience) >= 0, routed())));
            } finally {
                end.cancel(false);
            }
        }
    }

    private void converse(Socket socket) throws IOException {
        if (target.tls() == TlsMode.IMPLICIT) {
            SSLSocket secured = secure(socket);
            Talk talk = talk(secured);
            greet(talk);
            capabilities(talk);
            leave(secured, talk);
            return;
        }
        Lines lines = new Lines(socket);
        Talk talk = talk(lines, socket);
        greet(talk);
        Optional<List<String>> offered = capabilities(talk);
        if (target.tls() == TlsMode.NONE) {
            leave(socket, talk);
            return;
        }
        requestTls(talk, offered, lines);
        SSLSocket secured = secure(socket);
        Talk inside = talk(secured);
        capabilities(inside);
        leave(secured, inside);
    }

    private SSLSocket secure(Socket socket) throws IOException {
        awaited = Stage.TLS;
        SSLSocket secured = handshake.on(socket);
        passed();
        tls = Optional.of(handshake.facts(secured, trust));
        return secured;
    }

    private void greet(Talk talk) throws IOException {
        awaited = Stage.GREETING;
        greeting = Optional.of(Harmless.text(talk.greeting()));
        passed();
    }

    private Optional<List<String>> capabilities(Talk talk) throws IOException {
        awaited = Stage.CAPABILITIES;
        Optional<List<String>> offered = talk.capabilities();
        capabilities = offered.orElse(List.of()).stream().map(Harmless::text).toList();
        passed();
        return offered;
    }

    private void requestTls(Talk talk, Optional<List<String>> offered, Lines lines) throws IOException {
        awaited = Stage.STARTTLS;
        // A POP3 server without CAPA may still know STLS.
        if (offered.isPresent() && !Offer.of(offered.get()).has(talk.startTls())) {
            throw new Fault.Found(Fault.Kind.NO_STARTTLS, talk.startTls() + " is not offered");
        }
        talk.requestTls();
        passed();
        if (lines.holdsMore()) {
            throw new Fault.Found(Fault.Kind.PROTOCOL,
                    "octets between the answer to " + talk.startTls() + " and the handshake");
        }
    }

    /** By now all is known: what goes wrong here is nobody's trouble. */
    private static void leave(Socket socket, Talk talk) {
        try {
            socket.setSoTimeout(LEAVE_MILLIS);
            talk.quit();
        } catch (IOException _) {
            // Gone already, or too slow to wait for.
        }
    }

    private Talk talk(Socket socket) throws IOException {
        return talk(new Lines(socket), socket);
    }

    private Talk talk(Lines lines, Socket socket) {
        return target.protocol() == Protocol.POP3 ? new Talk.Pop3(lines) : Talk.Submission.on(lines, socket);
    }

    /** Whether this machine has a route at all; connecting a datagram socket sends nothing. */
    private boolean routed() {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(address, target.endpoint().port()));
            return true;
        } catch (IOException | java.io.UncheckedIOException _) {
            return false;
        }
    }

    private static boolean cut(Socket socket) throws IOException {
        socket.close();
        return true;
    }

    private void passed() {
        steps.add(new Timeline.Step(awaited, elapsed()));
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private Timeline timeline(Optional<Fault> fault) {
        return new Timeline(address, steps, fault, tls, greeting, capabilities);
    }
}
