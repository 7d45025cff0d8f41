package io.dualpost.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.config.ExemplarsProperties;
import io.prometheus.metrics.config.PrometheusProperties;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Makes meters from {@link Metric} rows. */
record Meters(PrometheusMeterRegistry registry) {
    // The library's own interval of 90 ms wakes its thread eleven times a second for each histogram that is in use.
    private static final PrometheusProperties RARE_EXEMPLARS = PrometheusProperties.builder()
            .exemplarProperties(ExemplarsProperties.builder().sampleIntervalMilliseconds(2_000).build()).build();

    /** A counter at zero; one value for each label of the row, in order. */
    Counter counter(Metric metric, String... values) {
        return Counter.builder(metric.metric()).description(metric.help()).tags(tags(metric, values))
                .register(registry);
    }

    /** A counter at zero for each constant; its label comes last, behind these values. */
    <E extends Enum<E>> Map<E, Counter> counters(Metric metric, Class<E> type, Collection<E> constants,
            Function<E, String> label, String... values) {
        Map<E, Counter> counters = new EnumMap<>(type);
        for (E constant : constants) {
            String[] all = Arrays.copyOf(values, values.length + 1);
            all[values.length] = label.apply(constant);
            counters.put(constant, counter(metric, all));
        }
        return counters;
    }

    /** A counter that somebody else counts; asked at each scrape, never falling. */
    void counting(Metric metric, LongSupplier count, String... values) {
        // A counter holds what it counts by a weak reference, its function by a strong one.
        FunctionCounter.builder(metric.metric(), registry, _ -> count.getAsLong())
                .description(metric.help()).tags(tags(metric, values)).register(registry);
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
     * A histogram with classic buckets, for all combinations of its labels. Micrometer's own timers would add a
     * gauge of a maximum that decays.
     */
    Histogram histogram(Metric metric, double... buckets) {
        return Histogram.builder(RARE_EXEMPLARS).name(metric.metric()).help(metric.help())
                .labelNames(metric.labels().stream().map(Label::text).toArray(String[]::new)).classicOnly()
                .classicUpperBounds(buckets).register(registry.getPrometheusRegistry());
    }

    /** A gauge of constant 1 whose labels carry facts; of a gauge Micrometer would cut off the suffix. */
    Info info(Metric metric) {
        return Info.builder().name(metric.metric()).help(metric.help())
                .labelNames(metric.labels().stream().map(Label::text).toArray(String[]::new))
                .register(registry.getPrometheusRegistry());
    }

    private static List<Tag> tags(Metric metric, String... values) {
        List<Tag> tags = new ArrayList<>();
        for (int i = 0; i < metric.labels().size(); i++) {
            tags.add(Tag.of(metric.labels().get(i).text(), values[i]));
        }
        return tags;
    }
}
