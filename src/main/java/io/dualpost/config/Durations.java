package io.dualpost.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as text: {@code 500ms}, {@code 30s}, {@code 1h30m}. */
public final class Durations {
    /** As a regular expression of JSON Schema also understands it. */
    static final String PATTERN = "^(?=.)([0-9]{1,9}h)?([0-9]{1,9}m)?([0-9]{1,9}s)?([0-9]{1,9}ms)?$";
    private static final Pattern TEXT = Pattern.compile(PATTERN);

    private Durations() {}

    /** The length of time that a text names, if it names one. */
    public static Optional<Duration> parse(String text) {
        try {
            return Optional.of(read(text));
        } catch (Unfit _) {
            return Optional.empty();
        }
    }

    /** The length of time that a text names. */
    static Duration read(String text) throws Unfit {
        if (text.matches("[0-9]{1,9}")) {
            throw new Unfit("add the unit: " + text + "s, " + text + "m or " + text + "ms");
        }
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new Unfit("write it like 30s, 5m, 1h30m or 500ms");
        }
        return Duration.ofHours(number(parts.group(1), 1)).plusMinutes(number(parts.group(2), 1))
                .plusSeconds(number(parts.group(3), 1)).plusMillis(number(parts.group(4), 2));
    }

    /** The shortest text for a length of time of whole milliseconds. */
    public static String text(Duration time) {
        StringBuilder text = new StringBuilder();
        append(text, time.toHours(), "h");
        append(text, time.toMinutesPart(), "m");
        append(text, time.toSecondsPart(), "s");
        append(text, time.toMillisPart(), "ms");
        return text.isEmpty() ? "0s" : text.toString();
    }

    private static void append(StringBuilder text, long number, String unit) {
        if (number > 0) {
            text.append(number).append(unit);
        }
    }

    private static long number(@org.jspecify.annotations.Nullable String part, int unit) {
        return part == null ? 0 : Long.parseLong(part.substring(0, part.length() - unit));
    }
}
