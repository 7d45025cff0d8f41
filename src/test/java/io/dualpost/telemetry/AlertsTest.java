package io.dualpost.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The alerting rules, their tests, their runbooks and the program's metrics know each other. */
class AlertsTest {
    private static final Pattern METRIC = Pattern.compile("(?<![:\\w])(dualpost_\\w+)(?![:\\w])(?:\\{([^}]*)\\})?");
    private static final Pattern SELECTOR = Pattern.compile("(\\w+)(=~|!=|!~|=)\"([^\"]*)\"");
    private static final Set<String> FROM_PROMETHEUS = Set.of("job", "instance", "le");
    private static final Set<String> BOARDS = Set.of("overview", "traffic", "timeouts", "tls", "ipv6", "backends",
            "jvm");
    private static final List<String> HEADINGS = List.of("## What it means for users", "## First look",
            "## Causes, most likely first", "## How to see that it is over", "## Whom to wake");

    static List<Alert> alerts() {
        return Alert.shipped();
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void anAlertSaysAllThatSomebodyNeedsAtNight(Alert alert) {
        assertThat(alert.severity()).isIn("page", "ticket");
        assertThat(alert.annotations()).containsOnlyKeys("summary", "description", "runbook_url", "dashboard_url");
        assertThat(alert.annotations().get("runbook_url")).isEqualTo("src/docs/runbooks/" + alert.name() + ".md");
        assertThat(alert.annotations().get("dashboard_url")).matches(
                "/d/dualpost-(" + String.join("|", BOARDS) + ")\\?var-job=.*");
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void itsRunbookIsCompleteAndOfTheSameSeverity(Alert alert) throws IOException {
        String runbook = Files.readString(alert.runbook());

        assertThat(runbook).startsWith("# " + alert.name() + "\n\n"
                + (alert.wakes() ? "Wakes somebody." : "Can wait for the morning."));
        assertThat(runbook.lines().filter(line -> line.startsWith("## "))).isEqualTo(HEADINGS);
    }

    @Test
    void thereIsNoRunbookWithoutAnAlert() throws IOException {
        try (Stream<Path> files = Files.list(Alert.project("src/docs/runbooks"))) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(
                    alerts().stream().map(alert -> alert.name() + ".md").toList());
        }
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void aTestShowsThatItIsSilentThenFiresThenResolves(Alert alert) throws IOException {
        assertThat(alert.stories()).as("in grafana/rules/tests").anyMatch(story -> story.matches("-+f[f-]*-+"));
    }

    @Test
    void rulesAndRunbooksNameOnlyMetricsLabelsAndValuesThatTheProgramHas() throws IOException {
        Set<String> unknown = new TreeSet<>();
        for (Path file : Alert.texts()) {
            String text = Files.readString(file);
            METRIC.matcher(text).results().forEach(found -> problem(found).ifPresent(unknown::add));
        }

        assertThat(unknown).isEmpty();
    }

    @Test
    void theShippedTableIsThatOfTheRules() throws IOException {
        Path file = Alert.project("src/docs/alerts.md");
        String text = Files.readString(file);
        String table = Alert.table();
        if (Boolean.getBoolean("regenerate")) {
            Files.writeString(file, text.substring(0, text.indexOf("| alert |")) + table);
        }
        assertThat(Files.readString(file)).as("run: mvn test -Dtest=AlertsTest -Dregenerate=true").endsWith(
                "\n\n" + table);
    }

    private static Optional<String> problem(MatchResult found) {
        Optional<Metric> metric = Stream.of(Metric.values()).filter(each -> names(each).contains(found.group(1)))
                .findAny();
        if (metric.isEmpty()) {
            return Optional.of(found.group(1));
        }
        Map<String, Label> labels = metric.get().labels().stream().collect(Collectors.toMap(Label::text, l -> l));
        return SELECTOR.matcher(Optional.ofNullable(found.group(2)).orElse("")).results()
                .filter(selector -> !FROM_PROMETHEUS.contains(selector.group(1)))
                .filter(selector -> !has(labels, selector.group(1), selector.group(3)))
                .map(selector -> found.group(1) + "{" + selector.group() + "}").findFirst();
    }

    private static boolean has(Map<String, Label> labels, String label, String values) {
        Label known = labels.get(label);
        return known != null && (known.closed().isEmpty() || values.equals(".+")
                || known.closed().containsAll(List.of(values.split("\\|", -1))));
    }

    private static Set<String> names(Metric metric) {
        return switch (metric.type()) {
            case COUNTER -> Set.of(metric.metric() + "_total");
            case HISTOGRAM -> Set.of(metric.metric() + "_bucket", metric.metric() + "_count", metric.metric() + "_sum");
            default -> Set.of(metric.metric());
        };
    }
}
