package io.dualpost.config;

import io.dualpost.telemetry.Json;
import java.util.List;
import java.util.Map;

/** Writes maps, lists, texts, numbers and truth values as JSON (RFC 8259). */
final class JsonTree {
    private final StringBuilder out = new StringBuilder();
    private final boolean pretty;

    private JsonTree(boolean pretty) {
        this.pretty = pretty;
    }

    /** On one line. */
    static String line(Object value) {
        return new JsonTree(false).value(value, 0).out.toString();
    }

    /** Indented by two, with a line feed at the end. */
    static String pages(Object value) {
        return new JsonTree(true).value(value, 0).out.append('\n').toString();
    }

    private JsonTree value(Object value, int depth) {
        switch (value) {
            case Map<?, ?> map -> {
                out.append('{');
                boolean first = true;
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    separate(first, depth + 1);
                    text(String.valueOf(entry.getKey())).out.append(pretty ? ": " : ":");
                    value(entry.getValue(), depth + 1);
                    first = false;
                }
                close('}', first, depth);
            }
            case List<?> list -> {
                out.append('[');
                boolean first = true;
                for (Object item : list) {
                    separate(first, depth + 1);
                    value(item, depth + 1);
                    first = false;
                }
                close(']', first, depth);
            }
            case String text -> text(text);
            case Number number -> out.append(number);
            case Boolean truth -> out.append(truth);
            default -> throw new IllegalArgumentException(value.getClass() + " (expected: a JSON value)");
        }
        return this;
    }

    private void separate(boolean first, int depth) {
        out.append(first ? "" : ",");
        if (pretty) {
            out.append('\n').repeat("  ", depth);
        }
    }

    private void close(char bracket, boolean empty, int depth) {
        if (pretty && !empty) {
            out.append('\n').repeat("  ", depth);
        }
        out.append(bracket);
    }

    private JsonTree text(String text) {
        out.append(Json.quoted(text));
        return this;
    }
}
