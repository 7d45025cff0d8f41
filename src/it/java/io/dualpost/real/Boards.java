package io.dualpost.real;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the boards in {@code grafana/dashboards} ask, with variables as Grafana fills them in. */
final class Boards {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)(?::\\w+)?}|\\$([A-Za-z_]\\w*)");
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((?:(.*),)?\\s*(\\w+)\\)");

    private final List<Question> questions = new ArrayList<>();

    /** One expression: where it stands, whether it is asked for one moment, and the unit of its answer. */
    record Question(String place, String expression, boolean instant, String unit) {
        @Override
        public String toString() {
            return place + ": " + expression;
        }
    }

    /** Reads all boards and finds what their variables stand for. */
    static Boards read(Prometheus prometheus, Map<String, String> times) throws IOException {
        Boards boards = new Boards();
        try (Stream<Path> files = Files.list(World.project().resolve("grafana/dashboards"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".json")).sorted().toList()) {
                boards.add(Tree.of(file), prometheus, times);
            }
        }
        return boards;
    }

    /** All expressions of panels and annotations. */
    List<Question> questions() {
        return questions;
    }

    private void add(Tree board, Prometheus prometheus, Map<String, String> times) throws IOException {
        String uid = board.at("uid").text();
        Map<String, String> variables = new LinkedHashMap<>(times);
        for (Tree variable : board.at("templating", "list").list()) {
            String name = variable.at("name").text();
            switch (variable.at("type").text()) {
                case "query" -> variables.put(name, values(uid + " $" + name, fill(uid, text(variable), variables),
                        prometheus));
                case "datasource" -> variables.put(name, "the only one");
                default -> variables.put(name, variable.at("current", "value").text());
            }
        }
        for (Tree annotation : board.at("annotations", "list").list()) {
            String expression = annotation.at("expr").text();
            if (!expression.isEmpty()) {
                questions.add(new Question(uid + " @ " + annotation.at("name").text(),
                        fill(uid, expression, variables), false, "annotation"));
            }
        }
        for (Tree panel : board.at("panels").list()) {
            Stream.concat(Stream.of(panel), panel.at("panels").list().stream())
                    .forEach(one -> add(uid, one, variables));
        }
    }

    private void add(String uid, Tree panel, Map<String, String> variables) {
        String unit = panel.at("fieldConfig", "defaults", "unit").text();
        for (Tree target : panel.at("targets").list()) {
            questions.add(new Question(uid + " / " + panel.at("title").text() + " " + target.at("refId").text(),
                    fill(uid, target.at("expr").text(), variables), target.at("instant").isTrue(), unit));
        }
    }

    private static String text(Tree variable) {
        String structured = variable.at("query", "query").text();
        return structured.isEmpty() ? variable.at("query").text() : structured;
    }

    /** All of its values, as Grafana writes them into a regular expression. */
    private static String values(String place, String query, Prometheus prometheus) throws IOException {
        Matcher matcher = LABEL_VALUES.matcher(query);
        if (!matcher.matches()) {
            throw new IOException(place + ": " + query + " (expected: label_values(...))");
        }
        String selector = matcher.group(1);
        List<String> values = prometheus.values(matcher.group(2), selector == null ? "" : selector);
        if (values.isEmpty()) {
            throw new IOException(place + ": no values for " + query);
        }
        return values.stream().map(value -> value.replaceAll("([.*+?^${}()|\\[\\]\\\\])", "\\\\\\\\$1"))
                .collect(Collectors.joining("|", "(", ")"));
    }

    private static String fill(String uid, String expression, Map<String, String> variables) {
        return VARIABLE.matcher(expression).replaceAll(match -> {
            String name = match.group(1) == null ? match.group(2) : match.group(1);
            String value = variables.get(name);
            if (value == null) {
                throw new IllegalStateException(uid + ": $" + name + " in " + expression + " (expected: one of "
                        + variables.keySet() + ")");
            }
            return Matcher.quoteReplacement(value);
        });
    }
}
