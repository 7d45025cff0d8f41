package io.dualpost.telemetry;

import io.micrometer.core.instrument.Counter;
import java.util.HashMap;
import java.util.Map;

/** Requests to the admin listener, by what was asked for and the class of the answer. */
final class HttpMeters {
    private final Map<String, Map<String, Counter>> counters = new HashMap<>();

    HttpMeters(Meters meters) {
        for (String handler : Label.HANDLER.closed()) {
            Map<String, Counter> codes = new HashMap<>();
            for (String code : Label.CODE.closed()) {
                codes.put(code, meters.counter(Metric.HTTP_REQUESTS, handler, code));
            }
            counters.put(handler, codes);
        }
    }

    void answered(String path, int status) {
        String handler = switch (path) {
            case "/" -> "index";
            case "/metrics", "/live", "/ready" -> path.substring(1);
            default -> "other";
        };
        String code = status < 400 ? "2xx" : status < 500 ? "4xx" : "5xx";
        ListenerMeters.of(ListenerMeters.of(counters, handler), code).increment();
    }
}
