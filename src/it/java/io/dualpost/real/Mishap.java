package io.dualpost.real;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** What goes wrong, how often by each family (never as often by both), and what each time must be counted as. */
@SuppressWarnings("ImmutableEnumChecker") // acts keep nothing, the list is immutable, whatever their types say
enum Mishap {
    /** A password that is wrong. */
    WRONG_PASSWORD(Mishaps::wrongPassword, 2, 3, "logins_total result bad_credentials",
            "refusals_total reason bad_credentials", "connections_closed_total cause quit"),
    /** A client that does not begin TLS where it must. */
    PLAIN_TEXT(Mishaps::plainText, 3, 4, "tls_handshake_failures_total reason no_tls",
            "connections_closed_total cause tls_failed"),
    /** A client that breaks off as soon as it is there. */
    RESET_AT_ONCE(Mishaps::resetAtOnce, 4, 5, "tls_handshake_failures_total reason reset",
            "connections_lost_total phase tls", "connections_closed_total cause client_reset"),
    /** A client that breaks off in the middle of its first words. */
    RESET_DURING_TLS(Mishaps::resetDuringTls, 5, 6, "tls_handshake_failures_total reason reset",
            "connections_lost_total phase tls", "connections_closed_total cause client_reset"),
    /** A client that says nothing at all. */
    SILENCE(Mishaps::silence, 1, 2, "timeouts_total phase tls", "connections_closed_total cause timeout"),
    /** A client that says nothing at all where patience is longer than the guard's; over IPv4 it would wait for long. */
    STALL(Mishaps::stall, 0, 2, "guard_verdicts_total verdict silent", "connections_closed_total cause stalled"),
    /** A client that says nothing after the greeting. */
    SILENCE_AFTER_GREETING(Mishaps::silenceAfterGreeting, 2, 1, "timeouts_total phase greeting",
            "refusals_total reason timed_out", "connections_closed_total cause timeout"),
    /** A client that breaks off before it logs in. */
    RESET_BEFORE_LOGIN(Mishaps::resetBeforeLogin, 3, 2, "connections_lost_total phase auth",
            "tls_starttls_total outcome unused", "connections_closed_total cause client_reset"),
    /** A client that would send its password readable. */
    WITHOUT_STARTTLS(Mishaps::withoutStartTls, 6, 7, "tls_starttls_total outcome unused",
            "refusals_total reason plaintext_refused", "connections_closed_total cause quit"),
    /** Somebody on the way who puts a command behind STLS. */
    INJECTION(Mishaps::injection, 7, 8, "tls_starttls_total outcome injected",
            "connections_closed_total cause injection"),
    /** A login whose backend is dead; IPv6 is withdrawn there. */
    DEAD_BACKEND(Mishaps::deadBackend, 8, 0, "logins_total result backend_unavailable",
            "refusals_total reason backend_unavailable", "connections_closed_total cause quit"),
    /** A client above the limit of its address. */
    ONE_TOO_MANY(Mishaps::oneTooMany, 4, 0, "connections_refused_total reason prefix_limit",
            "connections_closed_total cause limit");

    private final Act act;
    private final int overIpv4;
    private final int overIpv6;
    private final List<String> counted;

    Mishap(Act act, int overIpv4, int overIpv6, String... counted) {
        this.act = act;
        this.overIpv4 = overIpv4;
        this.overIpv6 = overIpv6;
        this.counted = List.of(counted);
    }

    /** Goes wrong once, at an address of the proxy. */
    private interface Act {
        void happen(Mishaps mishaps, InetAddress address) throws IOException;
    }

    /** Happens as often as it should, and says so. */
    void happen(Mishaps mishaps, Tally tally) throws IOException {
        for (int i = 0; i < overIpv4; i++) {
            act.happen(mishaps, World.IPV4);
        }
        for (int i = 0; i < overIpv6; i++) {
            act.happen(mishaps, World.IPV6);
        }
        for (String counter : counted) {
            tally.add(counter, "ipv4", overIpv4);
            tally.add(counter, "ipv6", overIpv6);
        }
    }
}
