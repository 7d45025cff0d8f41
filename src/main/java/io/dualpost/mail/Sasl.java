package io.dualpost.mail;

import io.dualpost.mail.Credentials.Mechanism;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** SASL (RFC 4422) with PLAIN (RFC 4616) and LOGIN: the server side of an exchange, and what a client says in one. */
sealed interface Sasl {
    /** The client's answer to the challenge, decoded; what comes of it. */
    Outcome answered(String octets);

    /** What comes of a message of the client. */
    sealed interface Outcome {
        /** Say this challenge, base64 already, and wait. */
        record Challenge(String text, Sasl next) implements Outcome {}

        /** The exchange is over. */
        record Complete(Credentials credentials) implements Outcome {}

        /** The exchange is over, without credentials. */
        record Failed(Refusal refusal) implements Outcome {}
    }

    /**
     * Begins an exchange.
     *
     * @param argument what the client said behind AUTH: the mechanism and maybe an initial response, where a lone
     *                 {@code =} stands for an empty one (RFC 4954 section 4, RFC 5034 section 4)
     */
    static Outcome begin(String argument) {
        int space = argument.indexOf(' ');
        String name = space < 0 ? argument : argument.substring(0, space);
        Optional<String> initial = space < 0 ? Optional.empty() : Optional.of(argument.substring(space + 1).strip());
        if (name.equalsIgnoreCase("PLAIN")) {
            return initial.map(text -> heard(new Plain(), text.equals("=") ? "" : text))
                    .orElse(new Outcome.Challenge("", new Plain()));
        }
        if (name.equalsIgnoreCase("LOGIN")) {
            return initial.map(text -> heard(new LoginUser(), text.equals("=") ? "" : text))
                    .orElse(new Outcome.Challenge("VXNlcm5hbWU6", new LoginUser()));
        }
        return new Outcome.Failed(Refusal.MECHANISM_UNKNOWN);
    }

    /** The client's line in an exchange: base64, or a lone asterisk to cancel. Strict: bad base64 is never skipped over. */
    static Outcome heard(Sasl exchange, String text) {
        if (text.equals("*")) {
            return new Outcome.Failed(Refusal.AUTH_ABORTED);
        }
        try {
            if (text.length() % 4 != 0) {
                return new Outcome.Failed(Refusal.AUTH_MALFORMED);
            }
            return exchange.answered(new String(Base64.getDecoder().decode(text), StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException _) {
            return new Outcome.Failed(Refusal.AUTH_MALFORMED);
        }
    }

    /** Waits for authorization identity, NUL, user, NUL, password. */
    record Plain() implements Sasl {
        @Override
        public Outcome answered(String octets) {
            String[] parts = octets.split("\0", -1);
            if (parts.length != 3) {
                return new Outcome.Failed(Refusal.AUTH_MALFORMED);
            }
            // To act for somebody else would make the client a master user of the backend.
            if (!parts[0].isEmpty() && !parts[0].equals(parts[1])) {
                return new Outcome.Failed(Refusal.BAD_CREDENTIALS);
            }
            return complete(Mechanism.PLAIN, parts[1], parts[2]);
        }
    }

    /** Waits for the user name. */
    record LoginUser() implements Sasl {
        @Override
        public Outcome answered(String octets) {
            return new Outcome.Challenge("UGFzc3dvcmQ6", new LoginPassword(octets));
        }
    }

    /** Waits for the password. */
    record LoginPassword(String user) implements Sasl {
        @Override
        public Outcome answered(String octets) {
            return complete(Mechanism.LOGIN, user, octets);
        }

        @Override
        public String toString() {
            return "LoginPassword[user=***]";
        }
    }

    private static Outcome complete(Mechanism mechanism, String user, String password) {
        return Credentials.of(mechanism, user, password).<Outcome>map(Outcome.Complete::new)
                .orElse(new Outcome.Failed(Refusal.AUTH_MALFORMED));
    }

    /** The client's PLAIN message (RFC 4616 section 2) in base64. */
    static String plain(Credentials credentials) {
        return base64("\0" + credentials.user() + "\0" + credentials.password());
    }

    /** Octets in base64. */
    static String base64(String octets) {
        return Base64.getEncoder().encodeToString(octets.getBytes(StandardCharsets.ISO_8859_1));
    }
}
