package io.dualpost.telemetry;

import java.util.Map;

/** Writes one flat JSON object (RFC 8259), field by field. */
public final class Json implements Fields {
    private final StringBuilder text = new StringBuilder(512).append('{');

    /** A string field. */
    @Override
    public Json put(String name, String value) {
        return raw(name, quoted(value));
    }

    /** A number field. */
    @Override
    public Json put(String name, long value) {
        return raw(name, Long.toString(value));
    }

    /** A number field. */
    public Json put(String name, double value) {
        return raw(name, Double.toString(value));
    }

    /** A truth field. */
    @Override
    public Json put(String name, boolean value) {
        return raw(name, Boolean.toString(value));
    }

    @Override
    public Json put(String name, Map<String, Long> values) {
        Json inner = new Json();
        values.forEach(inner::put);
        return raw(name, inner.toString());
    }

    /** A field whose value is JSON already. */
    public Json raw(String name, String json) {
        if (text.length() > 1) {
            text.append(',');
        }
        text.append(quoted(name)).append(':').append(json);
        return this;
    }

    /** The whole object. */
    @Override
    public String toString() {
        return text + "}";
    }

    /** A JSON string, quotes included; control characters and line separators escaped, so that it stays one line. */
    public static String quoted(String value) {
        StringBuilder quoted = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == '\u2028' || c == '\u2029'
                            || (Character.isSurrogate(c) && !paired(value, i))) {
                        quoted.append(String.format("\\u%04x", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }

    private static boolean paired(String value, int i) {
        return Character.isHighSurrogate(value.charAt(i))
                ? i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(value.charAt(i - 1));
    }
}
