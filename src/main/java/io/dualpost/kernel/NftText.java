package io.dualpost.kernel;

import io.dualpost.address.Addresses;
import io.dualpost.address.Prefix;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What nft is told, each text one transaction. Made of numbers and addresses only, so that nobody's words reach nft.
 *
 * <p>The sets: one for each length of prefix in use, all but always /64 alone, and a rule for each that looks the masked
 * source up. An interval set would hold all lengths in one, but it refuses prefixes that overlap unless it merges them, and
 * of a merged pair neither can be taken out or end by itself; and nft reads all of it for each change, which took 27 ms at
 * 20,000. A look-up by hash costs the same whatever is in the set, and overlaps do not meet.
 */
final class NftText {
    /** Of the gate alone. */
    static final String NAME = "dualpost";
    static final String TABLE = "inet " + NAME;
    static final String COUNTER = "refused";
    static final String PORTS = "ports";
    static final String INPUT = "input";
    static final String REFUSE = "refuse";
    static final String SET = "refused_";
    private static final int ADDRESS_BITS = 128;

    private NftText() {}

    /** Makes the table. */
    static final String CREATE = """
            add table inet dualpost
            """;

    /** Takes it away, whether it is there or not. */
    static final String DELETE = """
            add table inet dualpost
            delete table inet dualpost
            """;

    /** The table with all it needs but the sets; where it is there already, only its rules are made anew. */
    static String frame(SortedSet<Integer> lengths, boolean counted) {
        StringBuilder text = new StringBuilder(CREATE);
        text.append("add counter ").append(TABLE).append(' ').append(COUNTER).append('\n');
        text.append("add set ").append(TABLE).append(' ').append(PORTS).append(" { type inet_service; }\n");
        text.append("add chain ").append(TABLE).append(' ').append(INPUT)
                .append(" { type filter hook input priority 0; policy accept; }\n");
        text.append("add chain ").append(TABLE).append(' ').append(REFUSE).append('\n');
        text.append(sets(lengths, counted));
        text.append("flush chain ").append(TABLE).append(' ').append(INPUT).append('\n');
        // Pure SYNs only: connections that are there already go on.
        text.append("add rule ").append(TABLE).append(' ').append(INPUT).append(" tcp dport @").append(PORTS)
                .append(" tcp flags & (fin|syn|rst|ack) == syn jump ").append(REFUSE).append('\n');
        return text.toString();
    }

    /** Sets for these lengths, and a rule for each. */
    static String sets(SortedSet<Integer> lengths, boolean counted) {
        StringBuilder text = new StringBuilder();
        for (int length : lengths) {
            // An element that an operator puts there by hand without a time ends, too.
            text.append("add set ").append(TABLE).append(' ').append(SET).append(length)
                    .append(" { type ipv6_addr; flags timeout; timeout 1d;").append(counted ? " counter;" : "")
                    .append(" }\n");
        }
        text.append("flush chain ").append(TABLE).append(' ').append(REFUSE).append('\n');
        for (int length : lengths) {
            text.append("add rule ").append(TABLE).append(' ').append(REFUSE).append(" ip6 saddr ");
            if (length < ADDRESS_BITS) {
                text.append("& ").append(mask(length)).append(' ');
            }
            text.append('@').append(SET).append(length).append(" counter name ").append(COUNTER)
                    .append(" reject with tcp reset\n");
        }
        return text.toString();
    }

    /** SYNs to these ports alone are looked at. */
    static String ports(SortedSet<Integer> ports) {
        String flush = "flush set " + TABLE + " " + PORTS + "\n";
        return ports.isEmpty() ? flush
                : flush + "add element " + TABLE + " " + PORTS + " { "
                        + ports.stream().map(String::valueOf).collect(Collectors.joining(", ")) + " }\n";
    }

    /** Empties the sets of these lengths. */
    static String flush(SortedSet<Integer> lengths) {
        return lengths.stream().map(length -> "flush set " + TABLE + " " + SET + length + "\n")
                .collect(Collectors.joining());
    }

    /** Fills sets that hold none of these. */
    static String add(Collection<RefusedPrefix> refused) {
        return elements("add element", refused.stream().collect(Collectors.groupingBy(r -> r.prefix().length(),
                TreeMap::new, Collectors.mapping(r -> element(r.prefix()) + " timeout " + r.seconds() + "s",
                        Collectors.toList()))));
    }

    /**
     * Takes these out, whether they are there or not: to take out what has just ended by itself would fail, so it is put in
     * before. The same way one gets a new end; kernels before 6.12 cannot change it.
     */
    static String remove(Collection<Prefix> prefixes) {
        Map<Integer, List<String>> byLength = prefixes.stream().collect(Collectors.groupingBy(Prefix::length,
                TreeMap::new, Collectors.mapping(NftText::element, Collectors.toList())));
        return elements("add element", byLength) + elements("delete element", byLength);
    }

    private static String elements(String what, Map<Integer, List<String>> byLength) {
        List<String> lines = new ArrayList<>();
        byLength.forEach((length, elements) -> lines
                .add(what + " " + TABLE + " " + SET + length + " { " + String.join(", ", elements) + " }\n"));
        return String.join("", lines);
    }

    private static String element(Prefix prefix) {
        return Addresses.text(prefix.network());
    }

    private static String mask(int length) {
        byte[] ones = new byte[ADDRESS_BITS / 8];
        Arrays.fill(ones, (byte) -1);
        try {
            return Addresses.text(new Prefix(InetAddress.getByAddress(ones), length).network());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("16 octets are an address", impossible);
        }
    }
}
