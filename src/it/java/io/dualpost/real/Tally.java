package io.dualpost.real;

import java.util.Map;
import java.util.TreeMap;

/** What counters must say: by metric and label, as in {@code logins_total result}, then by family and value. */
final class Tally {
    private final Map<String, Map<String, Double>> counters = new TreeMap<>();

    /** So many more of one family under a counter, such as {@code logins_total result ok}. */
    void add(String counter, String family, int more) {
        int last = counter.lastIndexOf(' ');
        if (more > 0) {
            counters.computeIfAbsent(counter.substring(0, last), _ -> new TreeMap<>())
                    .merge(family + counter.substring(last), (double) more, Double::sum);
        }
    }

    /** All counters. */
    Map<String, Map<String, Double>> counters() {
        return counters;
    }

    /** How many connections of a family ended. */
    double ended(String family) {
        return counters.getOrDefault("connections_closed_total cause", Map.of()).entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(family)).mapToDouble(Map.Entry::getValue).sum();
    }
}
