package io.dualpost.telemetry;

import io.dualpost.address.Family;
import io.dualpost.address.HostRole;
import io.dualpost.gate.PathVerdict;
import io.dualpost.gate.Withdrawal;
import io.dualpost.mail.Cause;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.Refusal;
import io.dualpost.mail.TlsMode;
import io.dualpost.mail.Verdict;
import io.micrometer.core.instrument.Counter;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The meters of one listener, found once, so that a session looks nothing up by text; any thread may use them. */
public final class ListenerMeters {
    /** The counters of one family and host role. */
    record Cell(Counter connections, Map<LoginResult, Counter> logins) {}

    /** What is measured per family alone. */
    record Row(AtomicInteger active, AtomicInteger sockets, Map<Refusal, Counter> refused, Map<Cause, Counter> closed,
            Map<Phase, Counter> lost, Map<AcceptError, Counter> acceptErrors, Map<Phase, Counter> timeouts,
            Map<Refusal, Counter> refusals, Map<PathVerdict, Counter> paths,
            Map<Withdrawal.Reason, AtomicInteger> withdrawn,
            Tls tls, Counter received, Counter sent, Optional<Mail> mail,
            DistributionDataPoint session, DistributionDataPoint firstByte, DistributionDataPoint login) {}

    /** Handshakes, by version and whether they were resumed, and what else TLS has. */
    record Tls(Map<String, Counter> full, Map<String, Counter> resumed, Map<HandshakeFailure, Counter> failures,
            DistributionDataPoint duration, Map<StartTlsOutcome, Counter> startTls) {}

    /** What only submission has. */
    record Mail(Map<Verdict, Counter> messages, DistributionDataPoint size) {}

    private final String service;
    private final String name;
    private final Protocol protocol;
    private final TlsMode tls;
    private final Map<Family, Map<HostRole, Cell>> cells = new EnumMap<>(Family.class);
    private final Map<Family, Row> rows = new EnumMap<>(Family.class);
    private final Counter fallbacks;
    private final Counter estimatedFallbacks;

    ListenerMeters(Meters meters, Histograms histograms, String service, String name, Protocol protocol, TlsMode tls) {
        this.service = service;
        this.name = name;
        this.protocol = protocol;
        this.tls = tls;
        this.fallbacks = meters.counter(Metric.FALLBACKS, name, "account");
        this.estimatedFallbacks = meters.counter(Metric.FALLBACKS, name, "estimate");
        for (Family family : Family.values()) {
            rows.put(family, row(meters, histograms, family.label()));
            Map<HostRole, Cell> roles = new EnumMap<>(HostRole.class);
            for (HostRole role : HostRole.values()) {
                String[] labels = {name, family.label(), role.label()};
                roles.put(role, new Cell(meters.counter(Metric.CONNECTIONS, labels), meters.counters(Metric.LOGINS,
                        LoginResult.class, List.of(LoginResult.values()), LoginResult::label, labels)));
            }
            cells.put(family, roles);
        }
    }

    /** The service that the listener belongs to. */
    public String service() {
        return service;
    }

    /** The listener's name. */
    public String name() {
        return name;
    }

    /** What it speaks. */
    public Protocol protocol() {
        return protocol;
    }

    /** When TLS begins. */
    TlsMode tls() {
        return tls;
    }

    /** One socket of this family begins or ceases to accept connections. */
    public void up(Family family, boolean accepting) {
        row(family).sockets().addAndGet(accepting ? 1 : -1);
    }

    /** Why the listener does not listen on this family; empty: it does. */
    public void withdrawn(Family family, Optional<Withdrawal.Reason> why) {
        row(family).withdrawn().forEach((reason, cell) -> cell.set(why.filter(reason::equals).isPresent() ? 1 : 0));
    }

    /** A connection stood still in its first seconds. */
    public void stalled(Family family, PathVerdict verdict) {
        of(row(family).paths(), verdict).increment();
    }

    void fellBack(boolean estimate) {
        (estimate ? estimatedFallbacks : fallbacks).increment();
    }

    /** A connection could not be taken from the kernel. */
    public void acceptFailed(Family family, AcceptError error) {
        of(row(family).acceptErrors(), error).increment();
    }

    Row row(Family family) {
        return of(rows, family);
    }

    Cell cell(Family family, HostRole role) {
        return of(of(cells, family), role);
    }

    /** The value of a key that is certainly there. */
    static <K, V> V of(Map<K, V> complete, K key) {
        V value = complete.get(key);
        if (value == null) {
            throw new IllegalStateException("nothing for " + key + " (expected: every constant is there)");
        }
        return value;
    }

    private Row row(Meters meters, Histograms histograms, String family) {
        Of of = new Of(meters, family);
        AtomicInteger sockets = new AtomicInteger();
        meters.gauge(Metric.LISTENER_UP, () -> sockets.get() > 0 ? 1 : 0, name, family);
        return new Row(meters.gauge(Metric.CONNECTIONS_ACTIVE, name, family), sockets,
                of.each(Metric.CONNECTIONS_REFUSED, Refusal.class,
                        List.of(Refusal.SESSION_LIMIT, Refusal.PREFIX_LIMIT, Refusal.NETWORK_REFUSED), Refusal::label),
                of.each(Metric.CONNECTIONS_CLOSED, Cause.class, List.of(Cause.values()), Cause::label),
                of.each(Metric.CONNECTIONS_LOST, Phase.class, Phase.BEFORE_LOGIN, Phase::label),
                of.each(Metric.ACCEPT_ERRORS, AcceptError.class, List.of(AcceptError.values()), AcceptError::label),
                of.each(Metric.TIMEOUTS, Phase.class, Phase.TIMED, Phase::label),
                of.each(Metric.REFUSALS, Refusal.class, List.of(Refusal.values()), Refusal::label),
                of.each(Metric.GUARD_VERDICTS, PathVerdict.class, GateMeters.VERDICTS, PathVerdict::label),
                of.withdrawn(),
                new Tls(of.handshakes("no"), of.handshakes("yes"),
                        of.each(Metric.TLS_HANDSHAKE_FAILURES, HandshakeFailure.class,
                                List.of(HandshakeFailure.values()), HandshakeFailure::label),
                        histograms.handshake().labelValues(name, family),
                        of.each(Metric.STARTTLS, StartTlsOutcome.class,
                                tls == TlsMode.STARTTLS ? List.of(StartTlsOutcome.values()) : List.of(),
                                StartTlsOutcome::label)),
                meters.counter(Metric.BYTES, name, family, "received"),
                meters.counter(Metric.BYTES, name, family, "sent"),
                protocol == Protocol.SUBMISSION
                        ? Optional.of(new Mail(of.each(Metric.MESSAGES, Verdict.class, List.of(Verdict.values()),
                                Verdict::label), histograms.messageSize().labelValues(name, family)))
                        : Optional.empty(),
                histograms.session().labelValues(name, family), histograms.firstByte().labelValues(name, family),
                histograms.login().labelValues(name, family));
    }

    /** Makes the counters of one family. */
    private final class Of {
        private final Meters meters;
        private final String family;

        Of(Meters meters, String family) {
            this.meters = meters;
            this.family = family;
        }

        <E extends Enum<E>> Map<E, Counter> each(Metric metric, Class<E> type, Collection<E> constants,
                Function<E, String> label) {
            return meters.counters(metric, type, constants, label, name, family);
        }

        Map<Withdrawal.Reason, AtomicInteger> withdrawn() {
            Map<Withdrawal.Reason, AtomicInteger> cells = new EnumMap<>(Withdrawal.Reason.class);
            for (Withdrawal.Reason reason : Withdrawal.Reason.values()) {
                cells.put(reason, meters.gauge(Metric.LISTENER_WITHDRAWN, name, family, reason.label()));
            }
            return cells;
        }

        Map<String, Counter> handshakes(String resumed) {
            return Label.TLS_VERSION.closed().stream().collect(java.util.stream.Collectors.toUnmodifiableMap(
                    Function.identity(),
                    version -> meters.counter(Metric.TLS_HANDSHAKES, name, family, version, resumed)));
        }
    }
}
