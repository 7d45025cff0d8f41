package io.dualpost.demo;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * The credentials of SASL PLAIN (RFC 4616).
 *
 * @param user     never empty
 * @param password octets as characters of ISO-8859-1
 */
record Plain(String user, String password) {
    /** Reads a response in base64; nothing if it is broken or somebody wants to act for somebody else. */
    static Optional<Plain> of(String response) {
        Optional<String> text = decode(response);
        String[] parts = text.orElse("").split("\0", -1);
        if (parts.length != 3 || parts[1].isEmpty() || (!parts[0].isEmpty() && !parts[0].equals(parts[1]))) {
            return Optional.empty();
        }
        return Optional.of(new Plain(parts[1], parts[2]));
    }

    /** Base64 as SASL has it, with {@code =} for nothing at all. */
    static Optional<String> decode(String base64) {
        if (base64.equals("=")) {
            return Optional.of("");
        }
        try {
            return Optional.of(new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** The user alone. */
    @Override
    public String toString() {
        return user;
    }
}
