package io.dualpost.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The manual's list of metrics, as something to check queries against. */
final class MetricList {
    private static final Pattern METRIC = Pattern
            .compile("(?m)^\\| `(dualpost_\\w+)` \\| (\\w+) \\| ([^|]*) \\|");
    private static final Pattern LABEL = Pattern.compile("(?m)^\\| `(\\w+)` \\| ([^|]*) \\| ([^|]*) \\|");
    private static final Pattern QUOTED = Pattern.compile("`([^`]*)`");
    private static final Pattern PART = Pattern.compile("_(bucket|sum|count)$");

    private final Map<String, String> types = new HashMap<>();
    private final Map<String, Set<String>> labels = new HashMap<>();
    private final Map<String, Set<String>> values = new HashMap<>();
    private final Set<String> others;

    /** {@code scrape} is one of the program: it knows the names of the Java machine's metrics. */
    MetricList(Path manual, String scrape) throws IOException {
        String text = Files.readString(manual);
        METRIC.matcher(text).results().forEach(row -> {
            types.put(row.group(1), row.group(2));
            labels.put(row.group(1), Arrays.stream(row.group(3).split(",", -1)).map(String::strip)
                    .filter(label -> !label.isEmpty()).collect(Collectors.toSet()));
        });
        LABEL.matcher(text).results().forEach(this::learnValues);
        others = scrape.lines().filter(line -> line.startsWith("jvm_") || line.startsWith("process_"))
                .map(line -> line.replaceFirst("[{ ].*", "")).collect(Collectors.toSet());
        others.add("up");
    }

    private void learnValues(MatchResult row) {
        if (!row.group(3).startsWith("`")) {
            return; // Not a closed list.
        }
        Set<String> closed = QUOTED.matcher(row.group(3)).results().map(quoted -> quoted.group(1))
                .collect(Collectors.toSet());
        for (String shortName : row.group(2).split(",", -1)) {
            types.keySet().stream().filter(name -> name.replaceFirst("_total$", "").equals(
                    "dualpost_" + shortName.strip())).forEach(name -> values.merge(name + " " + row.group(1), closed,
                            (one, other) -> {
                                Set<String> both = new HashSet<>(one);
                                both.addAll(other);
                                return both;
                            }));
        }
    }

    Set<String> names() {
        return new TreeSet<>(types.keySet());
    }

    /** The metric of the list that a series of this name belongs to. */
    Optional<String> metricOf(String series) {
        String whole = PART.matcher(series).replaceFirst("");
        if ("histogram".equals(types.get(whole))) {
            return whole.equals(series) ? Optional.empty() : Optional.of(whole);
        }
        return types.containsKey(series) || others.contains(series) ? Optional.of(series) : Optional.empty();
    }

    /** Whether the series only ever grows, so that its value alone says nothing. */
    boolean grows(String series) {
        String type = types.getOrDefault(metricOf(series).orElse(""), "");
        return type.equals("counter") || type.equals("histogram")
                || (others.contains(series) && series.matches(".*_(total|sum|count|bucket)"));
    }

    /** What is wrong with a matcher on a label of the series; empty if nothing. */
    String complaint(String series, String label, List<String> wanted) {
        String metric = metricOf(series).orElse("");
        if (Set.of("job", "instance").contains(label) || others.contains(series)
                || (label.equals("le") && series.endsWith("_bucket"))) {
            return "";
        }
        if (!labels.getOrDefault(metric, Set.of()).contains(label)) {
            return series + " has no label " + label;
        }
        Set<String> known = values.getOrDefault(metric + " " + label, Set.of());
        return wanted.stream().filter(value -> value.matches("\\w+") && !known.isEmpty() && !known.contains(value))
                .map(value -> series + " never has " + label + "=" + value).collect(Collectors.joining(", "));
    }
}
