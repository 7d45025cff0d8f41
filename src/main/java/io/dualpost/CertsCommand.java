package io.dualpost;

import io.dualpost.config.ConfigurationReader;
import io.dualpost.config.Problem;
import io.dualpost.tls.Certificate;
import io.dualpost.tls.DevelopmentAuthority;
import io.dualpost.tls.Existing;
import io.dualpost.tls.KeyKind;
import io.dualpost.tls.SigningRequest;
import io.dualpost.tls.TlsProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Certificates for the names of a configuration; it may be one whose certificates do not exist yet. */
@Command(name = "certs", description = "Make certificates for all host names of a configuration.", subcommands = {
        CertsCommand.Dev.class,
        CertsCommand.Csr.class}, mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
final class CertsCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Missing command");
    }

    /** What both commands ask for. */
    static final class Target {
        @CommandLine.Mixin
        private ConfigurationFile configuration = new ConfigurationFile();

        @Option(names = "--out", paramLabel = "FOLDER", required = true, description = "Where the files go.")
        private Path folder = Path.of("");

        @Option(names = "--replace", description = "Take the place of files that are there; without it they are kept.")
        private boolean replace;

        Path folder() {
            return folder;
        }

        Existing existing() {
            return replace ? Existing.REPLACE : Existing.KEEP;
        }

        /** The host names; or nothing, when all problems were printed to standard error. */
        Optional<List<String>> hosts() {
            List<Problem> problems = new ArrayList<>();
            List<String> names = ConfigurationReader.hosts(configuration.file(), problems::add);
            problems.forEach(System.err::println);
            return problems.isEmpty() ? Optional.of(names) : Optional.empty();
        }
    }

    /** A certificate authority for tests, and certificates from it. */
    @Command(name = "dev", description = "Make a development CA and ECDSA and RSA certificates; not for the world.", mixinStandardHelpOptions = true)
    static final class Dev implements Callable<Integer> {
        @CommandLine.Mixin
        private Target target = new Target();

        @Override
        public Integer call() {
            Optional<List<String>> hosts = target.hosts();
            if (hosts.isEmpty()) {
                return Main.BAD;
            }
            try {
                DevelopmentAuthority authority = DevelopmentAuthority.open(target.folder(), InstantSource.system());
                System.out.println(target.folder().resolve(DevelopmentAuthority.CERTIFICATE_FILE) + "  (trust this)");
                for (Certificate issued : authority.issue(hosts.get(), target.folder(), target.existing())) {
                    System.out.println(issued.file() + "  " + DevelopmentAuthority.keyFile(issued));
                }
                return Main.FINE;
            } catch (IOException | TlsProblem e) {
                System.err.println("dualpost: " + e.getMessage());
                return Main.BAD;
            }
        }
    }

    /** What the real authority wants. */
    @Command(name = "csr", description = "Make a key and a certificate signing request for the real CA.", mixinStandardHelpOptions = true)
    static final class Csr implements Callable<Integer> {
        @CommandLine.Mixin
        private Target target = new Target();

        @Option(names = "--key", paramLabel = "KIND", defaultValue = "ECDSA", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
        private KeyKind kind = KeyKind.ECDSA;

        @Override
        public Integer call() {
            Optional<List<String>> hosts = target.hosts();
            if (hosts.isEmpty()) {
                return Main.BAD;
            }
            try {
                SigningRequest.create(hosts.get(), kind).write(target.folder(), target.existing())
                        .forEach(System.out::println);
                return Main.FINE;
            } catch (IOException | TlsProblem e) {
                System.err.println("dualpost: " + e.getMessage());
                return Main.BAD;
            }
        }
    }
}
