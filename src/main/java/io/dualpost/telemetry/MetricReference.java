package io.dualpost.telemetry;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page of the manual that lists every metric. */
final class MetricReference {
    private MetricReference() {}

    static String text() {
        StringBuilder text = new StringBuilder("""
                # Metrics

                Made from the program; every series is there from the start, at zero. Beside these there are `jvm_*` and
                `process_*` under their usual names.

                | metric | type | labels | meaning |
                |---|---|---|---|
                """);
        for (Metric metric : Metric.values()) {
            text.append("| `").append(metric.metric()).append(metric.type() == Metric.Type.COUNTER ? "_total" : "")
                    .append("` | ").append(metric.type().name().toLowerCase(Locale.ROOT)).append(" | ")
                    .append(metric.labels().stream().map(Label::text).collect(Collectors.joining(", ")))
                    .append(" | ").append(metric.help()).append(" |\n");
        }
        text.append("\n| label | of | values |\n|---|---|---|\n");
        for (Label label : Label.values()) {
            String metrics = Stream.of(Metric.values()).filter(metric -> metric.labels().contains(label))
                    .map(metric -> metric.metric().substring("dualpost_".length())).collect(Collectors.joining(", "));
            text.append("| `").append(label.text()).append("` | ").append(metrics).append(" | ")
                    .append(label.described()).append(" |\n");
        }
        return text.toString();
    }
}
