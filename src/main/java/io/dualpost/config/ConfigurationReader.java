package io.dualpost.config;

import io.dualpost.tls.Certificate;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** From files to the configuration, or to everything that is wrong with them. */
public final class ConfigurationReader {
    private ConfigurationReader() {}

    /** What came of reading. */
    public sealed interface Result {}

    /**
     * The configuration can be used.
     *
     * @param warnings what will soon be wrong or has no effect, in the order of the files
     */
    public record Read(Configuration configuration, List<Problem> warnings) implements Result {
        /** Copies the list. */
        public Read {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * The configuration cannot be used.
     *
     * @param problems at least one, in the order of the files
     */
    public record Broken(List<Problem> problems) implements Result {
        /** Copies the list. */
        public Broken {
            problems = List.copyOf(problems);
        }
    }

    /** Reads a file, the files {@code conf.d/*.yaml} beside it, and the certificates that they name. */
    public static Result read(Path file) {
        return read(file, System.getenv(), Instant.now());
    }

    /** The same, in another environment and at another time. */
    static Result read(Path file, Map<String, String> environment, Instant now) {
        Problems problems = new Problems();
        Optional<Parts> parts = Parts.read(file, environment, problems);
        if (parts.isEmpty()) {
            return new Broken(problems.broken());
        }
        Optional<List<Certificate>> certificates = CertificateLoading.load(parts.get(), now, problems);
        new HostChecks(certificates, problems).check(parts.get());
        new ListenerChecks(problems).check(parts.get());
        new PoolChecks(parts.get(), problems).check();
        LogChecks.check(parts.get(), problems);
        GateChecks.check(parts.get(), problems);
        if (!problems.broken().isEmpty() || certificates.isEmpty()) {
            return new Broken(problems.broken());
        }
        return new Read(Assembly.configuration(parts.get(), certificates.get()), problems.warnings());
    }

    /**
     * The names of all hosts, for whoever is about to make the certificates: these need not be there yet.
     *
     * @param problem takes what keeps the files from being understood
     */
    public static List<String> hosts(Path file, Consumer<Problem> problem) {
        Problems problems = new Problems();
        List<String> names = Parts.read(file, System.getenv(), problems)
                .map(parts -> parts.services().stream().flatMap(service -> HostEntry.of(service).stream())
                        .flatMap(host -> host.section().at(Keys.NAME).stream()).map(Located::value).toList())
                .orElse(List.of());
        problems.broken().forEach(problem);
        return names;
    }

    /** The JSON Schema of the files (draft 2020-12), for editors. */
    public static String schema() {
        return Schema.text();
    }

    /** The keys as a page of the manual, in Markdown. */
    public static String reference() {
        return Reference.text();
    }
}
