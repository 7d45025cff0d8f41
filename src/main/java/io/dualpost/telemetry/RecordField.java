package io.dualpost.telemetry;

/** Every field of a session's record, in the order of the line. */
enum RecordField {
    TIME("time", Kind.STRING, true, "When the session began (RFC 3339, UTC); the line is written at its end."),
    EVENT("event", Kind.STRING, true, "`session`."),
    SESSION("session", Kind.STRING, true, "The session's id; exemplars in the metrics and XCLIENT carry it, too."),
    SERVICE("service", Kind.STRING, true, "The service of the configuration."),
    LISTENER("listener", Kind.STRING, true, "Service and port, as in the metrics."),
    PROTOCOL("protocol", Kind.STRING, true, "`pop3` or `submission`."),
    FAMILY("family", Kind.STRING, true, "`ipv4` or `ipv6`: the client's; an IPv4-mapped address is IPv4."),
    CLIENT("client", Kind.STRING, true, "The client's address in the one canonical form (RFC 5952), without a zone."),
    CLIENT_RECEIVED("client_received", Kind.STRING, false,
            "The address as it was received, where that was another text."),
    CLIENT_PORT("client_port", Kind.INTEGER, true, "The client's port."),
    CLIENT_NET("client_net", Kind.STRING, true, "The client's network: its /24 or its /64."),
    LOCAL("local", Kind.STRING, true, "The address and port that the client reached."),
    VIA("via", Kind.STRING, false, "Who sent the PROXY header."),
    HOST_ROLE("host_role", Kind.STRING, true,
            "`dual`, `rescue`, `other` (a name that is none of ours) or `none` (not known)."),
    HOST("host", Kind.STRING, false, "The name that the client asked for by SNI."),
    TLS_VERSION("tls_version", Kind.STRING, false, "`TLSv1.2` or `TLSv1.3`."),
    TLS_CIPHER("tls_cipher", Kind.STRING, false, "The cipher suite."),
    TLS_RESUMED("tls_resumed", Kind.BOOLEAN, false, "Whether TLS went on from an earlier session."),
    USER("user", Kind.STRING, false, "The user of the last login that was tried, at most 255 characters of it."),
    MECHANISM("mechanism", Kind.STRING, false, "How it was tried: `user`, `plain` or `login`."),
    BACKEND("backend", Kind.STRING, false, "The backend that was reached last, as the configuration has it."),
    BACKEND_ADDRESS("backend_address", Kind.STRING, false, "Its address and port."),
    BACKEND_FAMILY("backend_family", Kind.STRING, false, "`ipv4` or `ipv6`: the proxy's way to the backend."),
    PHASE("phase", Kind.STRING, true, "The last phase before the end."),
    CAUSE("cause", Kind.STRING, true, "Why the session ended."),
    ENDED_BY("ended_by", Kind.STRING, true, "`client`, `proxy` or `backend`."),
    REFUSAL("refusal", Kind.STRING, false,
            "Why the client was last told no, or would have been, had it been there to hear."),
    DETAIL("detail", Kind.STRING, false, "What only the operator should know of that."),
    PATH("path", Kind.STRING, false,
            "What was seen of the path where the connection stood still: `path_mtu`, `return_path`, `client_loss` or `silent`."),
    REACHED("reached_ms", Kind.TIMES, true,
            "When each phase was first reached, in milliseconds since accept; in key=value form `reached_ms.PHASE`."),
    DURATION("duration_ms", Kind.INTEGER, true, "The whole session, in milliseconds."),
    BYTES_RECEIVED("bytes_received", Kind.INTEGER, true, "Octets from the client, after TLS."),
    BYTES_SENT("bytes_sent", Kind.INTEGER, true, "Octets to the client, before TLS."),
    MESSAGES_ACCEPTED("messages_accepted", Kind.INTEGER, true, "Submitted messages that the backend took."),
    MESSAGES_DEFERRED("messages_deferred", Kind.INTEGER, true, "Those that it did not take now."),
    MESSAGES_REJECTED("messages_rejected", Kind.INTEGER, true, "Those that it refused."),
    MESSAGES_ABORTED("messages_aborted", Kind.INTEGER, true, "Those that were given up under way.");

    /** What its value is. */
    enum Kind {
        STRING, INTEGER, BOOLEAN, TIMES
    }

    private final String text;
    private final Kind kind;
    private final boolean always;
    private final String docs;

    RecordField(String text, Kind kind, boolean always, String docs) {
        this.text = text;
        this.kind = kind;
        this.always = always;
        this.docs = docs;
    }

    /** As the line spells it. */
    String text() {
        return text;
    }

    Kind kind() {
        return kind;
    }

    /** Whether it is in every record. */
    boolean always() {
        return always;
    }

    String docs() {
        return docs;
    }
}
