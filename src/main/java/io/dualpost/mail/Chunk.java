package io.dualpost.mail;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What BDAT announces (RFC 3030 section 2).
 *
 * @param octets how many follow, at least 0
 * @param last   whether the message is complete with them
 */
record Chunk(long octets, boolean last) {
    private static final Pattern ARGUMENT = Pattern.compile("([0-9]{1,15})( +LAST)?", Pattern.CASE_INSENSITIVE);

    static Optional<Chunk> parse(String argument) {
        Matcher matcher = ARGUMENT.matcher(argument);
        return matcher.matches()
                ? Optional.of(new Chunk(Long.parseLong(matcher.group(1)), matcher.group(2) != null))
                : Optional.empty();
    }
}
