package io.dualpost.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Prometheus itself thinks of the shipped rules and settings. */
@Tag("real")
class AlertRulesTest {
    private static final Path RULES = World.project().resolve("grafana/rules");
    private static final Path SETTINGS = World.project().resolve("deploy/prometheus");

    static List<Path> tests() throws IOException {
        try (Stream<Path> files = Files.list(RULES.resolve("tests"))) {
            return files.sorted().toList();
        }
    }

    @Test
    void theRulesHaveNothingToComplainOf(@TempDir Path directory) throws IOException {
        promtool(directory, "check", "rules", "--lint=all", "--lint-fatal", RULES.resolve("dualpost.yml").toString());
    }

    @ParameterizedTest
    @MethodSource("tests")
    void alertsFireAndResolveAndSleep(Path test, @TempDir Path directory) throws IOException {
        promtool(directory, "test", "rules", test.toString());
    }

    @Test
    void theSettingsFitTogetherWhereTheyAreInstalled(@TempDir Path directory) throws IOException {
        Path settings = Files.copy(SETTINGS.resolve("prometheus.yml"), directory.resolve("prometheus.yml"));
        Path rules = Files.createDirectory(directory.resolve("rules"));
        Files.copy(RULES.resolve("dualpost.yml"), rules.resolve("dualpost.yml"));
        promtool(directory, "check", "config", "--lint=all", "--lint-fatal", settings.toString());
    }

    private static void promtool(Path directory, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(words));
        Command.Outcome outcome = Command.run(directory, new byte[0], command);
        assertThat(outcome.code()).as(outcome.output() + outcome.errors()).isZero();
    }
}
