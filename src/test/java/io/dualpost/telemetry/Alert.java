package io.dualpost.telemetry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** An alert as the shipped rules define it. */
record Alert(String name, String severity, String patience, Map<String, String> annotations) {
    /** All of them, in the order of the file. */
    static List<Alert> shipped() {
        List<Alert> alerts = new ArrayList<>();
        for (Map<?, ?> group : maps(read(project("grafana/rules/dualpost.yml")).get("groups"))) {
            for (Map<?, ?> rule : maps(group.get("rules"))) {
                if (rule.containsKey("alert")) {
                    alerts.add(new Alert(text(rule, "alert"), text(map(rule.get("labels")), "severity"),
                            rule.containsKey("for") ? text(rule, "for") : "at once",
                            strings(map(rule.get("annotations")))));
                }
            }
        }
        return alerts;
    }

    /** The files that name metrics for people: the rules and all runbooks. */
    static List<Path> texts() throws IOException {
        try (Stream<Path> runbooks = Files.list(project("src/docs/runbooks"))) {
            return Stream.concat(Stream.of(project("grafana/rules/dualpost.yml")), runbooks).toList();
        }
    }

    /** The table of the manual. */
    static String table() throws IOException {
        StringBuilder table = new StringBuilder("| alert | severity | after | meaning |\n|---|---|---|---|\n");
        for (Alert alert : shipped()) {
            table.append("| [%s](runbooks/%s.md) | %s | %s | %s |\n".formatted(alert.name, alert.name, alert.severity,
                    alert.patience, alert.meaning()));
        }
        return table.toString();
    }

    /** A file or folder of the project. */
    static Path project(String path) {
        return Path.of(System.getProperty("project.basedir", "."), path);
    }

    /** Whether it wakes somebody. */
    boolean wakes() {
        return severity.equals("page");
    }

    /** What to do about it. */
    Path runbook() {
        return project("src/docs/runbooks/" + name + ".md");
    }

    /** For each test that looks at it, what it saw in the order of time: {@code f} for firing, {@code -} for silent. */
    List<String> stories() throws IOException {
        List<String> stories = new ArrayList<>();
        try (Stream<Path> files = Files.list(project("grafana/rules/tests"))) {
            for (Path file : files.toList()) {
                for (Map<?, ?> test : maps(read(file).get("tests"))) {
                    StringBuilder story = new StringBuilder();
                    maps(test.get("alert_rule_test")).stream().filter(look -> name.equals(look.get("alertname")))
                            .forEach(look -> story.append(look.containsKey("exp_alerts") ? 'f' : '-'));
                    stories.add(story.toString());
                }
            }
        }
        return stories;
    }

    @Override
    public String toString() {
        return name;
    }

    /** The first sentence of the runbook. */
    private String meaning() throws IOException {
        String text = Files.readString(runbook());
        String from = text.substring(text.indexOf("for users\n\n") + "for users\n\n".length()).replace('\n', ' ');
        return from.substring(0, from.indexOf(". ") + 1);
    }

    private static Map<?, ?> read(Path file) {
        try {
            return map(new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static Map<String, String> strings(Map<?, ?> map) {
        return map.entrySet().stream().collect(Collectors.toMap(entry -> String.valueOf(entry.getKey()),
                entry -> String.valueOf(entry.getValue())));
    }

    private static List<Map<?, ?>> maps(@Nullable Object value) {
        List<Map<?, ?>> maps = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(each -> maps.add(map(each)));
        }
        return maps;
    }

    private static String text(Map<?, ?> map, String key) {
        return Objects.requireNonNull(map.get(key), key).toString();
    }
}
