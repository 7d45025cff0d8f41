package io.dualpost.telemetry;

import io.dualpost.address.HostRole;
import io.dualpost.address.Peer;
import io.dualpost.mail.Cause;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.Refusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes notes of sessions and turns them into meters and log lines; any thread may call it. */
public final class Telemetry {
    private static final Logger SESSIONS = LoggerFactory.getLogger("dualpost.session");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Meters meters = new Meters(registry);
    private final Histograms histograms = Histograms.of(meters);
    private final Counter internalErrors = meters.counter(Metric.INTERNAL_ERRORS);

    /** Telemetry with the JVM's own metrics under their standard names. */
    public Telemetry(String version, String tlsEngine) {
        JvmMetrics.builder().register(registry.getPrometheusRegistry());
        meters.info(Metric.BUILD_INFO, version, Runtime.version().toString(), tlsEngine);
    }

    /** The meters of a listener, all at zero. */
    public ListenerMeters listener(String service, String name, Protocol protocol) {
        return new ListenerMeters(meters, histograms, service, name, protocol);
    }

    /** A backend's state, asked at each scrape. */
    public void backend(String pool, String backend, BooleanSupplier isUp) {
        meters.gauge(Metric.BACKEND_UP, () -> isUp.getAsBoolean() ? 1 : 0, pool, backend);
    }

    /** When a certificate expires. */
    public void certificate(String name, Instant notAfter) {
        meters.gauge(Metric.CERTIFICATE_NOT_AFTER, notAfter::getEpochSecond, name);
    }

    /** How many sessions may be open, and whether the proxy is stopping, asked at each scrape. */
    public void proxy(int limit, BooleanSupplier isStopping) {
        meters.gauge(Metric.CONNECTIONS_LIMIT, () -> limit);
        meters.gauge(Metric.DRAINING, () -> isStopping.getAsBoolean() ? 1 : 0);
    }

    /** A session begins; the record is for its event loop alone. */
    public SessionRecord begin(ListenerMeters listener, Peer socket, long now) {
        String id = Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
        return new SessionRecord(listener, id, Instant.now(), now, socket);
    }

    /** The client's family is known for good: the connection counts as open. */
    public void arrived(SessionRecord session) {
        row(session).active().incrementAndGet();
    }

    /** The host role is known, or will never be: the connection counts. To be called once. */
    public void counted(SessionRecord session) {
        cell(session).connections().increment();
    }

    /** The connection is above a limit. */
    public void turnedAway(SessionRecord session, Refusal limit) {
        session.refused(limit, "");
        ListenerMeters.of(row(session).refused(), limit).increment();
    }

    /** The greeting is on its way. */
    public void greeted(SessionRecord session, long now) {
        row(session).firstByte().observe(session.age(now));
    }

    /**
     * TLS with the client is on.
     *
     * @param began when it might have begun, in monotonic nanoseconds
     */
    public void secured(SessionRecord session, String version, String cipher, long began, long now) {
        session.secured(version, cipher);
        Optional.ofNullable(row(session).handshakes().get(version)).ifPresent(Counter::increment);
        row(session).handshake().observe((now - began) / 1e9);
    }

    /** TLS with the client came to nothing. */
    public void notSecured(SessionRecord session, HandshakeFailure failure, String detail) {
        session.refused(Refusal.TLS_FAILED, detail);
        ListenerMeters.of(row(session).handshakeFailures(), failure).increment();
    }

    /** The proxy itself is at fault. */
    public void internalError() {
        internalErrors.increment();
    }

    /** A phase ran out of patience. */
    public void timedOut(SessionRecord session, Phase phase) {
        ListenerMeters.of(cell(session).timeouts(), phase).increment();
    }

    /** The backend took a login. */
    public void loggedIn(SessionRecord session, long now) {
        row(session).login().observe(session.loginAge(now));
        ListenerMeters.of(cell(session).logins(), LoginResult.OK).increment();
    }

    /** A login came to nothing. */
    public void loginFailed(SessionRecord session, Refusal refusal, String detail, long now) {
        session.refused(refusal, detail);
        row(session).login().observe(session.loginAge(now));
        ListenerMeters.of(cell(session).logins(), LoginResult.of(refusal)).increment();
    }

    /**
     * The session is over: its meters and its line.
     *
     * @param arrived whether {@link #arrived} was called
     */
    public void finished(SessionRecord session, Cause cause, boolean arrived, long now) {
        if (arrived) {
            row(session).active().decrementAndGet();
        }
        row(session).session().observe(session.age(now));
        ListenerMeters.Cell cell = cell(session);
        ListenerMeters.of(cell.closed(), cause).increment();
        cell.received().increment((double) session.received());
        cell.sent().increment((double) session.sent());
        cell.accepted().increment(session.accepted());
        cell.rejected().increment(session.rejected());
        SESSIONS.info(session.line(cause, now));
    }

    /** Every metric with its labels, as a page of the manual in Markdown. */
    public static String reference() {
        return MetricReference.text();
    }

    /** All metrics in the format that the {@code Accept} header asks for. */
    public String scrape(String accept) {
        return registry.scrape(format(accept));
    }

    /** The content type of what {@link #scrape} answers. */
    public static String format(String accept) {
        return Optional.of(accept).filter(text -> text.contains("application/openmetrics-text"))
                .map(_ -> "application/openmetrics-text; version=1.0.0; charset=utf-8")
                .orElse("text/plain; version=0.0.4; charset=utf-8");
    }

    private static ListenerMeters.Row row(SessionRecord session) {
        return session.listener.row(session.peer().family());
    }

    private static ListenerMeters.Cell cell(SessionRecord session) {
        HostRole role = session.role();
        return session.listener.cell(session.peer().family(), role);
    }
}
