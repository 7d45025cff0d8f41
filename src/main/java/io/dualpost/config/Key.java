package io.dualpost.config;

import java.util.Optional;

/**
 * One key of the configuration: all that reader, schema and reference know of it.
 *
 * @param name     as it is written
 * @param kind     what its value may be
 * @param required whether it must be there
 * @param standard the value that holds where it is not written, as one would write it
 * @param docs     what it means, in full sentences
 */
record Key<T>(String name, Kind<T> kind, boolean required, Optional<String> standard, String docs) {
    static <T> Key<T> required(String name, Kind<T> kind, String docs) {
        return new Key<>(name, kind, true, Optional.empty(), docs);
    }

    static <T> Key<T> optional(String name, Kind<T> kind, String docs) {
        return new Key<>(name, kind, false, Optional.empty(), docs);
    }

    static <T> Key<T> standard(String name, ScalarKind<T> kind, String standard, String docs) {
        return new Key<>(name, kind, false, Optional.of(standard), docs);
    }

    /** The value that holds where none is written. */
    Optional<T> standardValue() {
        if (standard.isEmpty() || !(kind instanceof ScalarKind<T> scalar)) {
            return Optional.empty();
        }
        try {
            return Optional.of(scalar.reading().read(standard.get()));
        } catch (Unfit wrong) {
            throw new IllegalStateException(
                    name + ": default " + standard.get() + " (expected: " + kind.expected() + ")",
                    wrong);
        }
    }
}
