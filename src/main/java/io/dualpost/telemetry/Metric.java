package io.dualpost.telemetry;

import java.util.List;

/** Every metric of the program, once: name (without the suffix of counters), labels and help. */
enum Metric {
    BUILD_INFO("dualpost_build_info", "Constant 1 that carries the build.", "version java tls_engine"),
    LISTENER_UP("dualpost_listener_up", "1 if the listener is bound and accepting on this family.", "listener family"),
    CONNECTIONS("dualpost_connections",
            "Client connections, counted when the host role is known, at the latest at their end.",
            "listener family hostrole"),
    CONNECTIONS_ACTIVE("dualpost_connections_active", "Client connections open now.", "listener family"),
    CONNECTIONS_CLOSED("dualpost_connections_closed", "Ended client connections by cause.",
            "listener family hostrole reason"),
    TIMEOUTS("dualpost_timeouts", "Sessions and waits that ran out of patience, by phase.",
            "listener family hostrole phase"),
    LOGINS("dualpost_logins", "Logins that were tried at a backend, by result.", "listener family hostrole result"),
    MESSAGES("dualpost_messages", "Submitted messages by the backend's verdict.", "listener family hostrole outcome"),
    BYTES("dualpost_bytes", "Octets after TLS, as seen from the client side of the proxy.",
            "listener family hostrole direction"),
    BACKEND_UP("dualpost_backend_up", "1 if the backend served last time.", "pool backend"),
    CERTIFICATE_NOT_AFTER("dualpost_tls_certificate_not_after_timestamp_seconds", "When the certificate expires.",
            "certificate");

    private final String metric;
    private final String help;
    private final String labels;

    Metric(String metric, String help, String labels) {
        this.metric = metric;
        this.help = help;
        this.labels = labels;
    }

    String metric() {
        return metric;
    }

    String help() {
        return help;
    }

    List<String> labels() {
        return labels.isEmpty() ? List.of() : List.of(labels.split(" "));
    }
}
