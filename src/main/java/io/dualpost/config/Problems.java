package io.dualpost.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Collects what is wrong, and what soon will be, while a configuration is read; one thread. */
final class Problems {
    private static final Comparator<Problem> BY_PLACE = Comparator.comparing(Problem::file)
            .thenComparingInt(Problem::line).thenComparingInt(Problem::column);

    private final List<Problem> broken = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    void add(Place place, String found, String expected) {
        broken.add(place.problem(found, expected, Optional.empty()));
    }

    void add(Place place, String found, String expected, String hint) {
        broken.add(place.problem(found, expected, Optional.of(hint)));
    }

    void add(Place place, String found, String expected, Optional<String> hint) {
        broken.add(place.problem(found, expected, hint));
    }

    void warn(Place place, String found, String expected, String hint) {
        warnings.add(place.problem(found, expected, Optional.of(hint)));
    }

    /** Those that forbid to use the configuration, in the order of the files. */
    List<Problem> broken() {
        return broken.stream().sorted(BY_PLACE).toList();
    }

    /** Those that do not, in the order of the files. */
    List<Problem> warnings() {
        return warnings.stream().sorted(BY_PLACE).toList();
    }
}
