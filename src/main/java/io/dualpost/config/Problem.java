package io.dualpost.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that is wrong with the configuration, and where.
 *
 * @param file       the file at fault
 * @param line       from 1; 0 where the file as a whole is meant
 * @param column     from 1, in code points; 0 where the file as a whole is meant
 * @param key        path of keys, {@code services.pop.listeners[0].port}; empty at the top
 * @param found      what stands there
 * @param expected   what could stand there
 * @param hint       the cure, where it is not obvious
 * @param sourceLine the line as it stands in the file; empty where the file as a whole is meant
 */
public record Problem(Path file, int line, int column, String key, String found, String expected, Optional<String> hint,
        String sourceLine) {
    private static final int WIDTH = 100;

    /** {@code file:line:column: key: found (expected: what); hint}, then the source line and a caret below. */
    public String text() {
        StringBuilder text = new StringBuilder(file.toString());
        if (line > 0) {
            text.append(':').append(line).append(':').append(column);
        }
        text.append(": ");
        if (!key.isEmpty()) {
            text.append(key).append(": ");
        }
        text.append(found).append(" (expected: ").append(expected).append(')');
        hint.ifPresent(cure -> text.append("; ").append(cure));
        if (line > 0) {
            appendSource(text);
        }
        return text.toString();
    }

    /** The same as one JSON object on one line. */
    public String json() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("file", file.toString());
        members.put("line", line);
        members.put("column", column);
        members.put("key", key);
        members.put("found", found);
        members.put("expected", expected);
        hint.ifPresent(cure -> members.put("hint", cure));
        members.put("source", sourceLine);
        return JsonTree.line(members);
    }

    /** {@link #text()}. */
    @Override
    public String toString() {
        return text();
    }

    /** The indentation goes, and of a long line only the part around the caret stays. */
    private void appendSource(StringBuilder text) {
        int[] points = sourceLine.codePoints().toArray();
        int caret = Math.min(column - 1, points.length);
        int begin = 0;
        while (begin < caret && (points[begin] == ' ' || points[begin] == '\t')) {
            begin++;
        }
        if (points.length - begin > WIDTH) {
            begin = Math.max(begin, caret - WIDTH / 2);
        }
        int end = Math.min(points.length, begin + WIDTH);
        text.append("\n    ").append(new String(points, begin, end - begin).stripTrailing());
        text.append("\n    ").repeat(" ", caret - begin).append('^');
    }
}
