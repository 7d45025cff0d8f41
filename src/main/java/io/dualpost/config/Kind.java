package io.dualpost.config;

import java.util.Optional;

/**
 * What a value may be. Everything that reads, describes or draws the schema of the configuration works on these four.
 *
 * @param <T> what it becomes
 */
sealed interface Kind<T> permits ScalarKind, ListKind, NamedKind, Form {
    /** What could stand there, in the words of a problem and of the reference. */
    String expected();

    /** The value of an item, or nothing and a problem. */
    Optional<T> read(Item item, Problems problems);
}
