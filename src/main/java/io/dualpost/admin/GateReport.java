package io.dualpost.admin;

import io.dualpost.gate.GateMode;
import io.dualpost.gate.PathVerdict;
import io.dualpost.gate.RefusedNetworks;
import io.dualpost.telemetry.Json;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The networks that should be refused, and whether they are.
 *
 * @param kernel whether the kernel refuses them at the first packet, or would in that mode
 */
public record GateReport(GateMode mode, boolean kernel, List<Line> networks) {
    /** Copies the list. */
    public GateReport {
        networks = List.copyOf(networks);
    }

    /** One line of JSON, in pieces. */
    Stream<String> json() {
        String head = new Json().put("mode", mode.label()).put("kernel", kernel).toString();
        Stream<String> lines = IntStream.range(0, networks.size())
                .mapToObj(i -> (i == 0 ? "" : ",") + json(networks.get(i).entry()).put("hits", networks.get(i).hits()));
        return Words.inTurn(List.of(Stream.of(head.substring(0, head.length() - 1) + ",\"networks\":["), lines,
                Stream.of("]}\n")));
    }

    /** For people. */
    Stream<String> text() {
        Stream<String> table = networks.isEmpty()
                ? Stream.of("no networks\n")
                : Table.lines(List.of("network", "origin", "broken", "evidence", "left", "hits"), networks, line -> List
                        .of(line.entry().prefix().toString(), line.entry().origin().label(),
                                Integer.toString(line.entry().events()),
                                line.entry().evidence().map(PathVerdict::label).orElse("-"),
                                line.entry().left().map(Words::time).orElse("for good"), Long.toString(line.hits())));
        return Stream.concat(Stream.of("mode " + mode.label() + ": " + meaning() + "\n\n"), table);
    }

    private String meaning() {
        return switch (mode) {
            case OFF -> "nothing is learned and nobody is refused";
            case OBSERVE -> "networks are learned and counted, and nobody is refused";
            case ENFORCE -> kernel
                    ? "the kernel refuses these networks at the first packet, and their clients fall back to IPv4"
                    : "without the kernel; connections are accepted and reset, clients see an error and do not fall"
                            + " back";
        };
    }

    /** The fields of an entry. */
    static Json json(RefusedNetworks.Entry entry) {
        Json json = new Json().put("network", entry.prefix().toString()).put("origin", entry.origin().label())
                .put("broken", entry.events());
        entry.evidence().ifPresent(verdict -> json.put("evidence", verdict.label()));
        entry.left().ifPresent(left -> json.put("left_seconds", left.toSeconds()));
        return json;
    }

    /**
     * One network.
     *
     * @param hits attempts that were refused, or would have been
     */
    public record Line(RefusedNetworks.Entry entry, long hits) {}
}
