package io.dualpost.mail;

import java.util.Locale;

/**
 * Every reason to say no: its words in both protocols, what metrics call it, and whom it blames. POP3 words may start
 * with a response code (RFC 2449 section 8, RFC 3206); SMTP words carry an enhanced code (RFC 3463).
 */
public enum Refusal {
    /** The backend does not know user and password together; which of the two is wrong is nobody's business. */
    BAD_CREDENTIALS("[AUTH] Authentication failed.", 535, "5.7.8 Authentication failed", Blame.CLIENT),
    /** Login before TLS. POP3 words carry no code, so that no client asks its user for another password. */
    PLAINTEXT_REFUSED("Login is refused without TLS; use STLS first.", 538,
            "5.7.11 Encryption required for the requested authentication mechanism", Blame.CLIENT),
    /** A mail command before TLS (RFC 3207 section 4). */
    TLS_REQUIRED("Use STLS first.", 530, "5.7.0 Must issue a STARTTLS command first", Blame.CLIENT),
    /** A mail command before login (RFC 4954 section 6). */
    AUTH_REQUIRED("Log in first.", 530, "5.7.0 Authentication required", Blame.CLIENT),
    /** No backend could be reached, or each was out of order for now. */
    BACKEND_UNAVAILABLE("[SYS/TEMP] The mail server is not available; try again later.", 454,
            "4.7.0 Temporary authentication failure, try again later", Blame.BACKEND),
    /** A backend is set up in a way that the proxy cannot work with; the log says how. */
    BACKEND_FAULT("[SYS/TEMP] The mail server is not available; try again later.", 454,
            "4.7.0 Temporary authentication failure, try again later", Blame.BACKEND),
    /** The mailbox is locked (RFC 2449 section 8.1.2). */
    IN_USE("[IN-USE] The mailbox is in use; try again later.", 454, "4.7.0 Mailbox in use, try again later",
            Blame.CLIENT),
    /** The user logged in only just now (RFC 2449 section 8.1.1). */
    LOGIN_DELAY("[LOGIN-DELAY] Too soon after the last login; try again later.", 454,
            "4.7.0 Too soon after the last login, try again later", Blame.CLIENT),
    /** A permanent fault that an administrator must mend (RFC 3206 section 4). */
    BACKEND_PERMANENT("[SYS/PERM] This mailbox is out of order; please tell your provider.", 535,
            "5.7.0 This account is out of order", Blame.BACKEND),
    /** The client cancelled with a lone asterisk. */
    AUTH_ABORTED("Authentication aborted.", 501, "5.7.0 Authentication aborted", Blame.CLIENT),
    /** Not base64, or not what the mechanism has (RFC 4954 section 4). */
    AUTH_MALFORMED("Malformed authentication data.", 501, "5.5.2 Malformed authentication data", Blame.CLIENT),
    /** A mechanism that is not offered. */
    MECHANISM_UNKNOWN("Authentication mechanism not supported.", 504,
            "5.5.4 Authentication mechanism not supported", Blame.CLIENT),
    /** A line longer than the protocol allows. */
    LINE_TOO_LONG("Line too long.", 500, "5.5.6 Line too long", Blame.CLIENT),
    /** CR or NUL inside a line, or a line that a lone LF ends where that is refused. */
    BAD_OCTETS("CR, LF or NUL where none may be.", 500, "5.5.2 CR, LF or NUL where none may be", Blame.CLIENT),
    /** Message content with a bare CR or LF where that is refused. */
    BARE_LINE_ENDING("Bare CR or LF.", 550, "5.6.11 Message content has a bare CR or LF", Blame.CLIENT),
    /** A command that nobody knows. */
    UNKNOWN_COMMAND("Unknown command.", 500, "5.5.2 Command not recognized", Blame.CLIENT),
    /** A command that exists but is not served here. */
    NOT_IMPLEMENTED("Command not supported here.", 502, "5.5.1 Command not supported here", Blame.CLIENT),
    /** A command at the wrong moment. */
    BAD_SEQUENCE("Not now.", 503, "5.5.1 Bad sequence of commands", Blame.CLIENT),
    /** An argument that is missing, not allowed or not understood. */
    BAD_ARGUMENT("Bad argument.", 501, "5.5.4 Bad argument", Blame.CLIENT),
    /** Too many mistakes in one session. */
    TOO_MANY_ERRORS("Too many errors.", 421, "4.7.0 Too many errors", Blame.CLIENT),
    /** Too many failed logins in one session. */
    TOO_MANY_FAILURES("[AUTH] Too many failed logins.", 421, "4.7.0 Too many failed logins", Blame.CLIENT),
    /** A phase ran out of patience. */
    TIMED_OUT("[SYS/TEMP] Timed out.", 421, "4.4.2 Timed out", Blame.CLIENT),
    /** The backend was lost after login. */
    BACKEND_LOST("[SYS/TEMP] Connection to the mail server lost.", 421, "4.3.0 Connection to the mail server lost",
            Blame.BACKEND),
    /** The TLS handshake with the client failed; nobody is there to hear it. */
    TLS_FAILED("TLS failed.", 454, "4.7.0 TLS not available", Blame.CLIENT),
    /** The client's connection broke; nobody is there to hear it. */
    CLIENT_LOST("Connection lost.", 421, "4.4.2 Connection lost", Blame.CLIENT),
    /** As many sessions are open as the proxy may have. */
    SESSION_LIMIT("[SYS/TEMP] Too many connections; try again later.", 421,
            "4.3.2 Too many connections, try again later", Blame.PROXY),
    /** As many sessions are open as one client network may have. */
    PREFIX_LIMIT("[SYS/TEMP] Too many connections from your network; try again later.", 421,
            "4.7.0 Too many connections from your network, try again later", Blame.CLIENT),
    /** IPv6 of the client's network is known not to work; a reset says it, as words would not arrive. */
    NETWORK_REFUSED("[SYS/TEMP] IPv6 does not work from your network; use IPv4.", 421,
            "4.4.2 IPv6 does not work from your network, use IPv4", Blame.CLIENT),
    /** The connection stood still; a reset says it, as words would not arrive. */
    STALLED("[SYS/TEMP] Connection stalled.", 421, "4.4.2 Connection stalled", Blame.CLIENT),
    /** The proxy is stopping. */
    DRAINING("[SYS/TEMP] The server is going down; try again later.", 421,
            "4.3.2 Server is going down, try again later",
            Blame.PROXY),
    /** A fault of the proxy itself. */
    INTERNAL("[SYS/TEMP] Internal error.", 421, "4.3.0 Internal error", Blame.PROXY);

    /** Who must mend the reason. */
    public enum Blame {
        CLIENT, BACKEND, PROXY
    }

    private final String pop3;
    private final String smtp;
    private final Blame blame;
    private final String label = name().toLowerCase(Locale.ROOT);

    Refusal(String pop3, int code, String smtp, Blame blame) {
        this.pop3 = "-ERR " + pop3;
        this.smtp = code + " " + smtp;
        this.blame = blame;
    }

    /** The words in this protocol. */
    public Line words(Protocol protocol) {
        return Line.of(protocol == Protocol.POP3 ? pop3 : smtp);
    }

    /** Who must mend it. */
    public Blame blame() {
        return blame;
    }

    /** As metrics and records spell it. */
    public String label() {
        return label;
    }
}
