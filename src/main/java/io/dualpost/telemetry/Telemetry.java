package io.dualpost.telemetry;

import io.dualpost.address.HostRole;
import io.dualpost.address.Peer;
import io.dualpost.mail.Cause;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.Refusal;
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

    /** Telemetry with the JVM's own metrics under their standard names. */
    public Telemetry(String version, String tlsEngine) {
        JvmMetrics.builder().register(registry.getPrometheusRegistry());
        meters.gauge(Metric.BUILD_INFO, () -> 1, version, Runtime.version().toString(), tlsEngine);
    }

    /** The meters of a listener, all at zero. */
    public ListenerMeters listener(String service, String name, Protocol protocol) {
        return new ListenerMeters(meters, service, name, protocol);
    }

    /** A backend's state, asked at each scrape. */
    public void backend(String pool, String backend, BooleanSupplier isUp) {
        meters.gauge(Metric.BACKEND_UP, () -> isUp.getAsBoolean() ? 1 : 0, pool, backend);
    }

    /** When a certificate expires. */
    public void certificate(String name, Instant notAfter) {
        meters.gauge(Metric.CERTIFICATE_NOT_AFTER, notAfter::getEpochSecond, name);
    }

    /** A session begins; the record is for its event loop alone. */
    public SessionRecord begin(ListenerMeters listener, Peer socket, long now) {
        String id = Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
        return new SessionRecord(listener, id, Instant.now(), now, socket);
    }

    /** The client's family is known for good: the connection counts as open. */
    public void arrived(SessionRecord session) {
        session.listener.active(session.peer().family()).incrementAndGet();
    }

    /** The host role is known, or will never be: the connection counts. To be called once. */
    public void counted(SessionRecord session) {
        cell(session).connections().increment();
    }

    /** A phase ran out of patience. */
    public void timedOut(SessionRecord session, Phase phase) {
        ListenerMeters.of(cell(session).timeouts(), phase).increment();
    }

    /** The backend took a login. */
    public void loggedIn(SessionRecord session) {
        ListenerMeters.of(cell(session).logins(), LoginResult.OK).increment();
    }

    /** A login came to nothing. */
    public void loginFailed(SessionRecord session, Refusal refusal, String detail) {
        session.refused(refusal, detail);
        ListenerMeters.of(cell(session).logins(), LoginResult.of(refusal)).increment();
    }

    /**
     * The session is over: its meters and its line.
     *
     * @param arrived whether {@link #arrived} was called
     */
    public void finished(SessionRecord session, Cause cause, boolean arrived, long now) {
        if (arrived) {
            session.listener.active(session.peer().family()).decrementAndGet();
        }
        ListenerMeters.Cell cell = cell(session);
        ListenerMeters.of(cell.closed(), cause).increment();
        cell.received().increment((double) session.received());
        cell.sent().increment((double) session.sent());
        cell.accepted().increment(session.accepted());
        cell.rejected().increment(session.rejected());
        SESSIONS.info(session.line(cause, now));
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

    private static ListenerMeters.Cell cell(SessionRecord session) {
        HostRole role = session.role();
        return session.listener.cell(session.peer().family(), role);
    }
}
