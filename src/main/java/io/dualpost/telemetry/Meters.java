package io.dualpost.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Makes meters from {@link Metric} rows. */
record Meters(PrometheusMeterRegistry registry) {
    /** A counter at zero; one value for each label of the row, in order. */
    Counter counter(Metric metric, String... values) {
        return Counter.builder(metric.metric()).description(metric.help()).tags(tags(metric, values))
                .register(registry);
    }

    /** A gauge that shows the number in the cell, which begins at zero. */
    AtomicInteger gauge(Metric metric, String... values) {
        AtomicInteger cell = new AtomicInteger();
        gauge(metric, cell::get, values);
        return cell;
    }

    /** A gauge that asks at each scrape. */
    void gauge(Metric metric, Supplier<Number> value, String... values) {
        Gauge.builder(metric.metric(), value).description(metric.help()).tags(tags(metric, values))
                .strongReference(true).register(registry);
    }

    /**
     * A histogram of seconds with classic buckets, for all combinations of its labels. Micrometer's own timers would add a
     * gauge of a maximum that decays.
     */
    Histogram histogram(Metric metric, double... buckets) {
        return Histogram.builder().name(metric.metric()).help(metric.help())
                .labelNames(metric.labels().stream().map(Label::text).toArray(String[]::new)).classicOnly()
                .withoutExemplars()
                .classicUpperBounds(buckets).register(registry.getPrometheusRegistry());
    }

    /** A constant 1 that carries facts; of a gauge Micrometer would cut off the suffix. */
    void info(Metric metric, String... values) {
        Info.builder().name(metric.metric()).help(metric.help())
                .labelNames(metric.labels().stream().map(Label::text).toArray(String[]::new))
                .register(registry.getPrometheusRegistry()).addLabelValues(values);
    }

    private static List<Tag> tags(Metric metric, String... values) {
        List<Tag> tags = new ArrayList<>();
        for (int i = 0; i < metric.labels().size(); i++) {
            tags.add(Tag.of(metric.labels().get(i).text(), values[i]));
        }
        return tags;
    }
}
