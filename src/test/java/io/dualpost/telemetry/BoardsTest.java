package io.dualpost.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The shipped boards of Grafana; {@link BoardLintTest} shows that the rules bite. */
class BoardsTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.basedir", "."));
    private static final Path GRAFANA = PROJECT.resolve("grafana");
    private static final TreeMap<String, Node> BOARDS = new TreeMap<>();

    @BeforeAll
    static void read() throws IOException {
        try (Stream<Path> files = Files.list(GRAFANA.resolve("dashboards"))) {
            for (Path file : files.toList()) {
                BOARDS.put(file.getFileName().toString(), Node.read(file));
            }
        }
    }

    static MetricList metrics() throws IOException {
        return new MetricList(PROJECT.resolve("src/docs/metrics.md"),
                new Telemetry(new Telemetry.Build("1", "4", "nio", "test"), LogFormat.JSON).scrape(""));
    }

    @Test
    void thereAreSevenUnderTheirNames() {
        assertThat(BOARDS.keySet()).containsExactly("backends.json", "ipv6.json", "jvm.json", "overview.json",
                "timeouts.json", "tls.json", "traffic.json");
        BOARDS.forEach((file, board) -> assertThat("dualpost-" + file).isEqualTo(board.at("uid").text() + ".json"));
    }

    @Test
    void eachKeepsToTheRules() throws IOException {
        MetricList metrics = metrics();
        Set<String> uids = BOARDS.values().stream().map(board -> board.at("uid").text()).collect(Collectors.toSet());
        BOARDS.forEach((file, board) -> assertThat(BoardLint.complaints(board, metrics, uids)).as(file).isEmpty());
    }

    @Test
    void everyMetricIsInAPanelOrARule() throws IOException {
        MetricList metrics = metrics();
        Set<String> named = new TreeSet<>();
        BOARDS.values().stream().map(BoardLint::panels).flatMap(panels -> panels.stream())
                .flatMap(panel -> panel.at("targets").list().stream())
                .forEach(target -> named.addAll(QueryLint.named(target.at("expr").text(), metrics)));
        rules().forEach(rule -> named.addAll(QueryLint.named(rule.at("expr").text(), metrics)));
        assertThat(metrics.names()).hasSizeGreaterThan(40);
        assertThat(named).containsAll(metrics.names());
    }

    private static List<Node> rules() throws IOException {
        return Node.read(GRAFANA.resolve("rules/dualpost.yml")).at("groups").list().stream()
                .flatMap(group -> group.at("rules").list().stream()).toList();
    }

    @Test
    void alertsLeadToBoardsAndVariablesThatExist() throws IOException {
        for (Node rule : rules()) {
            String url = rule.at("annotations", "dashboard_url").text();
            if (url.isEmpty()) {
                continue;
            }
            assertThat(url).matches("/d/dualpost-[a-z0-9]+(\\?.*)?");
            Node board = BOARDS.getOrDefault(url.replaceFirst("/d/dualpost-([a-z0-9]+).*", "$1.json"), new Node(null));
            assertThat(board.at("uid").text()).as(url).isNotEmpty();
            Pattern.compile("var-(\\w+)=").matcher(url).results().forEach(name -> assertThat(
                    board.at("templating", "list").first("name", name.group(1))).as(url).isPresent());
        }
    }

    @Test
    void theProvisioningFilesSayWhatTheBoardsNeed() throws IOException {
        Node source = Node.read(GRAFANA.resolve("provisioning/datasources/dualpost.yaml")).at("datasources").list()
                .getFirst();
        assertThat(source.at("type").text()).isEqualTo("prometheus");
        assertThat(source.at("jsonData", "timeInterval").text()).isEqualTo("15s");
        Node provider = Node.read(GRAFANA.resolve("provisioning/dashboards/dualpost.yaml")).at("providers").list()
                .getFirst();
        assertThat(provider.at("allowUiUpdates").text()).isEqualTo("false");
        assertThat(provider.at("options", "path").text()).startsWith("/");
    }
}
