package io.dualpost.telemetry;

import java.util.Map;

/** Writes {@code name=value} pairs; a value that is more than a plain word stands in quotes, escaped as in JSON. */
public final class KeyValue implements Fields {
    private final StringBuilder text = new StringBuilder(1024);

    @Override
    public KeyValue put(String name, String value) {
        return raw(name, isPlain(value) ? value : Json.quoted(value));
    }

    @Override
    public KeyValue put(String name, long value) {
        return raw(name, Long.toString(value));
    }

    @Override
    public KeyValue put(String name, boolean value) {
        return raw(name, Boolean.toString(value));
    }

    @Override
    public KeyValue put(String name, Map<Phase, Long> nanos) {
        nanos.forEach((phase, at) -> put(name + "." + phase.label(), at / 1_000_000));
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private KeyValue raw(String name, String value) {
        if (!text.isEmpty()) {
            text.append(' ');
        }
        text.append(name).append('=').append(value);
        return this;
    }

    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c > '~' || c == '"' || c == '\\' || c == '=') {
                return false;
            }
        }
        return !value.isEmpty();
    }
}
