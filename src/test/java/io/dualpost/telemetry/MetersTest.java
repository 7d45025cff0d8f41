package io.dualpost.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MetersTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void whatSomebodyElseCountsIsStillAskedAfterACollection() {
        AtomicLong count = new AtomicLong(1);
        count(count);
        for (WeakReference<Object> other = new WeakReference<>(new Object()); other.get() != null;) {
            System.gc();
        }
        count.set(5);

        assertThat(registry.scrape()).contains("dualpost_gate_refusals_total{method=\"kernel\"} 5.0\n");
    }

    /** In a frame of its own, so that nothing on the stack keeps the supplier. */
    private void count(AtomicLong count) {
        LongSupplier supplier = count::get;
        new Meters(registry).counting(Metric.GATE_REFUSALS, supplier, "kernel");
    }
}
