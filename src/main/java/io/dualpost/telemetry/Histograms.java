package io.dualpost.telemetry;

import io.prometheus.metrics.core.metrics.Histogram;

/** The histograms of all listeners and backends, in seconds or octets. */
record Histograms(Histogram session, Histogram firstByte, Histogram handshake, Histogram login,
        Histogram messageSize, Histogram connect, Histogram delay, Histogram fallback) {
    // A round trip to the next town takes 5 ms, one to a phone 100 ms; a lost SYN comes again after 1 s and 3 s.
    private static final double[] WAITS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
    private static final double[] LIVES = {0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 3600};

    private static final double[] DELAYS = {0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5};
    // A refused SYN costs a round trip, fast fallback 0.25 s, a guarded stall 3 s, a dropped SYN 20 s to 134 s.
    private static final double[] FALLBACKS = {0.1, 0.25, 0.5, 1, 2.5, 5, 10, 21, 45, 90, 135, 180};
    private static final double[] SIZES = {1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20, 1 << 22, 1 << 24,
            1 << 26};

    static Histograms of(Meters meters) {
        return new Histograms(meters.histogram(Metric.SESSION_DURATION, LIVES),
                meters.histogram(Metric.FIRST_BYTE, WAITS),
                meters.histogram(Metric.TLS_HANDSHAKE_DURATION, WAITS),
                meters.histogram(Metric.LOGIN_DURATION, WAITS),
                meters.histogram(Metric.MESSAGE_SIZE, SIZES), meters.histogram(Metric.BACKEND_CONNECT_DURATION, WAITS),
                meters.histogram(Metric.EVENTLOOP_DELAY, DELAYS),
                meters.histogram(Metric.FALLBACK_DELAY, FALLBACKS));
    }
}
