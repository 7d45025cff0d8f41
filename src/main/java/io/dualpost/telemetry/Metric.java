package io.dualpost.telemetry;

import static io.dualpost.telemetry.Label.BACKEND;
import static io.dualpost.telemetry.Label.FAMILY;
import static io.dualpost.telemetry.Label.HOST_ROLE;
import static io.dualpost.telemetry.Label.LISTENER;
import static io.dualpost.telemetry.Label.POOL;

import java.util.List;

/** Every metric of the program, once: type, name (without the suffix of counters), help and labels. */
@SuppressWarnings("ImmutableEnumChecker") // its lists are immutable, whatever their type says
enum Metric {
    BUILD_INFO(Type.GAUGE, "dualpost_build_info", "Constant 1 that carries the build.", Label.VERSION, Label.JAVA,
            Label.TLS_ENGINE),
    DRAINING(Type.GAUGE, "dualpost_draining", "1 while the proxy is stopping."),
    LISTENER_UP(Type.GAUGE, "dualpost_listener_up", "1 if the listener is bound and accepting on this family.",
            LISTENER, FAMILY),
    CONNECTIONS(Type.COUNTER, "dualpost_connections",
            "Client connections, counted when the host role is known, at the latest at their end.", LISTENER, FAMILY,
            HOST_ROLE),
    CONNECTIONS_ACTIVE(Type.GAUGE, "dualpost_connections_active", "Client connections open now.", LISTENER, FAMILY),
    CONNECTIONS_LIMIT(Type.GAUGE, "dualpost_connections_limit", "Client connections that may be open at once, in all."),
    CONNECTIONS_REFUSED(Type.COUNTER, "dualpost_connections_refused", "Client connections above a limit.", LISTENER,
            FAMILY, Label.LIMIT),
    CONNECTIONS_CLOSED(Type.COUNTER, "dualpost_connections_closed", "Ended client connections by cause.", LISTENER,
            FAMILY, HOST_ROLE, Label.CAUSE),
    SESSION_DURATION(Type.HISTOGRAM, "dualpost_session_duration_seconds", "From accept to the end of the session.",
            LISTENER, FAMILY),
    FIRST_BYTE(Type.HISTOGRAM, "dualpost_first_byte_seconds",
            "From accept until the greeting was handed to the kernel.", LISTENER, FAMILY),
    TIMEOUTS(Type.COUNTER, "dualpost_timeouts", "Sessions and waits that ran out of patience, by phase.", LISTENER,
            FAMILY, HOST_ROLE, Label.PHASE),
    TLS_HANDSHAKES(Type.COUNTER, "dualpost_tls_handshakes", "TLS handshakes that were completed.", LISTENER, FAMILY,
            Label.TLS_VERSION),
    TLS_HANDSHAKE_FAILURES(Type.COUNTER, "dualpost_tls_handshake_failures",
            "TLS handshakes that failed; time-outs are counted elsewhere.", LISTENER, FAMILY,
            Label.HANDSHAKE_FAILURE),
    TLS_HANDSHAKE_DURATION(Type.HISTOGRAM, "dualpost_tls_handshake_duration_seconds",
            "From the moment TLS may begin until it is on.", LISTENER, FAMILY),
    CERTIFICATE_NOT_AFTER(Type.GAUGE, "dualpost_tls_certificate_not_after_timestamp_seconds",
            "When the certificate expires.", Label.CERTIFICATE),
    LOGINS(Type.COUNTER, "dualpost_logins", "Logins that were tried at a backend, by result.", LISTENER, FAMILY,
            HOST_ROLE, Label.LOGIN_RESULT),
    LOGIN_DURATION(Type.HISTOGRAM, "dualpost_login_duration_seconds",
            "From credentials to the answer of the login, all backends that were tried together.", LISTENER, FAMILY),
    MESSAGES(Type.COUNTER, "dualpost_messages", "Submitted messages by the backend's verdict.", LISTENER, FAMILY,
            HOST_ROLE, Label.VERDICT),
    BYTES(Type.COUNTER, "dualpost_bytes", "Octets after TLS, as seen from the client side of the proxy.", LISTENER,
            FAMILY, HOST_ROLE, Label.DIRECTION),
    BACKEND_UP(Type.GAUGE, "dualpost_backend_up", "1 if the backend served last time.", POOL, BACKEND),
    INTERNAL_ERRORS(Type.COUNTER, "dualpost_internal_errors", "Faults of the proxy itself; must stay 0.");

    /** What Prometheus makes of it. */
    enum Type {
        COUNTER, GAUGE, HISTOGRAM
    }

    private final Type type;
    private final String metric;
    private final String help;
    private final List<Label> labels;

    Metric(Type type, String metric, String help, Label... labels) {
        this.type = type;
        this.metric = metric;
        this.help = help;
        this.labels = List.of(labels);
    }

    Type type() {
        return type;
    }

    String metric() {
        return metric;
    }

    String help() {
        return help;
    }

    List<Label> labels() {
        return labels;
    }
}
