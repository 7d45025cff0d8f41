package io.dualpost.telemetry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a query of a board must keep to. */
final class QueryLint {
    private static final Pattern SERIES = Pattern
            .compile("(\\w*\\()?\\b((?:dualpost|jvm|process)_\\w+|up)\\b(?:\\{([^}]*)})?(\\[[^]]*])?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)(=~|!~|!=|=)\"([^\"]*)\"");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)");
    private static final Set<String> BUILT_IN = Set.of("__rate_interval", "__range");
    private static final Map<String, List<String>> RANGES = Map.of("rate(", List.of("[$__rate_interval]"),
            "increase(", List.of("[$__range]", "[$__rate_interval]"));

    private final MetricList metrics;
    private final Set<String> variables;

    QueryLint(MetricList metrics, Set<String> variables) {
        this.metrics = metrics;
        this.variables = variables;
    }

    List<String> complaints(String query) {
        List<String> wrong = new ArrayList<>();
        VARIABLE.matcher(query).results().map(found -> found.group(1))
                .filter(name -> !variables.contains(name) && !BUILT_IN.contains(name))
                .forEach(name -> wrong.add("no variable " + name));
        Matcher series = SERIES.matcher(query);
        while (series.find()) {
            String function = series.group(1) == null ? "" : series.group(1);
            String range = series.group(4) == null ? "" : series.group(4);
            check(series.group(2), series.group(3) == null ? "" : series.group(3), function, range, wrong);
        }
        return wrong;
    }

    private void check(String name, String matchers, String function, String range, List<String> wrong) {
        if (metrics.metricOf(name).isEmpty()) {
            wrong.add("no metric " + name);
            return;
        }
        for (String label : List.of("job", "instance")) {
            if (!matchers.contains(label + "=~\"$" + label + "\"")) {
                wrong.add(name + " is not filtered by " + label);
            }
        }
        if (metrics.grows(name) != RANGES.containsKey(function)) {
            wrong.add(name + (metrics.grows(name) ? " is read without rate" : " is a gauge, but under " + function));
        } else if (metrics.grows(name) && !RANGES.getOrDefault(function, List.of()).contains(range)) {
            wrong.add(name + " under " + function + " over " + range);
        }
        MATCHER.matcher(matchers).results()
                .map(one -> metrics.complaint(name, one.group(1), Arrays.asList(one.group(3).split("\\|", -1))))
                .filter(complaint -> !complaint.isEmpty()).forEach(wrong::add);
    }

    /** Metrics of the manual's list that the query, or whatever holds queries, names. */
    static Set<String> named(String text, MetricList metrics) {
        Set<String> all = new TreeSet<>();
        Pattern.compile("\\bdualpost_\\w+").matcher(text).results()
                .forEach(found -> metrics.metricOf(found.group()).ifPresent(all::add));
        return all;
    }
}
