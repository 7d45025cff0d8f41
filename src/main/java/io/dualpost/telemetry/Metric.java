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
            Label.NETTY, Label.TRANSPORT, Label.TLS_ENGINE),
    START_TIME(Type.GAUGE, "dualpost_start_time_seconds", "When the proxy began to start, Unix time."),
    CONFIG_INFO(Type.GAUGE, "dualpost_config_info", "Constant 1 that carries a hash of the configuration in force.",
            Label.HASH),
    DRAINING(Type.GAUGE, "dualpost_draining", "1 while the proxy is stopping."),
    SERVICE_INFO(Type.GAUGE, "dualpost_service_info", "Constant 1 that carries a service's hosts and pool.",
            Label.SERVICE, POOL, Label.DUAL, Label.RESCUE),
    LISTENER_INFO(Type.GAUGE, "dualpost_listener_info", "Constant 1 that carries what a listener is.", LISTENER,
            Label.SERVICE, Label.PROTOCOL, Label.TLS_MODE),
    LISTENER_UP(Type.GAUGE, "dualpost_listener_up", "1 if the listener is bound and accepting on this family.",
            LISTENER, FAMILY),
    LISTENER_WITHDRAWN(Type.GAUGE, "dualpost_listener_withdrawn",
            "1 on the reason for which the listener does not listen on this family.", LISTENER, FAMILY,
            Label.WITHDRAWAL),
    CONNECTIONS(Type.COUNTER, "dualpost_connections",
            "Client connections, counted when the host role is known, at the latest at their end.", LISTENER, FAMILY,
            HOST_ROLE),
    CONNECTIONS_ACTIVE(Type.GAUGE, "dualpost_connections_active", "Client connections open now.", LISTENER, FAMILY),
    CONNECTIONS_LIMIT(Type.GAUGE, "dualpost_connections_limit", "Client connections that may be open at once, in all."),
    CONNECTIONS_REFUSED(Type.COUNTER, "dualpost_connections_refused",
            "Client connections above a limit, or from a network whose IPv6 does not work.", LISTENER, FAMILY,
            Label.LIMIT),
    CONNECTIONS_CLOSED(Type.COUNTER, "dualpost_connections_closed", "Ended client connections by cause.", LISTENER,
            FAMILY, Label.CAUSE),
    CONNECTIONS_LOST(Type.COUNTER, "dualpost_connections_lost",
            "Client connections that the client closed, or that broke, before a login, by the phase reached.",
            LISTENER, FAMILY, Label.EARLY_PHASE),
    ACCEPT_ERRORS(Type.COUNTER, "dualpost_accept_errors", "Connections that the kernel could not hand over.", LISTENER,
            FAMILY, Label.ACCEPT_ERROR),
    TIMEOUTS(Type.COUNTER, "dualpost_timeouts", "Sessions and waits that ran out of patience, by phase.", LISTENER,
            FAMILY, Label.TIMED_PHASE),
    REFUSALS(Type.COUNTER, "dualpost_refusals", "Refusals in words that clients were sent, by reason.", LISTENER,
            FAMILY, Label.REFUSAL),
    SESSION_DURATION(Type.HISTOGRAM, "dualpost_session_duration_seconds", "From accept to the end of the session.",
            LISTENER, FAMILY),
    FIRST_BYTE(Type.HISTOGRAM, "dualpost_first_byte_seconds",
            "From accept until the greeting was handed to the kernel.", LISTENER, FAMILY),
    TLS_HANDSHAKES(Type.COUNTER, "dualpost_tls_handshakes", "TLS handshakes that were completed.", LISTENER, FAMILY,
            Label.TLS_VERSION, Label.RESUMED),
    TLS_HANDSHAKE_FAILURES(Type.COUNTER, "dualpost_tls_handshake_failures",
            "TLS handshakes that failed; time-outs are counted elsewhere.", LISTENER, FAMILY,
            Label.HANDSHAKE_FAILURE),
    TLS_HANDSHAKE_DURATION(Type.HISTOGRAM, "dualpost_tls_handshake_duration_seconds",
            "From the moment TLS may begin until it is on.", LISTENER, FAMILY),
    STARTTLS(Type.COUNTER, "dualpost_tls_starttls",
            "Sessions on listeners that wait for the client's word to start TLS, by what became of it.", LISTENER,
            FAMILY, Label.STARTTLS),
    CERTIFICATE_NOT_AFTER(Type.GAUGE, "dualpost_tls_certificate_not_after_timestamp_seconds",
            "When the certificate expires.", Label.CERTIFICATE),
    LOGINS(Type.COUNTER, "dualpost_logins", "Logins that were tried at a backend, by result.", LISTENER, FAMILY,
            HOST_ROLE, Label.LOGIN_RESULT),
    LOGIN_DURATION(Type.HISTOGRAM, "dualpost_login_duration_seconds",
            "From credentials to the answer of the login, all backends that were tried together.", LISTENER, FAMILY),
    MESSAGES(Type.COUNTER, "dualpost_messages", "Submitted messages whose content had begun, by verdict.", LISTENER,
            FAMILY, Label.VERDICT),
    MESSAGE_SIZE(Type.HISTOGRAM, "dualpost_message_size_bytes",
            "Content of submitted messages that got a verdict, as it came.", LISTENER, FAMILY),
    BYTES(Type.COUNTER, "dualpost_bytes", "Octets after TLS, as seen from the client side of the proxy.", LISTENER,
            FAMILY, Label.DIRECTION),
    BACKEND_UP(Type.GAUGE, "dualpost_backend_up",
            "1 if the backend served last time over this family; 0 also where it has no address of it.", POOL, BACKEND,
            FAMILY),
    BACKEND_ADDRESSES(Type.GAUGE, "dualpost_backend_addresses", "Addresses of the backend that are known.", POOL,
            BACKEND, FAMILY),
    BACKEND_CHECKS(Type.COUNTER, "dualpost_backend_health_checks", "Probes of the backend, by result.", POOL, BACKEND,
            FAMILY, Label.CHECK),
    BACKEND_LOOKUPS(Type.COUNTER, "dualpost_backend_lookups",
            "Look-ups of the backend's name, cached answers included, by result.", POOL, BACKEND, Label.CHECK),
    BACKEND_CONNECTS(Type.COUNTER, "dualpost_backend_connects",
            "Connections to the backend that sessions tried, up to its greeting and TLS, by result.", POOL, BACKEND,
            FAMILY, Label.CONNECT_RESULT),
    BACKEND_CONNECT_DURATION(Type.HISTOGRAM, "dualpost_backend_connect_duration_seconds",
            "From SYN to the backend's greeting, TLS included.", POOL, BACKEND, FAMILY),
    BACKEND_CONNECTIONS_ACTIVE(Type.GAUGE, "dualpost_backend_connections_active",
            "Connections of sessions to the backend that are open now.", POOL, BACKEND, FAMILY),
    GUARD_VERDICTS(Type.COUNTER, "dualpost_guard_verdicts",
            "Connections that stood still in their first seconds, by what was seen of their path.", LISTENER, FAMILY,
            Label.PATH_VERDICT),
    GATE_REFUSALS(Type.COUNTER, "dualpost_gate_refusals",
            "Attempts from refused networks: SYNs that the kernel answered by RST, connections reset after accept, or (in "
                    + "mode observe) let in.",
            Label.REFUSED_BY),
    GATE_NETWORKS(Type.GAUGE, "dualpost_gate_networks", "Networks in the set of refused ones.", Label.NETWORK_ORIGIN),
    GATE_LEARNED(Type.COUNTER, "dualpost_gate_learned", "Times that a network was learned, by the last evidence.",
            Label.BROKEN_PATH),
    GATE_FORGOTTEN(Type.COUNTER, "dualpost_gate_forgotten", "Learned networks that turned out to work again."),
    GATE_KERNEL_UP(Type.GAUGE, "dualpost_gate_kernel_up",
            "1 if the process that lets the kernel refuse networks answers; 0 also where none is configured."),
    HALF_OPEN(Type.GAUGE, "dualpost_half_open_connections",
            "Connections whose client has not answered the SYN-ACK; retransmitted ones are those whose return path may be gone.",
            FAMILY, Label.HALF_OPEN),
    FALLBACKS(Type.COUNTER, "dualpost_client_fallbacks",
            "Accounts that failed over IPv6 and then logged in over IPv4 within 3 minutes, by the listener they came to.",
            LISTENER, Label.CERTAINTY),
    FALLBACK_DELAY(Type.HISTOGRAM, "dualpost_client_fallback_delay_seconds",
            "From an account's failure over IPv6 to its login over IPv4.", Label.CERTAINTY),
    RESCUE_CANDIDATES(Type.GAUGE, "dualpost_rescue_candidates",
            "Accounts that should move to the rescue host, or could leave it.", Label.RESCUE_LIST),
    EVENTLOOP_DELAY(Type.HISTOGRAM, "dualpost_eventloop_delay_seconds",
            "How late a timer of an event loop is, once a second: all sessions of that loop wait as long."),
    EVENTLOOP_PENDING(Type.GAUGE, "dualpost_eventloop_pending_tasks", "Tasks that wait on the event loops."),
    BUFFER_MEMORY(Type.GAUGE, "dualpost_buffer_memory_bytes", "Memory held for network buffers.", Label.BUFFERS),
    TABLE_ENTRIES(Type.GAUGE, "dualpost_table_entries", "Entries of a table that grows with clients.", Label.TABLE),
    HTTP_REQUESTS(Type.COUNTER, "dualpost_http_requests", "Requests to the admin listener.", Label.HANDLER,
            Label.CODE),
    LOG_EVENTS(Type.COUNTER, "dualpost_log_events", "Lines for the log, session records included.", Label.LEVEL),
    LOG_DROPPED(Type.COUNTER, "dualpost_log_dropped",
            "Lines that never reached the log: its queue was full, or the file could not be written."),
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
