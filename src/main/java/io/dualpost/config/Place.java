package io.dualpost.config;

import java.util.Optional;

/**
 * Where a key or value stands.
 *
 * @param source the file
 * @param line   from 1; 0 for the file as a whole
 * @param column from 1; 0 for the file as a whole
 * @param key    path of keys that leads here
 */
record Place(Source source, int line, int column, String key) {
    /** A problem at this place. */
    Problem problem(String found, String expected, Optional<String> hint) {
        return new Problem(source.file(), line, column, key, found, expected, hint, source.line(line));
    }

    /** {@code file:line:column}. */
    @Override
    public String toString() {
        return line == 0 ? source.file().toString() : source.file() + ":" + line + ":" + column;
    }
}
