package io.dualpost.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BrokenConfigurationTest {
    private static final String SOUND = BrokenConfigurations.SOUND;

    @TempDir
    static Path folder;

    @BeforeAll
    static void certificates() throws Exception {
        SampleCertificates.fill(folder, "pop.example.jp", "pop-v4.example.jp", "smtp.example.jp");
    }

    @ParameterizedTest
    @MethodSource("io.dualpost.config.BrokenConfigurations#cases")
    void aBrokenConfigurationSaysWhereAndWhatAndHowToCureIt(BrokenConfigurations.Case wrong) throws Exception {
        assertThat(SOUND).contains(wrong.from());
        List<Problem> problems = problems(SOUND.replaceFirst(java.util.regex.Pattern.quote(wrong.from()),
                java.util.regex.Matcher.quoteReplacement(wrong.to())));
        assertThat(problems).anySatisfy(problem -> {
            assertThat(problem.text()).contains(wrong.message());
            assertThat(problem.line() + ":" + problem.column()).isEqualTo(wrong.line() + ":" + wrong.column());
            assertThat(problem.key()).isEqualTo(wrong.key());
        });
    }

    @Test
    void theUnchangedConfigurationIsSound() throws Exception {
        assertThat(read(SOUND, Map.of())).isInstanceOf(ConfigurationReader.Read.class);
    }

    @Test
    void aProblemShowsItsLineWithACaret() throws Exception {
        List<Problem> problems = problems("services:\n  pop:\n    listeners:\n    - prot: pop3\nevent_loops: 0\n");
        assertThat(problems.get(2).text()).isEqualTo(folder.resolve("dualpost.yaml")
                + ":4:7: services.pop.listeners[0].prot: unknown key \"prot\" (expected: one of protocol, port, tls, "
                + "plaintext_login, line_endings, proxy_from); did you mean \"protocol\"?\n"
                + "    - prot: pop3\n      ^");
    }

    @Test
    void aProblemIsAlsoJson() {
        Problem problem = new Problem(Path.of("a.yaml"), 2, 3, "a.b", "\"x\"", "y", java.util.Optional.of("z"),
                "  \tb: x");
        assertThat(problem.json()).isEqualTo("{\"file\":\"a.yaml\",\"line\":2,\"column\":3,\"key\":\"a.b\","
                + "\"found\":\"\\\"x\\\"\",\"expected\":\"y\",\"hint\":\"z\",\"source\":\"  \\tb: x\"}");
    }

    @Test
    void allProblemsAreToldAtOnceInTheOrderOfTheFile() throws Exception {
        List<Problem> problems = problems(SOUND.replace("port: 995", "port: 70000").replace("port: 587", "prt: 587")
                .replace("dovecot.internal:110", "dovecot").replace("pop-v4.example", "pop-v9.example"));
        assertThat(problems).extracting(Problem::line).containsExactly(4, 6, 11, 11, 14);
    }

    @Test
    void aSyntaxErrorIsOneProblemWithItsPlace() throws Exception {
        List<Problem> problems = problems("services:\n  pop: [1, 2\nbackends: {}\n");
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.line()).isEqualTo(3);
            assertThat(problem.expected()).isEqualTo("YAML 1.2");
        });
    }

    @Test
    void aCharacterThatYamlForbidsHasAPlace() throws Exception {
        assertThat(problems("services:\n  \u0007pop: 1\n")).singleElement().satisfies(problem -> {
            assertThat(problem.found()).isEqualTo("the character U+0007");
            assertThat(problem.line() + ":" + problem.column()).isEqualTo("2:3");
        });
    }

    @Test
    void anEmptyFileAndASecondDocumentAndTooMuchAreProblems() throws Exception {
        assertThat(problems("# nothing\n")).singleElement().extracting(Problem::found).isEqualTo("an empty file");
        assertThat(problems(SOUND + "---\na: b\n")).singleElement().extracting(Problem::found)
                .isEqualTo("a second document");
        assertThat(problems("# " + "x".repeat(1 << 20))).singleElement().extracting(Problem::found)
                .isEqualTo("more than 1 MiB");
        assertThat(problems("[]")).singleElement().extracting(Problem::found).isEqualTo("a list");
        assertThat(problems("limits: {}\n")).singleElement().extracting(Problem::found).isEqualTo("no services");
    }

    @Test
    void aMissingFileAndForeignOctetsAreProblems() throws Exception {
        assertThat(((ConfigurationReader.Broken) ConfigurationReader.read(folder.resolve("gone.yaml"))).problems())
                .singleElement().extracting(Problem::text)
                .isEqualTo(folder.resolve("gone.yaml") + ": no such file (expected: a configuration file)");
        Path file = Files.write(folder.resolve("latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe9});
        assertThat(((ConfigurationReader.Broken) ConfigurationReader.read(file)).problems()).singleElement()
                .extracting(Problem::found).isEqualTo("octets that are not UTF-8");
    }

    @Test
    void noSecretIsShownAgain() throws Exception {
        List<Problem> problems = problems(SOUND.replace("backends: mailbox", "password: hunter2\n    backends: mailbox")
                .replace("key: mail.key", "key: \"-----BEGIN PRIVATE KEY-----\\nMIIEvQ\""));
        assertThat(problems).hasSize(2);
        assertThat(problems.toString()).doesNotContain("hunter2").contains("password: ***");
        assertThat(problems.get(1).found()).isEqualTo("a text of 2 lines");
        Map<String, String> environment = Map.of("SERVER", "s3cret and not a host");
        ConfigurationReader.Result result = read(SOUND.replace("dovecot.internal:110", "${env:SERVER}"), environment);
        assertThat(((ConfigurationReader.Broken) result).problems().toString()).doesNotContain("s3cret")
                .contains("${env:SERVER}");
    }

    @Test
    void noTextMakesTheReaderFall() throws Exception {
        Random random = new Random(7);
        String pieces = ":{}[],&*!|>%@\"'#-?\n \t0a~$.<=\u0000\ufeff\u2028";
        for (int round = 0; round < 600; round++) {
            StringBuilder text = new StringBuilder(SOUND);
            for (int change = random.nextInt(1, 4); change > 0; change--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, pieces.charAt(random.nextInt(pieces.length())));
                    default -> text.setLength(Math.max(1, at));
                }
            }
            if (read(text.toString(), Map.of()) instanceof ConfigurationReader.Broken broken) {
                assertThat(broken.problems()).isNotEmpty().noneMatch(problem -> problem.text().contains("null"));
            }
        }
    }

    private static List<Problem> problems(String text) throws Exception {
        ConfigurationReader.Result result = read(text, Map.of());
        assertThat(result).isInstanceOf(ConfigurationReader.Broken.class);
        return ((ConfigurationReader.Broken) result).problems();
    }

    private static ConfigurationReader.Result read(String text, Map<String, String> environment) throws Exception {
        Path file = Files.writeString(folder.resolve("dualpost.yaml"), text);
        return ConfigurationReader.read(file, environment, Instant.now());
    }
}
