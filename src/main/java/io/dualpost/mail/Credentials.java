package io.dualpost.mail;

import java.util.Locale;
import java.util.Optional;

/** A user name and a password, as octets (one in each character); both fit into a {@link Line}. Prints neither. */
public final class Credentials {
    // Both in one PLAIN message are 6,148 octets of base64. A backend may hang up on more than it reads (Dovecot on more
    // than 8,192), and any client could make it seem out of order.
    private static final int USER_AT_MOST = 512;
    private static final int PASSWORD_AT_MOST = 4096;

    private final Mechanism mechanism;
    private final String user;
    private final String password;

    /** How the client gave its credentials. */
    public enum Mechanism {
        /** POP3's USER and PASS. */
        USER,
        /** SASL PLAIN (RFC 4616). */
        PLAIN,
        /** SASL LOGIN, the old de-facto mechanism. */
        LOGIN;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** As metrics and records spell it. */
        public String label() {
            return label;
        }
    }

    private Credentials(Mechanism mechanism, String user, String password) {
        this.mechanism = mechanism;
        this.user = user;
        this.password = password;
    }

    /**
     * Credentials, or nothing if one of the two is empty, holds CR, LF or NUL, or is longer than backends read. An empty password is refused because
     * some directories take it for an anonymous login and say yes (RFC 4513 section 5.1.2).
     */
    public static Optional<Credentials> of(Mechanism mechanism, String user, String password) {
        return isSound(user, USER_AT_MOST) && isSound(password, PASSWORD_AT_MOST)
                ? Optional.of(new Credentials(mechanism, user, password))
                : Optional.empty();
    }

    /** How the client gave them. */
    public Mechanism mechanism() {
        return mechanism;
    }

    /** The user name. */
    public String user() {
        return user;
    }

    /** The password; for the backend's line alone. */
    public String password() {
        return password;
    }

    @Override
    public String toString() {
        return "credentials ***";
    }

    private static boolean isSound(String text, int limit) {
        return !text.isEmpty() && text.length() <= limit && text.indexOf('\r') < 0 && text.indexOf('\n') < 0
                && text.indexOf(0) < 0;
    }
}
