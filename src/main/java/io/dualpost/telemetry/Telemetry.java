package io.dualpost.telemetry;

import io.dualpost.address.Peer;
import io.dualpost.mail.Cause;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.Refusal;
import io.dualpost.mail.TlsMode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Info;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes notes of sessions and turns them into meters and log lines; any thread may call it. */
public final class Telemetry {
    private static final Logger SESSIONS = LoggerFactory.getLogger("dualpost.session");

    private final LogFormat format;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(new BucketExemplars());
    private final Meters meters = new Meters(registry);
    private final Histograms histograms = Histograms.of(meters);
    private final Info services = meters.info(Metric.SERVICE_INFO);
    private final Info listeners = meters.info(Metric.LISTENER_INFO);
    private final LogMeters log = new LogMeters(meters);
    private final HttpMeters http = new HttpMeters(meters);
    private final GateMeters gate = new GateMeters(meters, histograms);
    private final DistributionDataPoint delay = histograms.delay().labelValues();
    private final Counter internalErrors = meters.counter(Metric.INTERNAL_ERRORS);

    /** Telemetry with the JVM's own metrics under their standard names. */
    public Telemetry(Build build, LogFormat format) {
        this.format = format;
        JvmMeters.register(registry.getPrometheusRegistry());
        meters.info(Metric.BUILD_INFO).addLabelValues(build.version(), Runtime.version().toString(), build.netty(),
                build.transport(), build.tlsEngine());
        long started = Instant.now().getEpochSecond();
        meters.gauge(Metric.START_TIME, () -> started);
    }

    /** Exemplars on buckets only: Micrometer's own choice adds them to counts, which older Prometheus servers refuse. */
    private static final class BucketExemplars implements PrometheusConfig {
        @Override
        public @Nullable String get(String key) {
            return null;
        }

        @Override
        public Properties prometheusProperties() {
            return new Properties();
        }
    }

    /** What runs. */
    public record Build(String version, String netty, String transport, String tlsEngine) {}

    /** A service; its listeners come by {@link #listener}. */
    public void service(String service, String pool, String dual, String rescue) {
        services.addLabelValues(service, pool, dual, rescue);
    }

    /** The meters of a listener, all at zero. */
    public ListenerMeters listener(String service, String name, Protocol protocol, TlsMode tls) {
        listeners.addLabelValues(name, service, protocol.label(), tls.label());
        return new ListenerMeters(meters, histograms, service, name, protocol, tls);
    }

    /** The meters of a backend, all at zero. */
    public BackendMeters backend(String pool, String backend) {
        return new BackendMeters(meters, histograms, pool, backend);
    }

    /** When a certificate expires. */
    public void certificate(String name, Instant notAfter) {
        meters.gauge(Metric.CERTIFICATE_NOT_AFTER, notAfter::getEpochSecond, name);
    }

    /**
     * The proxy itself; all but the constants is asked at each scrape.
     *
     * @param fingerprint of the configuration
     * @param limit       sessions that may be open
     * @param isStopping  whether the proxy is stopping
     * @param networks    client networks that have sessions open
     */
    public void proxy(String fingerprint, int limit, BooleanSupplier isStopping, IntSupplier networks) {
        meters.info(Metric.CONFIG_INFO).addLabelValues(fingerprint);
        meters.gauge(Metric.CONNECTIONS_LIMIT, () -> limit);
        meters.gauge(Metric.DRAINING, () -> isStopping.getAsBoolean() ? 1 : 0);
        meters.gauge(Metric.TABLE_ENTRIES, networks::getAsInt, "networks");
    }

    /** The meters of the gate. */
    public GateMeters gate() {
        return gate;
    }

    /** What event loops wait for and what buffers hold, asked at each scrape. */
    public void loops(IntSupplier pending, LongSupplier direct, LongSupplier heap) {
        meters.gauge(Metric.EVENTLOOP_PENDING, pending::getAsInt);
        meters.gauge(Metric.BUFFER_MEMORY, direct::getAsLong, "direct");
        meters.gauge(Metric.BUFFER_MEMORY, heap::getAsLong, "heap");
    }

    /** A timer of an event loop was so late, in nanoseconds. */
    public void late(long nanos) {
        delay.observe(nanos / 1e9);
    }

    /**
     * A request to the admin listener was answered.
     *
     * @param path   as asked for
     * @param status 200 to 599
     */
    public void answered(String path, int status) {
        http.answered(path, status);
    }

    /** A session begins; the record is for its event loop alone. */
    public SessionRecord begin(ListenerMeters listener, Peer socket, long now) {
        String id = Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
        return new SessionRecord(listener, id, Instant.now(), now, socket);
    }

    /** The client's family is known for good: the connection counts as open. */
    public void arrived(SessionRecord session) {
        session.row().active().incrementAndGet();
    }

    /** The host role is known, or will never be: the connection counts. To be called once. */
    public void counted(SessionRecord session) {
        cell(session).connections().increment();
    }

    /** The connection is above a limit. */
    public void turnedAway(SessionRecord session, Refusal limit) {
        session.refused(limit, "");
        ListenerMeters.of(session.row().refused(), limit).increment();
    }

    /** The greeting is on its way. */
    public void greeted(SessionRecord session, long now) {
        session.observe(session.row().firstByte(), session.age(now));
    }

    /**
     * TLS with the client is on.
     *
     * @param began when it might have begun, in monotonic nanoseconds
     */
    public void secured(SessionRecord session, Secured secured, long began, long now) {
        session.secured(secured);
        ListenerMeters.Tls tls = session.row().tls();
        Optional.ofNullable((secured.resumed() ? tls.resumed() : tls.full()).get(secured.version()))
                .ifPresent(Counter::increment);
        session.observe(tls.duration(), (now - began) / 1e9);
    }

    /** TLS with the client came to nothing. */
    public void notSecured(SessionRecord session, HandshakeFailure failure, String detail) {
        session.refused(Refusal.TLS_FAILED, detail);
        if (failure == HandshakeFailure.CLIENT_ALERT) {
            session.brokenOff();
        }
        ListenerMeters.of(session.row().tls().failures(), failure).increment();
    }

    /** The proxy itself is at fault. */
    public void internalError() {
        internalErrors.increment();
    }

    /** A phase ran out of patience. */
    public void timedOut(SessionRecord session, Phase phase) {
        ListenerMeters.of(session.row().timeouts(), phase).increment();
    }

    /** The backend took a login. */
    public void loggedIn(SessionRecord session, long now) {
        session.loggedIn();
        session.observe(session.row().login(), session.loginAge(now));
        ListenerMeters.of(cell(session).logins(), LoginResult.OK).increment();
    }

    /** A login came to nothing. */
    public void loginFailed(SessionRecord session, Refusal refusal, String detail, long now) {
        session.refused(refusal, detail);
        session.observe(session.row().login(), session.loginAge(now));
        ListenerMeters.of(cell(session).logins(), LoginResult.of(refusal)).increment();
    }

    /**
     * The session is over: its meters and its line.
     *
     * @param arrived whether {@link #arrived} was called
     */
    public void finished(SessionRecord session, Cause cause, boolean arrived, long now) {
        if (arrived) {
            session.row().active().decrementAndGet();
        }
        session.observe(session.row().session(), session.age(now));
        ListenerMeters.of(session.row().closed(), cause).increment();
        session.ended(cause);
        SESSIONS.info(RecordLine.of(session, format, cause, now));
    }

    /** The pages of the manual that the program makes of itself, by file name. */
    public static Map<String, String> manual() {
        return Map.of("metrics.md", MetricReference.text(), "session-records.md", RecordReference.fields(),
                "session-record.schema.json", RecordReference.schema(), "refusals.md", RecordReference.refusals());
    }

    /** Writes the log as the operator wants it from now on, and counts its lines. */
    public Log log(Log.Settings settings) throws IOException {
        return Log.open(settings, log);
    }

    /** All metrics in the format that the {@code Accept} header asks for. */
    public String scrape(String accept) {
        return registry.scrape(format(accept));
    }

    /** How many series a scrape answers. */
    public long series() {
        return scrape("").lines().filter(line -> !line.startsWith("#")).count();
    }

    /** The content type of what {@link #scrape} answers. */
    public static String format(String accept) {
        return Optional.of(accept).filter(text -> text.contains("application/openmetrics-text"))
                .map(_ -> "application/openmetrics-text; version=1.0.0; charset=utf-8")
                .orElse("text/plain; version=0.0.4; charset=utf-8");
    }

    private static ListenerMeters.Cell cell(SessionRecord session) {
        return session.listener.cell(session.peer().family(), session.role());
    }
}
