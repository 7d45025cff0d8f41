package io.dualpost.kernel;

import io.dualpost.address.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The table as nft lists it.
 *
 * @param lengths of prefixes that have a set
 * @param counted whether every set counts per prefix
 * @param refused with the time that is left
 * @param hits    of each prefix
 * @param total   of the table
 */
record NftListing(SortedSet<Integer> lengths, boolean counted, SortedSet<Integer> ports, List<RefusedPrefix> refused,
        Map<Prefix, Long> hits, long total) {
    private static final Pattern OBJECT = Pattern.compile("(\\S+) (\\S+) \\{");
    private static final Pattern ELEMENT = Pattern.compile(
            "([0-9a-f:.]+)(?: counter packets ([0-9]+) bytes [0-9]+)?(?: timeout [0-9a-z]+)? expires ([0-9a-z]+)");
    private static final Pattern PORT = Pattern.compile("[0-9]+");
    private static final Pattern COUNTED = Pattern.compile("packets ([0-9]+) ");
    private static final Pattern TIME = Pattern.compile("([0-9]+)(ms|d|h|m|s)");

    /**
     * Reads {@code nft -n list table inet dualpost}.
     *
     * @return nothing if the table has anything that the gate would not have made: then it is somebody else's
     */
    static Optional<NftListing> parse(String text) {
        SortedSet<Integer> lengths = new TreeSet<>();
        boolean counted = true;
        SortedSet<Integer> ports = new TreeSet<>();
        List<RefusedPrefix> refused = new ArrayList<>();
        Map<Prefix, Long> hits = new HashMap<>();
        long total = 0;
        List<String> lines = text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        if (lines.size() < 2 || !lines.getFirst().equals("table " + NftText.TABLE + " {")) {
            return Optional.empty();
        }
        for (int i = 1; i < lines.size() - 1;) {
            Matcher object = OBJECT.matcher(lines.get(i));
            int end = lines.subList(i, lines.size()).indexOf("}") + i;
            if (!object.matches() || end < i) {
                return Optional.empty();
            }
            List<String> inside = lines.subList(i + 1, end);
            String kind = object.group(1) + " " + object.group(2);
            Optional<Integer> length = length(kind);
            if (length.isPresent() && inside.contains("type ipv6_addr")) {
                lengths.add(length.get());
                counted &= inside.contains("counter");
                elements(String.join(" ", inside), length.get(), refused, hits);
            } else if (kind.equals("set " + NftText.PORTS) && inside.contains("type inet_service")) {
                ports.addAll(ports(inside));
            } else if (kind.equals("counter " + NftText.COUNTER)) {
                total = total(String.join(" ", inside));
            } else if (!isChain(kind, inside)) {
                return Optional.empty();
            }
            i = end + 1;
        }
        return Optional.of(new NftListing(lengths, counted, ports, refused, hits, total));
    }

    /** Reads {@code nft -n list counter inet dualpost refused}. */
    static long total(String text) {
        Matcher counted = COUNTED.matcher(text);
        return counted.find() ? Long.parseLong(counted.group(1)) : 0;
    }

    private static boolean isChain(String kind, List<String> inside) {
        if (kind.equals("chain " + NftText.REFUSE)) {
            return inside.stream().noneMatch(line -> line.startsWith("type "));
        }
        return kind.equals("chain " + NftText.INPUT) && !inside.isEmpty()
                && inside.getFirst().matches("type filter hook input priority (0|filter); policy accept;");
    }

    private static Optional<Integer> length(String kind) {
        String set = "set " + NftText.SET;
        if (!kind.startsWith(set) || !kind.substring(set.length()).matches("[1-9][0-9]{1,2}")) {
            return Optional.empty();
        }
        return Optional.of(Integer.parseInt(kind.substring(set.length()))).filter(RefusedPrefix::isLength);
    }

    /** Those that a request could have named; another one is left to end by itself. */
    private static void elements(String inside, int length, List<RefusedPrefix> refused, Map<Prefix, Long> hits) {
        Matcher element = ELEMENT.matcher(inside);
        while (element.find()) {
            Optional<Prefix> prefix = Prefix.parse(element.group(1) + "/" + length);
            int seconds = seconds(element.group(3));
            if (prefix.isPresent() && RefusedPrefix.fault(prefix.get()).isEmpty() && seconds > 0) {
                refused.add(new RefusedPrefix(prefix.get(), Math.min(seconds, RefusedPrefix.LONGEST_SECONDS)));
                if (element.group(2) != null) {
                    hits.put(prefix.get(), Long.parseLong(element.group(2)));
                }
            }
        }
    }

    private static SortedSet<Integer> ports(List<String> inside) {
        SortedSet<Integer> ports = new TreeSet<>();
        String all = String.join(" ", inside);
        Matcher port = PORT.matcher(all.substring(Math.max(0, all.indexOf("elements"))));
        while (port.find()) {
            ports.add(Integer.parseInt(port.group()));
        }
        return ports;
    }

    /** {@code 86399s}, or {@code 23h59m59s990ms}: nft 1.0 has both. Rounded up. */
    static int seconds(String time) {
        Matcher part = TIME.matcher(time);
        long millis = 0;
        while (part.find()) {
            millis += Long.parseLong(part.group(1)) * switch (part.group(2)) {
                case "d" -> 86_400_000L;
                case "h" -> 3_600_000L;
                case "m" -> 60_000L;
                case "s" -> 1_000L;
                default -> 1L;
            };
        }
        return (int) Math.min(Integer.MAX_VALUE, (millis + 999) / 1000);
    }
}
