package io.dualpost.admin;

import io.dualpost.address.Family;
import io.dualpost.gate.Withdrawal;
import io.dualpost.telemetry.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether the services listen over IPv6, in the order of the configuration. */
public record FamilyReport(List<Line> services) {
    /** Copies the list. */
    public FamilyReport {
        services = List.copyOf(services);
    }

    /** One line of JSON. */
    String json() {
        return new Json().put("family", Family.IPV6.label()).raw("services",
                services.stream().map(Line::json).collect(Collectors.joining(",", "[", "]"))) + "\n";
    }

    /** For people. */
    Stream<String> text() {
        return Table.lines(List.of("service", "IPv6", "since", "until", "after a restart", "listeners"), services,
                one -> List.of(one.service(), one.withdrawn().map(why -> "withdrawn: " + why.label()).orElse("open"),
                        Words.time(one.since()), one.until().map(Words::time).orElse("-"),
                        one.persistent() ? "the same" : "open", String.join(" ", one.listeners())));
    }

    /**
     * IPv6 of one service.
     *
     * @param withdrawn  why it is withdrawn; empty: it is there
     * @param since      when that began
     * @param until      when it ends by itself, if the operator said so
     * @param persistent whether it outlives a restart of the proxy
     * @param listeners  that have an IPv6 address, by their names
     */
    public record Line(String service, Optional<Withdrawal.Reason> withdrawn, Instant since, Optional<Instant> until,
            boolean persistent, List<String> listeners) {
        /** Copies the list. */
        public Line {
            listeners = List.copyOf(listeners);
        }

        private String json() {
            Json json = new Json().put("service", service).put("open", withdrawn.isEmpty());
            withdrawn.ifPresent(why -> json.put("reason", why.label()));
            json.put("since", Words.time(since));
            until.ifPresent(end -> json.put("until", Words.time(end)));
            return json.put("persistent", persistent).raw("listeners", Words.array(listeners)).toString();
        }
    }
}
