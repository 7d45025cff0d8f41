package io.dualpost.probe;

import io.dualpost.address.Addresses;
import io.dualpost.address.Endpoint;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A client at every address of a target at the same time.
 *
 * @param target   what is probed
 * @param rescue   whether it is to be an IPv4-only host
 * @param trust    whose word is taken for certificates
 * @param patience for DNS, and once more for everything at the addresses
 */
public record Probe(Target target, boolean rescue, Trust trust, Duration patience) {
    private static final int REHEARSAL_MILLIS = 500;

    /** Asks DNS, then goes to every address. */
    public Report run() throws InterruptedException {
        return run(Lookup.of(target, patience));
    }

    /** Goes to these addresses, whatever DNS says. */
    Report run(Lookup lookup) throws InterruptedException {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon()
                .name("probe-clock").factory());
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            rehearse(clients, clock);
            List<Attempt> attempts = lookup.addresses().stream()
                    .map(address -> new Attempt(target, address, trust, patience, clock)).toList();
            List<Timeline> timelines = clients.invokeAll(attempts).stream().map(Future::resultNow).toList();
            return new Report(target, rescue, Instant.now(), lookup, timelines);
        } finally {
            clock.shutdownNow();
        }
    }

    /** The first conversation of a program takes far longer than the next; that is not to look like the server's doing. */
    private void rehearse(ExecutorService clients, ScheduledExecutorService clock) throws InterruptedException {
        try (ServerSocket stage = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            stage.setSoTimeout(REHEARSAL_MILLIS);
            Endpoint here = new Endpoint(Addresses.text(stage.getInetAddress()), stage.getLocalPort());
            clients.invokeAll(List.<Callable<Timeline>>of(() -> prompt(stage),
                    new Attempt(new Target(here, target.protocol(), TlsMode.NONE),
                            stage.getInetAddress(), trust, Duration.ofMillis(REHEARSAL_MILLIS), clock)));
        } catch (IOException _) {
            // No loopback to rehearse on: the times will be a little longer than they need be.
        }
    }

    private Timeline prompt(ServerSocket stage) throws IOException {
        try (Socket prompter = stage.accept()) {
            prompter.getOutputStream().write((target.protocol() == Protocol.POP3 ? "+OK\r\n" : "220 \r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            throw new EOFException("the rehearsal ends here");
        }
    }
}
