package io.dualpost.admin;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Rows for people, in columns that are as wide as the widest cell. */
final class Table {
    private Table() {}

    /** The lines, each with its line feed; rows are made twice, so that none is kept. */
    static <T> Stream<String> lines(List<String> heads, List<T> items, Function<T, List<String>> row) {
        int[] widths = heads.stream().mapToInt(Table::width).toArray();
        for (T item : items) {
            List<String> cells = row.apply(item);
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(harmless(cells.get(i))));
            }
        }
        return Stream.concat(Stream.of(heads), items.stream().map(row)).map(cells -> line(cells, widths));
    }

    /** Without anything that a terminal would obey or that would put characters into another order. */
    static String harmless(String text) {
        if (text.codePoints().noneMatch(Table::isHarmful)) {
            return text;
        }
        return text.codePoints()
                .mapToObj(c -> isHarmful(c) ? "\\u{" + Integer.toHexString(c) + "}" : Character.toString(c))
                .collect(Collectors.joining());
    }

    private static boolean isHarmful(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE, Character.UNASSIGNED, Character.PRIVATE_USE ->
                true;
            default -> false;
        };
    }

    private static String line(List<String> cells, int[] widths) {
        String line = IntStream.range(0, widths.length).mapToObj(i -> {
            String cell = harmless(cells.get(i));
            return cell + " ".repeat(Math.max(0, widths[i] - width(cell)));
        }).collect(Collectors.joining("  "));
        return line.stripTrailing() + "\n";
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
