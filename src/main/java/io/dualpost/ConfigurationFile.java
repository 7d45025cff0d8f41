package io.dualpost;

import io.dualpost.config.Configuration;
import io.dualpost.config.ConfigurationReader;
import io.dualpost.config.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the configuration is. */
final class ConfigurationFile {
    @Option(names = "--config", paramLabel = "FILE", defaultValue = "/etc/dualpost/dualpost.yaml", description = "The configuration (default: ${DEFAULT-VALUE}).")
    private Path file = Path.of("/etc/dualpost/dualpost.yaml");

    /** The configuration; or nothing, when all problems were printed to standard error. */
    Optional<Configuration> read() {
        return read(file);
    }

    /** The configuration in a file; or nothing, when all problems were printed to standard error. */
    static Optional<Configuration> read(Path file) {
        return switch (ConfigurationReader.read(file)) {
            case ConfigurationReader.Read(Configuration configuration, List<Problem> warnings) -> {
                warnings.forEach(warning -> System.err.println("warning: " + warning));
                yield Optional.of(configuration);
            }
            case ConfigurationReader.Broken(List<Problem> problems) -> {
                problems.forEach(System.err::println);
                System.err.println(count(problems.size()) + " in the configuration");
                yield Optional.empty();
            }
        };
    }

    Path file() {
        return file;
    }

    private static String count(int problems) {
        return problems == 1 ? "1 problem" : problems + " problems";
    }
}
