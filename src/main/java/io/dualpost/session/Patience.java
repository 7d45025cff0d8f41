package io.dualpost.session;

import java.time.Duration;

/**
 * How long each phase of a session may last in all, whatever trickles in meanwhile; {@code idle} alone starts anew with
 * each octet that moves.
 *
 * @param proxyHeader for the whole PROXY header; at least 3 s
 * @param tls         for a TLS handshake
 * @param greeting    from the greeting to the client's first command
 * @param auth        from the first command to credentials that are worth a try
 * @param connect     to reach a backend: name, TCP, TLS and greeting; each backend that is tried has as long
 * @param login       for a backend's answer to the login
 * @param idle        without an octet in either direction after login; at least 10 min for POP3 (RFC 1939 section 3), 5 min for
 *                    submission (RFC 5321 section 4.5.3.2.7)
 * @param finalDot    for a backend's answer to a whole message; at least 10 min (RFC 5321 section 4.5.3.2.6)
 */
public record Patience(Duration proxyHeader, Duration tls, Duration greeting, Duration auth, Duration connect,
        Duration login, Duration idle, Duration finalDot) {}
