package io.dualpost.telemetry;

import java.util.Map;

/** Writes one JSON object (RFC 8259), field by field. Names are the program's own: plain words, written as they are. */
public final class Json implements Fields {
    private final StringBuilder text = new StringBuilder(1024).append('{');

    /** A string field. */
    @Override
    public Json put(String name, String value) {
        key(name);
        quote(value, text);
        return this;
    }

    /** A number field. */
    @Override
    public Json put(String name, long value) {
        key(name);
        text.append(value);
        return this;
    }

    /** A number field. */
    public Json put(String name, double value) {
        key(name);
        text.append(value);
        return this;
    }

    /** A truth field. */
    @Override
    public Json put(String name, boolean value) {
        key(name);
        text.append(value);
        return this;
    }

    @Override
    public Json put(String name, Map<Phase, Long> nanos) {
        key(name);
        text.append('{');
        nanos.forEach((phase, at) -> put(phase.label(), at / 1_000_000));
        text.append('}');
        return this;
    }

    /** A field whose value is JSON already. */
    public Json raw(String name, String json) {
        key(name);
        text.append(json);
        return this;
    }

    /** The whole object; more fields may follow. */
    @Override
    public String toString() {
        String whole = text.append('}').toString();
        text.setLength(text.length() - 1);
        return whole;
    }

    /** A JSON string, quotes included; control characters and line separators escaped, so that it stays one line. */
    public static String quoted(String value) {
        StringBuilder quoted = new StringBuilder(value.length() + 2);
        quote(value, quoted);
        return quoted.toString();
    }

    // One of these a field for each session: plain stretches are copied whole.
    private static void quote(String value, StringBuilder out) {
        out.append('"');
        int copied = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean ascii = c >= ' ' && c < 0x7f;
            if (ascii ? (c == '"' || c == '\\') : isUnsafe(value, i)) {
                out.append(value, copied, i);
                escape(c, out);
                copied = i + 1;
            }
        }
        out.append(value, copied, value.length()).append('"');
    }

    private static void escape(char c, StringBuilder out) {
        switch (c) {
            case '"', '\\' -> out.append('\\').append(c);
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> out.append(String.format("\\u%04x", (int) c));
        }
    }

    private static boolean isUnsafe(String value, int i) {
        char c = value.charAt(i);
        return c < 0xa0 || Character.getType(c) == Character.FORMAT || c == '\u2028' || c == '\u2029'
                || (Character.isSurrogate(c) && !paired(value, i));
    }

    private static boolean paired(String value, int i) {
        return Character.isHighSurrogate(value.charAt(i))
                ? i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(value.charAt(i - 1));
    }

    private void key(String name) {
        if (text.charAt(text.length() - 1) != '{') {
            text.append(',');
        }
        text.append('"').append(name).append("\":");
    }
}
