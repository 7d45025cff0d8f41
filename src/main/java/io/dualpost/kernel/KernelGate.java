package io.dualpost.kernel;

import io.dualpost.address.Prefix;
import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxy's way to the kernel gate, on a thread of its own: nobody who calls this waits, whatever becomes of the gate.
 * After each connection the gate is told all that is wanted; between them, what changes.
 */
public final class KernelGate implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KernelGate.class);
    private static final int QUEUE = 1024;
    private static final int BATCH = 256;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;
    private static final long HITS_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** What is refused for as long as the gate allows, or for good, is told it again, twice in that time. */
    private static final long RENEW_NANOS = TimeUnit.SECONDS.toNanos(RefusedPrefix.LONGEST_SECONDS / 2);
    private static final Comparator<RefusedPrefix> LAST_TO_END_FIRST = (one, other) -> Integer
            .compare(other.seconds(), one.seconds());
    /** For nft to print a long list, which takes a second for 20,000 prefixes. */
    private static final Duration LIST_PATIENCE = Duration.ofSeconds(10);
    private static final long CLOSE_MILLIS = 3_000;

    private final Path socket;
    private final String ports;
    private final Supplier<Map<Prefix, Duration>> wanted;
    private final ArrayBlockingQueue<String> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Selector selector;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean resync;
    private volatile boolean connected;
    private volatile long hits;
    private volatile Map<Prefix, Long> hitsByPrefix = Map.of();
    /** These are the thread's alone. */
    private String lastFailure = "";
    private long lastHits;
    private long lastResync;
    private boolean renewing;

    private KernelGate(Path socket, SortedSet<Integer> ports, Supplier<Map<Prefix, Duration>> wanted)
            throws IOException {
        this.socket = socket;
        this.ports = ports.stream().map(String::valueOf).collect(Collectors.joining(" "));
        this.wanted = wanted;
        this.selector = Selector.open();
        this.thread = Thread.ofPlatform().daemon().name("kernel gate").unstarted(this::run);
    }

    /**
     * Begins to look for the gate; it may come and go at any time.
     *
     * @param ports  SYNs to these are refused, 1 to 64 of them
     * @param wanted all that is to be refused, and for how long from now; asked on the gate's thread after each connection.
     *               Whoever changes it does so before calling {@link #refuse} or {@link #release}
     */
    public static KernelGate open(Path socket, SortedSet<Integer> ports, Supplier<Map<Prefix, Duration>> wanted)
            throws IOException {
        if (ports.isEmpty() || ports.size() > Request.MOST_PORTS) {
            throw new IllegalArgumentException(
                    "ports: " + ports.size() + " (expected: 1 to " + Request.MOST_PORTS + ")");
        }
        KernelGate gate = new KernelGate(socket, new TreeSet<>(ports), wanted);
        gate.thread.start();
        return gate;
    }

    /**
     * SYNs from there get a reset from now on, or for a new time. What the gate would not take (see
     * {@link RefusedPrefix#fault}) is left out with a line in the log.
     */
    public void refuse(Prefix prefix, Duration time) {
        List<RefusedPrefix> taken = taken(Map.of(prefix, time));
        taken.forEach(each -> tell("add " + each));
    }

    /** SYNs from there reach the proxy again. */
    public void release(Prefix prefix) {
        if (RefusedPrefix.fault(prefix).isEmpty()) {
            tell("remove " + prefix);
        }
    }

    /** Whether the gate has been told everything and does it. */
    public boolean isConnected() {
        return connected;
    }

    /** SYNs that were refused since the gate's table was made, as it said last. */
    public long hits() {
        return hits;
    }

    /** Those of one prefix. */
    public long hits(Prefix prefix) {
        return hitsByPrefix.getOrDefault(prefix, 0L);
    }

    /** Says nothing more; what is refused stays so until its time is over. */
    @Override
    public void close() {
        closing.countDown();
        selector.wakeup();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(String request) {
        if (!queue.offer(request)) {
            resync = true;
        }
        selector.wakeup();
    }

    private void run() {
        long pause = FIRST_PAUSE_MILLIS;
        while (closing.getCount() > 0) {
            try (GateLink link = GateLink.open(socket, selector)) {
                int cap = greet(link);
                link.ask("ports " + ports + "\n", 1);
                tellAll(link, cap);
                pause = FIRST_PAUSE_MILLIS;
                connected = true;
                lastFailure = "";
                LOG.info("kernel gate: connected to {}", socket);
                serve(link, cap);
            } catch (IOException | RuntimeException e) {
                connected = false;
                failed(String.valueOf(e.getMessage()));
                pause = rest(pause);
            }
        }
        connected = false;
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("kernel gate: {}", e.getMessage());
        }
    }

    private static int greet(GateLink link) throws IOException {
        String[] words = link.ask("hello " + Request.VERSION + "\n", 1).getFirst().split(" ", -1);
        try {
            return Integer.parseInt(words[2]);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IOException("hello: " + String.join(" ", words) + " (expected: ok VERSION CAP)", e);
        }
    }

    private void serve(GateLink link, int cap) throws IOException {
        List<String> batch = new ArrayList<>(BATCH);
        while (closing.getCount() > 0) {
            long now = System.nanoTime();
            if (resync || (renewing && now - lastResync > RENEW_NANOS)) {
                tellAll(link, cap);
            } else if (queue.drainTo(batch, BATCH) > 0) {
                link.ask(String.join("\n", batch) + "\n", batch.size());
                batch.clear();
            } else if (now - lastHits >= HITS_NANOS) {
                askHits(link);
            } else {
                link.idle(TimeUnit.NANOSECONDS.toMillis(HITS_NANOS - (now - lastHits)));
            }
        }
    }

    /** What was queued before is in what is wanted now. */
    private void tellAll(GateLink link, int cap) throws IOException {
        resync = false;
        queue.clear();
        Map<Prefix, Duration> all = wanted.get();
        List<RefusedPrefix> taken = taken(all);
        renewing = taken.stream().anyMatch(each -> each.seconds() == RefusedPrefix.LONGEST_SECONDS);
        if (taken.size() > cap) {
            LOG.warn("kernel gate: {} prefixes (expected: at most {}); the last to end are refused", taken.size(), cap);
            taken = taken.stream().sorted(LAST_TO_END_FIRST).limit(cap).toList();
        }
        StringBuilder request = new StringBuilder("replace " + taken.size() + "\n");
        taken.forEach(each -> request.append(each).append('\n'));
        link.ask(request.toString(), 1);
        lastResync = System.nanoTime();
        askHits(link);
    }

    private void askHits(GateLink link) throws IOException {
        String answer = link.ask("hits\n", 1).getFirst();
        if (!answer.matches("hits [0-9]{1,18}")) {
            throw new IOException("hits: " + answer + " (expected: hits N)");
        }
        long now = Long.parseLong(answer.substring("hits ".length()));
        if (now != hits) {
            hitsByPrefix = list(link);
        }
        hits = now;
        lastHits = System.nanoTime();
    }

    private static Map<Prefix, Long> list(GateLink link) throws IOException {
        String head = link.ask("list\n", 1, LIST_PATIENCE).getFirst();
        if (!head.matches("list [0-9]{1,6}")) {
            throw new IOException("list: " + head + " (expected: list N)");
        }
        Map<Prefix, Long> hits = new HashMap<>();
        for (String line : link.ask("", Integer.parseInt(head.substring("list ".length())), LIST_PATIENCE)) {
            String[] words = line.split(" ", -1);
            // A kernel that does not count for each says so by a dash.
            if (words.length == 3 && words[2].matches("[0-9]{1,18}")) {
                Prefix.parse(words[0]).ifPresent(prefix -> hits.put(prefix, Long.parseLong(words[2])));
            }
        }
        return Map.copyOf(hits);
    }

    private static List<RefusedPrefix> taken(Map<Prefix, Duration> all) {
        List<RefusedPrefix> taken = new ArrayList<>(all.size());
        Collection<String> faults = new ArrayList<>();
        all.forEach((prefix, time) -> RefusedPrefix.fault(prefix).ifPresentOrElse(faults::add,
                () -> RefusedPrefix.of(prefix, time).ifPresent(taken::add)));
        if (!faults.isEmpty()) {
            LOG.warn("kernel gate: {} left out: {}", faults.size(), faults.iterator().next());
        }
        return taken;
    }

    private void failed(String message) {
        if (closing.getCount() > 0 && !message.equals(lastFailure)) {
            lastFailure = message;
            LOG.warn("kernel gate: {}: {}; no prefix can be refused at the SYN until it serves again", socket, message);
        }
    }

    /** Waits before the next attempt; the wait after that. */
    private long rest(long pause) {
        try {
            boolean _ = closing.await(pause, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            closing.countDown();
        }
        return Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
    }
}
