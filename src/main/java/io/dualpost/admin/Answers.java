package io.dualpost.admin;

import io.dualpost.telemetry.Json;
import java.util.List;
import java.util.function.Function;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Where the admin server finds what it is asked for; called on its own thread.
 *
 * @param metrics   from a request's {@code Accept} header (empty if there is none) to the metrics in a form it names
 * @param readiness whether the proxy takes sessions
 * @param answered  told of each answer: the path that was asked for, and the status
 */
public record Answers(Function<String, Scrape> metrics, Supplier<Readiness> readiness,
        ObjIntConsumer<String> answered) {
    /**
     * All metrics as text.
     *
     * @param contentType with its parameters, as the header says it
     * @param body        is sent in UTF-8
     */
    public record Scrape(String contentType, String body) {}

    /**
     * Whether the proxy takes sessions, and what there is to say about it.
     *
     * @param ready   false makes {@code /ready} answer 503
     * @param reasons why not; or, although ready, what does not work
     */
    public record Readiness(boolean ready, List<String> reasons) {
        /** Copies the list. */
        public Readiness {
            reasons = List.copyOf(reasons);
        }

        /** One line of JSON (RFC 8259): {@code {"ready":true,"reasons":[]}}. */
        String json() {
            String listed = reasons.stream().map(Json::quoted).collect(Collectors.joining(",", "[", "]"));
            return new Json().put("ready", ready).raw("reasons", listed) + "\n";
        }
    }
}
