package io.dualpost.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The examples in the manual are what the program prints. */
class ManualTest {
    private static final Path MANUAL = Path.of(System.getProperty("project.basedir", "."), "src/docs/probe.md");

    private static final Report EXAMPLE = FindingsTest.report(
            Target.of("pop.example.jp", Optional.empty(), Optional.empty()), false,
            FindingsTest.failing(FindingsTest.SIX, Stage.CONNECT, Fault.Kind.UNANSWERED, FindingsTest.millis(100_003),
                    ""),
            FindingsTest.serving(FindingsTest.FOUR));

    @Test
    void theTableIsTheProgramsOwn() throws IOException {
        String indented = EXAMPLE.text().lines().map(line -> line.isEmpty() ? "" : "    " + line)
                .reduce("", (all, line) -> all + line + "\n");
        assertThat(Files.readString(MANUAL)).contains(indented);
    }

    @Test
    void theJsonIsTheProgramsOwn() throws IOException {
        String manual = Files.readString(MANUAL);
        String shown = manual.substring(manual.indexOf("```json") + 7, manual.lastIndexOf("```"));
        assertThat(EXAMPLE.json().replace(" ", "")).isEqualTo(shown.replaceAll("\\s", ""));
    }

    @Test
    void everyWordOfTheSchemaIsExplained() throws IOException {
        String manual = Files.readString(MANUAL);
        for (Fault.Kind kind : Fault.Kind.values()) {
            assertThat(manual).contains("`" + kind.label() + "`");
        }
        for (Stage stage : Stage.values()) {
            assertThat(manual).contains("`" + stage.label() + "`");
        }
        for (Client client : Client.values()) {
            assertThat(manual).contains("`" + client.label() + "`");
        }
        for (Wait.Result result : Wait.Result.values()) {
            assertThat(manual).contains("`" + result.label() + "`");
        }
        for (Finding.Severity severity : Finding.Severity.values()) {
            assertThat(manual).contains("`" + severity.label() + "`");
        }
        for (TlsFacts.Coverage coverage : TlsFacts.Coverage.values()) {
            assertThat(manual).contains("`" + coverage.label() + "`");
        }
    }
}
