package io.dualpost.admin;

import io.dualpost.address.Addresses;
import io.dualpost.gate.GateMode;
import io.dualpost.gate.PathVerdict;
import io.dualpost.gate.RefusedNetworks;
import io.dualpost.gate.RefusedNetworks.Entry;
import io.dualpost.telemetry.Json;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What would happen to a client at an IPv6 address now, and why.
 *
 * @param services whether they listen over IPv6 at all
 */
record AddressReport(InetAddress address, Operations.Known known, FamilyReport services) {
    /** One line of JSON. */
    String json() {
        RefusedNetworks.Explanation what = known.explanation();
        Json json = new Json().put("address", Addresses.text(address))
                .put("network", RefusedNetworks.network(address).toString()).put("mode", known.mode().label())
                .put("outcome", outcome()).put("kernel", known.kernel());
        what.refused().ifPresent(entry -> json.raw("refused", GateReport.json(entry).toString()));
        json.put("watched", what.watched());
        what.good().ifPresent(ago -> json.put("good_seconds_ago", ago.toSeconds()));
        String withdrawn = services.services().stream().filter(one -> one.withdrawn().isPresent())
                .map(one -> Json.quoted(one.service())).collect(Collectors.joining(",", "[", "]"));
        return json.put("trial", what.trial()).raw("withdrawn_services", withdrawn)
                .raw("explanation", Words.array(sentences())) + "\n";
    }

    /** For people. */
    Stream<String> text() {
        return sentences().stream().map(sentence -> Table.harmless(sentence) + "\n");
    }

    private String outcome() {
        if (known.kernel()) {
            return "refused";
        }
        return known.mode() == GateMode.ENFORCE && known.explanation().refused().isPresent() ? "reset" : "admitted";
    }

    private List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        sentences.add(Addresses.text(address) + " is judged by its network " + RefusedNetworks.network(address) + ".");
        sentences.addAll(evidence());
        sentences.add(switch (outcome()) {
            case "refused" ->
                "A connection from it is refused by the kernel at its first packet; the client falls back to"
                        + " IPv4 at once.";
            case "reset" ->
                "The kernel does not refuse it. A connection from it is accepted and reset at once; the client"
                        + " sees an error and does not fall back.";
            default -> "A connection from it is admitted" + (known.explanation().refused().isEmpty()
                    ? "."
                    : ", because the gate " + (known.mode() == GateMode.OFF
                            ? "is off."
                            : "only observes; it is counted."));
        });
        services.services().forEach(service -> service.withdrawn().ifPresent(why -> sentences.add("But IPv6 of "
                + service.service() + " is withdrawn (" + why.label() + ")"
                + service.until().map(end -> " until " + Words.time(end)).orElse("")
                + ": there, every IPv6 connection is refused at its first packet.")));
        return sentences;
    }

    private List<String> evidence() {
        RefusedNetworks.Explanation what = known.explanation();
        List<String> sentences = new ArrayList<>();
        what.refused().ifPresent(entry -> sentences.add(reason(entry)));
        if (what.trial()) {
            sentences.add("It was refused and is on trial: one connection that works, and it is forgotten; one that"
                    + " breaks, and it is refused again, for twice as long as before and at most for a day.");
        }
        if (what.watched() > 0) {
            sentences.add(Words.count(what.watched(), "connection") + " from it broke within ten minutes; one more, and"
                    + " it is learned as a network to refuse for an hour.");
        }
        what.good().ifPresent(ago -> sentences.add("A session from it went well " + Words.time(ago)
                + " ago; within ten minutes of that nothing is held against it."));
        if (sentences.isEmpty()) {
            sentences.add(known.mode() == GateMode.OFF
                    ? "The gate is off and learns nothing."
                    : "Nothing is held against it.");
        }
        return sentences;
    }

    private static String reason(Entry entry) {
        String until = entry.left().map(left -> "for another " + Words.time(left)).orElse("for good");
        return switch (entry.origin()) {
            case STATIC -> "The configuration wants " + entry.prefix() + " refused, for good.";
            case OPERATOR -> "The operator wants " + entry.prefix() + " refused, " + until + ".";
            case LEARNED -> Words.count(entry.events(), "connection") + " from it broke"
                    + entry.evidence().map(verdict -> ", the last one by " + verdict.label() + ": " + meaning(verdict))
                            .orElse("")
                    + ". So it is a network to refuse, " + until + "; then one connection is let in, to see whether it"
                    + " works again.";
        };
    }

    private static String meaning(PathVerdict verdict) {
        return switch (verdict) {
            case FINE -> "nothing was wrong";
            case PATH_MTU -> "large packets to the client were lost and small ones arrived";
            case RETURN_PATH -> "nothing that was sent to the client was acknowledged";
            case CLIENT_LOSS -> "large packets of the client were lost";
            case SILENT -> "the client said nothing";
        };
    }
}
