package io.dualpost.probe;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
    /** Asks DNS, then goes to every address. */
    public Report run() throws InterruptedException {
        return run(Lookup.of(target, patience));
    }

    /** Goes to these addresses, whatever DNS says. */
    Report run(Lookup lookup) throws InterruptedException {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon()
                .name("probe-clock").factory());
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Attempt> attempts = lookup.addresses().stream()
                    .map(address -> new Attempt(target, address, trust, patience, clock)).toList();
            List<Timeline> timelines = clients.invokeAll(attempts).stream().map(Future::resultNow).toList();
            return new Report(target, rescue, Instant.now(), lookup, timelines);
        } finally {
            clock.shutdownNow();
        }
    }
}
