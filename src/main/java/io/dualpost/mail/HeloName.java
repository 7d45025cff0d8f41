package io.dualpost.mail;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the client called itself in EHLO or HELO, if that is fit to be repeated to a backend: the characters of a host
 * name or an address literal, at most 255 (RFC 5321 section 4.1.3). Anything else stays with the proxy.
 *
 * @param text the name, or nothing
 */
public record HeloName(Optional<String> text) {
    /** No name: POP3, or a name that is not fit. */
    public static final HeloName NONE = new HeloName(Optional.empty());
    private static final Pattern FIT = Pattern.compile("[A-Za-z0-9._-]+|\\[[A-Za-z0-9.:_-]+]");

    /** The name as far as it is fit. */
    public static HeloName of(String argument) {
        return argument.length() <= 255 && FIT.matcher(argument).matches()
                ? new HeloName(Optional.of(argument))
                : NONE;
    }
}
