package io.dualpost.admin;

import io.dualpost.address.Family;
import io.dualpost.telemetry.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a running proxy is.
 *
 * @param sessions  open now, of each family
 * @param listeners in the order in which they are to be shown
 */
public record Status(String version, Duration uptime, Answers.Readiness readiness, Map<Family, Integer> sessions,
        List<Listening> listeners) {
    /** Copies the collections. */
    public Status {
        sessions = Map.copyOf(sessions);
        listeners = List.copyOf(listeners);
    }

    /** One line of JSON. */
    String json() {
        Json counts = new Json();
        for (Family family : Family.values()) {
            counts.put(family.label(), sessions.getOrDefault(family, 0));
        }
        String listed = listeners.stream().map(Listening::json).collect(Collectors.joining(",", "[", "]"));
        return new Json().put("version", version).put("uptime_seconds", uptime.toSeconds())
                .put("ready", readiness.ready()).raw("reasons", Words.array(readiness.reasons()))
                .raw("sessions", counts.toString()).raw("listeners", listed) + "\n";
    }

    /** For people. */
    Stream<String> text() {
        String counts = Stream.of(Family.values())
                .map(family -> family + " " + sessions.getOrDefault(family, 0)).collect(Collectors.joining(", "));
        Stream<String> head = Stream.of("dualpost " + version + ", up " + Words.time(uptime) + ", "
                + (readiness.ready() ? "ready" : "not ready") + "\n", "sessions: " + counts + "\n");
        Stream<String> reasons = readiness.reasons().stream().map(reason -> "! " + Table.harmless(reason) + "\n");
        Stream<String> table = Table.lines(List.of("listener", "service", "family", "state", "sessions", "addresses"),
                listeners, one -> List.of(one.listener(), one.service(), one.family().toString(),
                        one.closed().map(why -> "closed: " + why).orElse("open"), Integer.toString(one.sessions()),
                        String.join(" ", one.addresses())));
        return Words.inTurn(List.of(head, reasons, Stream.of("\n"), table));
    }

    /**
     * One family of one listener.
     *
     * @param listener  its name, {@code pop-995}
     * @param addresses with their ports
     * @param closed    why it does not listen: the reason of a withdrawal, or that this machine has no IPv6; empty: it does
     */
    public record Listening(String listener, String service, Family family, List<String> addresses, int sessions,
            Optional<String> closed) {
        /** Copies the list. */
        public Listening {
            addresses = List.copyOf(addresses);
        }

        private String json() {
            Json json = new Json().put("listener", listener).put("service", service).put("family", family.label())
                    .raw("addresses", Words.array(addresses)).put("sessions", sessions).put("open", closed.isEmpty());
            closed.ifPresent(why -> json.put("reason", why));
            return json.toString();
        }
    }
}
