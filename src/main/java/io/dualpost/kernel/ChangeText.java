package io.dualpost.kernel;

import io.dualpost.address.Prefix;
import java.util.Collection;
import java.util.stream.Collectors;

/** Prefixes as the log names them: many, but not all of a great many. */
final class ChangeText {
    private static final int SHOWN = 20;

    private ChangeText() {}

    static String of(Collection<?> some) {
        if (some.isEmpty()) {
            return "none";
        }
        String text = some.stream().limit(SHOWN).map(ChangeText::of).collect(Collectors.joining(", "));
        return some.size() <= SHOWN ? text : text + " and " + (some.size() - SHOWN) + " more";
    }

    private static String of(Object one) {
        return one instanceof RefusedPrefix(Prefix prefix, int seconds) ? prefix + " for " + seconds + " s"
                : one.toString();
    }
}
