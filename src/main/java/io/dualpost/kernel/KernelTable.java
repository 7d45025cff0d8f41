package io.dualpost.kernel;

import io.dualpost.address.Prefix;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nft table of the gate, and what should be in it. For one thread.
 *
 * <p>Whatever goes wrong with a transaction, the next one brings the whole table to what it should be. So it also comes back
 * after {@code flush ruleset}, with which many a firewall's reload begins.
 */
final class KernelTable {
    private static final Logger LOG = LoggerFactory.getLogger(KernelTable.class);
    private static final int LENGTH_OF_MOST = 64;
    private static final String[] LIST = ("-n list table " + NftText.TABLE).split(" ");
    private static final String[] COUNTER = ("-n list counter " + NftText.TABLE + " " + NftText.COUNTER).split(" ");

    private final Nft nft;
    private final LongSupplier clock;
    private final RefusedPrefixes refused;
    private final SortedSet<Integer> lengths = new TreeSet<>(Set.of(LENGTH_OF_MOST));
    private SortedSet<Integer> ports = new TreeSet<>();
    private boolean counted = true;
    /** The kernel may have something else than what should be there. */
    private boolean astray;
    private boolean byProgram;
    private String lastFailure = "";

    private KernelTable(Nft nft, int cap, LongSupplier clock) {
        this.nft = nft;
        this.clock = clock;
        this.refused = new RefusedPrefixes(cap);
    }

    /**
     * Takes over the table that an earlier gate left, with all that it refuses, or makes one.
     *
     * @param clock that never goes back, in nanoseconds
     * @throws IOException if the table cannot be made, or is somebody else's
     */
    static KernelTable open(Nft nft, int cap, LongSupplier clock) throws IOException {
        KernelTable table = new KernelTable(nft, cap, clock);
        Optional<NftListing> found = found(nft);
        if (found.isPresent()) {
            table.adopt(found.get());
        } else {
            table.create();
        }
        return table;
    }

    /**
     * Takes the table away; no other is touched.
     *
     * @return whether there was one
     * @throws IOException if it is somebody else's or cannot be taken away
     */
    static boolean remove(Nft nft) throws IOException {
        boolean there = found(nft).isPresent();
        if (there) {
            nft.run(NftText.DELETE);
        }
        return there;
    }

    /** Adds and removes, in this order and in one transaction. */
    void change(List<Request> changes) throws IOException {
        long now = clock.getAsLong();
        Set<Prefix> touched = new LinkedHashSet<>();
        for (Request change : changes) {
            if (change instanceof Request.Add(RefusedPrefix more)) {
                refused.put(more, now).ifPresent(touched::add);
                touched.add(more.prefix());
            } else if (change instanceof Request.Remove(Prefix less)) {
                refused.remove(less);
                touched.add(less);
            }
        }
        List<RefusedPrefix> put = refused.among(touched, now);
        put.forEach(each -> touched.remove(each.prefix()));
        // Where there is no set there is nothing to release.
        Set<Prefix> gone = touched.stream().filter(each -> lengths.contains(each.length()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Set<Prefix> all = put.stream().map(RefusedPrefix::prefix).collect(Collectors.toCollection(LinkedHashSet::new));
        String sets = sets(all);
        all.addAll(gone);
        if (!all.isEmpty()) {
            commit(sets + NftText.remove(all) + NftText.add(put));
            LOG.info("refused: {}; released: {}; {} in all", ChangeText.of(put), ChangeText.of(gone),
                    refused.size(now));
        }
    }

    /** These take the place of all that is there, in one transaction. */
    void replace(List<RefusedPrefix> all) throws IOException {
        long now = clock.getAsLong();
        refused.clear();
        all.forEach(each -> refused.put(each, now));
        List<RefusedPrefix> put = refused.all(now);
        commit(sets(put.stream().map(RefusedPrefix::prefix).toList()) + NftText.flush(lengths) + NftText.add(put));
        LOG.info("refused, and nothing else: {}", ChangeText.of(put));
    }

    /** SYNs to these ports are looked at, and to no other. */
    void ports(SortedSet<Integer> wanted) throws IOException {
        ports = wanted;
        commit(NftText.ports(wanted));
        LOG.info("ports: {}", wanted);
    }

    /** What is in the kernel. */
    NftListing listing() throws IOException {
        Optional<NftListing> listing = found(nft);
        if (listing.isEmpty()) {
            restore();
            listing = found(nft);
        }
        return listing.orElseThrow(() -> new IOException("table " + NftText.TABLE + ": gone again"));
    }

    /** How many SYNs were refused since the table was made. Finds out whether it still is there. */
    long hits() throws IOException {
        if (astray) {
            restore();
        }
        OptionalLong counted = total();
        if (counted.isEmpty()) {
            restore();
        }
        return counted.orElse(0);
    }

    private OptionalLong total() throws IOException {
        if (!byProgram) {
            try {
                return NftCounter.packets();
            } catch (IOException | RuntimeException | LinkageError e) {
                byProgram = true;
                LOG.warn("the count is read by nft: {}", e.getMessage());
            }
        }
        return nft.list(COUNTER).stream().mapToLong(NftListing::total).findFirst();
    }

    /** How many prefixes are refused now. */
    int size() {
        return refused.size(clock.getAsLong());
    }

    /** Sets for lengths that were never used before. */
    private String sets(Collection<Prefix> prefixes) {
        boolean more = false;
        for (Prefix prefix : prefixes) {
            more |= lengths.add(prefix.length());
        }
        return more ? NftText.sets(lengths, counted) : "";
    }

    private void commit(String text) throws IOException {
        if (!astray) {
            try {
                nft.run(text);
                lastFailure = "";
                return;
            } catch (IOException e) {
                failed(e);
            }
        }
        restore();
    }

    /** Makes the table anew with all that should be in it. */
    private void restore() throws IOException {
        astray = true;
        try {
            boolean there = found(nft).isPresent();
            long now = clock.getAsLong();
            List<RefusedPrefix> all = refused.all(now);
            all.forEach(each -> lengths.add(each.prefix().length()));
            nft.run((there ? NftText.DELETE : "") + NftText.frame(lengths, counted) + NftText.ports(ports)
                    + NftText.add(all));
            astray = false;
            lastFailure = "";
            LOG.warn("table {}: {}; made anew, {} prefixes in all", NftText.TABLE,
                    there ? "was not as it should be" : "was gone", all.size());
        } catch (IOException e) {
            failed(e);
            throw e;
        }
    }

    private void failed(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        if (!message.equals(lastFailure)) {
            lastFailure = message;
            LOG.error("{}", message);
        }
    }

    private void create() throws IOException {
        try {
            nft.run(NftText.frame(lengths, true));
        } catch (IOException e) {
            counted = false;
            try {
                nft.run(NftText.frame(lengths, false));
            } catch (IOException _) {
                throw e;
            }
            LOG.warn("prefixes are not counted one by one: {}", e.getMessage());
        }
        LOG.info("table {}: made", NftText.TABLE);
    }

    private void adopt(NftListing found) throws IOException {
        long now = clock.getAsLong();
        Set<Prefix> evicted = new LinkedHashSet<>();
        found.refused().forEach(each -> refused.put(each, now).ifPresent(evicted::add));
        ports = found.ports();
        lengths.addAll(found.lengths());
        counted = found.counted();
        try {
            nft.run(NftText.frame(lengths, counted) + NftText.remove(evicted));
        } catch (IOException e) {
            LOG.warn("table {}: cannot be taken over: {}", NftText.TABLE, e.getMessage());
            restore();
        }
        LOG.info("table {}: taken over; ports {}, {} prefixes, {} SYNs refused so far", NftText.TABLE, ports,
                refused.size(now), found.total());
    }

    private static Optional<NftListing> found(Nft nft) throws IOException {
        Optional<String> text = nft.list(LIST);
        Optional<NftListing> listing = text.flatMap(NftListing::parse);
        if (text.isPresent() && listing.isEmpty()) {
            throw new IOException("table " + NftText.TABLE + ": has what the kernel gate did not make"
                    + " (expected: no table of that name, or its own)");
        }
        return listing;
    }
}
