package io.dualpost.kernel;

import io.dualpost.address.Addresses;
import io.dualpost.address.Family;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Half-open connections as the program ss lists them, where the kernel cannot be asked directly. */
final class SsListing {
    private static final List<Path> PLACES = List.of(Path.of("/usr/bin/ss"), Path.of("/bin/ss"),
            Path.of("/usr/sbin/ss"), Path.of("/sbin/ss"));
    private static final List<String> WORDS = List.of("-tnHo", "state", "syn-recv");
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** Two queues, here, there, and how often the answer was sent again: {@code timer:(on,1.2sec,3)}. */
    private static final Pattern LINE = Pattern
            .compile("\\d+\\s+\\d+\\s+(\\S+):(\\d+)\\s+(\\S+):(\\d+)(?:\\s+timer:\\([^,)]*,[^,)]*,(\\d+)\\))?.*");

    private SsListing() {}

    /** The way to count by it, if it is there. */
    static HalfOpen.Way find() throws IOException {
        Program ss = Program.find("ss", PLACES, "iproute2");
        return ports -> {
            Program.Outcome outcome = ss.run(WORDS, "", PATIENCE);
            if (outcome.code() != 0) {
                throw new IOException("ss: " + MalformedRequest.shown(outcome.errors()));
            }
            return parse(outcome.output(), ports);
        };
    }

    /** Counts in what {@code ss -tnHo state syn-recv} says. */
    static HalfOpen.Counts parse(String output, Set<Integer> ports) throws IOException {
        HalfOpen.Tally tally = new HalfOpen.Tally();
        for (String line : output.lines().map(String::strip).filter(line -> !line.isEmpty()).toList()) {
            Matcher found = LINE.matcher(line);
            Optional<InetAddress> peer = found.matches() ? address(found.group(3)) : Optional.empty();
            if (peer.isEmpty()) {
                throw new IOException("ss: " + MalformedRequest.shown(line)
                        + " (expected: queues, two addresses with ports, a timer)");
            }
            if (ports.contains(Integer.parseInt(found.group(2)))) {
                String again = found.group(5);
                tally.add(Family.of(peer.get()), again != null && !again.matches("0+"));
            }
        }
        return tally.counts();
    }

    /** Without brackets and zone. */
    private static Optional<InetAddress> address(String text) {
        return Addresses.literal(text.replaceAll("^\\[|%.*$|]", ""));
    }
}
