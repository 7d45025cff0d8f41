package io.dualpost.telemetry;

import io.dualpost.address.Family;
import io.dualpost.address.HostRole;
import io.dualpost.gate.PathVerdict;
import io.dualpost.gate.RefusedNetworks;
import io.dualpost.gate.Withdrawal;
import io.dualpost.mail.Cause;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.Refusal;
import io.dualpost.mail.TlsMode;
import io.dualpost.mail.Verdict;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Every label that a metric may carry. Its values come from a closed list or from the configuration, never from a peer. */
@SuppressWarnings("ImmutableEnumChecker") // its lists are immutable, whatever their type says
enum Label {
    LISTENER("listener", "a listener: service and port, as in `pop-995`"),
    FAMILY("family", labels(Family.values(), Family::label)),
    HOST_ROLE("hostrole", labels(HostRole.values(), HostRole::label)),
    CAUSE("cause", labels(Cause.values(), Cause::label)),
    LIMIT("reason",
            List.of(Refusal.SESSION_LIMIT.label(), Refusal.PREFIX_LIMIT.label(), Refusal.NETWORK_REFUSED.label())),
    HANDSHAKE_FAILURE("reason", labels(HandshakeFailure.values(), HandshakeFailure::label)),
    EARLY_PHASE("phase", labels(Phase.BEFORE_LOGIN, Phase::label)),
    TIMED_PHASE("phase", labels(Phase.TIMED, Phase::label)),
    REFUSAL("reason", labels(Refusal.values(), Refusal::label)),
    ACCEPT_ERROR("reason", labels(AcceptError.values(), AcceptError::label)),
    LOGIN_RESULT("result", labels(LoginResult.values(), LoginResult::label)),
    VERDICT("outcome", labels(Verdict.values(), Verdict::label)),
    CHECK("result", List.of("ok", "failed")),
    CONNECT_RESULT("result", labels(ConnectResult.values(), ConnectResult::label)),
    DIRECTION("direction", List.of("received", "sent")),
    TLS_VERSION("version", List.of("TLSv1.2", "TLSv1.3")),
    RESUMED("resumed", List.of("yes", "no")),
    STARTTLS("outcome", labels(StartTlsOutcome.values(), StartTlsOutcome::label)),
    PATH_VERDICT("verdict", labels(GateMeters.VERDICTS, PathVerdict::label)),
    BROKEN_PATH("verdict", labels(GateMeters.BROKEN, PathVerdict::label)),
    WITHDRAWAL("reason", labels(Withdrawal.Reason.values(), Withdrawal.Reason::label)),
    REFUSED_BY("method", labels(GateMeters.Method.values(), GateMeters.Method::label)),
    NETWORK_ORIGIN("origin", labels(RefusedNetworks.Origin.values(), RefusedNetworks.Origin::label)),
    CERTAINTY("certainty", List.of("account", "estimate")),
    RESCUE_LIST("list", List.of("to_rescue", "to_return")),
    HALF_OPEN("state", List.of("all", "retransmitted")),
    BUFFERS("kind", List.of("direct", "heap")),
    TABLE("table", List.of("networks")),
    HANDLER("handler", List.of("metrics", "live", "ready", "index", "other")),
    CODE("code", List.of("2xx", "4xx", "5xx")),
    LEVEL("level", List.of("error", "warn", "info", "debug")),
    SERVICE("service", "a service"),
    PROTOCOL("protocol", labels(Protocol.values(), Protocol::label)),
    TLS_MODE("tls", labels(TlsMode.values(), TlsMode::label)),
    DUAL("dual", "the name of the dual-stack host"),
    RESCUE("rescue", "the name of the rescue host, or nothing"),
    POOL("pool", "a pool of backends"),
    BACKEND("backend", "a backend: `host:port`"),
    CERTIFICATE("certificate", "the file of a certificate"),
    VERSION("version", "of Dualpost"),
    JAVA("java", "of the Java machine"),
    NETTY("netty", "its version"),
    TRANSPORT("transport", "what drives the sockets: `epoll` or `nio`"),
    HASH("hash", "of the configuration's text"),
    TLS_ENGINE("tls_engine", "what does TLS");

    private final String text;
    private final String source;
    private final List<String> values;

    Label(String text, String source) {
        this.text = text;
        this.source = source;
        this.values = List.of();
    }

    Label(String text, List<String> values) {
        this.text = text;
        this.source = "";
        this.values = values;
    }

    private static <T> List<String> labels(Collection<T> constants, Function<T, String> label) {
        return constants.stream().map(label).toList();
    }

    private static <T> List<String> labels(T[] constants, Function<T, String> label) {
        return Stream.of(constants).map(label).toList();
    }

    /** As metrics spell it. */
    String text() {
        return text;
    }

    /** The closed list, or nothing where the configuration gives the values. */
    List<String> closed() {
        return values;
    }

    /** Its values in words, for the manual. */
    String described() {
        return values.isEmpty() ? source : "`" + String.join("`, `", values) + "`";
    }
}
