package io.dualpost.kernel;

import io.dualpost.address.Prefix;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Does what the clients of the kernel gate ask for, and answers in the order in which it was asked. */
final class GateDesk {
    /** Changes that come within this time share one run of nft, which takes longer than that. */
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int MOST_CHANGES = 1024;

    private record Pending(GateConnection from, Request change) {}

    private final KernelTable table;
    private final int cap;
    private final List<Pending> pending = new ArrayList<>();
    private long firstPending;

    GateDesk(KernelTable table, int cap) {
        this.table = table;
        this.cap = cap;
    }

    /** Whether there are changes that wait for more. */
    boolean isGathering() {
        return !pending.isEmpty();
    }

    /** Does what was gathered, if it has waited long enough. */
    void commitDue(long now) {
        if (now - firstPending >= GATHER_NANOS) {
            commit();
        }
    }

    /** Takes one line of a client. */
    void line(GateConnection from, String line, boolean tooLong) {
        try {
            if (from.isReplacing()) {
                from.replacement(line, tooLong);
                if (from.isReplaceComplete()) {
                    replace(from);
                }
                return;
            }
            if (tooLong) {
                throw GateConnection.tooLong(line);
            }
            Request request = Request.parse(line, cap);
            if (!from.isGreeted() && !(request instanceof Request.Hello)) {
                throw new MalformedRequest("request", line, "hello " + Request.VERSION + " first");
            }
            if (request instanceof Request.Add || request instanceof Request.Remove) {
                gather(new Pending(from, request));
                return;
            }
            commit();
            answer(from, request);
        } catch (MalformedRequest e) {
            commit();
            from.bad(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            from.failed("kernel: " + e.getMessage());
        }
    }

    private void answer(GateConnection to, Request request) throws IOException {
        switch (request) {
            case Request.Hello() -> {
                to.greet();
                to.good("ok " + Request.VERSION + " " + cap);
            }
            case Request.Ports(var ports) -> {
                table.ports(ports);
                to.good("ok " + ports.size());
            }
            case Request.Replace(int lines) -> {
                to.replacing(lines);
                if (lines == 0) {
                    replace(to);
                }
            }
            case Request.Clear() -> {
                table.replace(List.of());
                to.good("ok 0");
            }
            case Request.Hits() -> to.good("hits " + table.hits());
            case Request.Listing() -> list(to, table.listing());
            case Request.Add _,Request.Remove _ -> throw new IllegalStateException("changes are gathered");
        }
    }

    private void replace(GateConnection from) throws IOException {
        try {
            List<RefusedPrefix> all = from.replaced();
            commit();
            table.replace(all);
            from.good("ok " + table.size());
        } catch (MalformedRequest e) {
            from.bad(String.valueOf(e.getMessage()));
        }
    }

    private static void list(GateConnection to, NftListing listing) {
        Map<Prefix, Long> hits = listing.hits();
        StringBuilder lines = new StringBuilder("list " + listing.refused().size());
        for (RefusedPrefix each : listing.refused()) {
            lines.append('\n').append(each).append(' ')
                    .append(listing.counted() ? hits.getOrDefault(each.prefix(), 0L) : "-");
        }
        to.good(lines.toString());
    }

    private void gather(Pending change) {
        if (pending.isEmpty()) {
            firstPending = System.nanoTime();
        }
        pending.add(change);
        if (pending.size() == MOST_CHANGES) {
            commit();
        }
    }

    /** Does what was gathered, and answers. */
    void commit() {
        if (pending.isEmpty()) {
            return;
        }
        List<Pending> batch = List.copyOf(pending);
        pending.clear();
        try {
            table.change(batch.stream().map(Pending::change).toList());
            batch.forEach(each -> each.from().good("ok " + table.size()));
        } catch (IOException e) {
            batch.forEach(each -> each.from().failed("kernel: " + e.getMessage()));
        }
    }
}
