package io.dualpost.telemetry;

import java.util.Map;

/** Writes the fields of one line of the log. Whatever the values are, it stays one line of printable characters. */
public sealed interface Fields permits Json, KeyValue {
    /** A field of text. */
    Fields put(String name, String value);

    /** A field of a number. */
    Fields put(String name, long value);

    /** A field of a truth. */
    Fields put(String name, boolean value);

    /** Milliseconds of each phase under one name, of nanoseconds. */
    Fields put(String name, Map<Phase, Long> nanos);

    /** The whole line. */
    @Override
    String toString();
}
