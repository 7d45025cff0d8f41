package io.dualpost;

import io.dualpost.config.Configuration;
import io.dualpost.config.ConfigurationReader;
import io.dualpost.config.Problem;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command line. Exit codes: 0 fine, 1 bad configuration or a start that failed, 2 wrong usage, 3 no
 * proxy is running that could be asked.
 */
@Command(name = "dualpost", description = "A TLS front-end proxy for POP3 and submission in a mixed IPv4 and IPv6 world.", subcommands = {
        Main.Run.class, Main.Check.class, DemoCommand.class, CertsCommand.class, ProbeCommand.class,
        KernelGateCommand.class, Main.Schema.class, Main.ShowVersion.class, TrainCommand.class, StatusCommand.class,
        FamilyCommand.class,
        GateCommand.class, RescueCommand.class,
        CommandLine.HelpCommand.class}, mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {
    static final int FINE = 0;
    static final int BAD = 1;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    /** Runs one command and ends the program with its exit code. */
    public static void main(String[] args) {
        // Without it Netty hands each step of a handshake to a task of its own, which costs more than the step.
        System.setProperty("io.netty.handler.ssl.openssl.useTasks", "false");
        System.exit(run(args));
    }

    static int run(String... args) {
        // Half of the time until the first session would be spent on the model of a command line that needs none.
        if (args.length == 3 && args[0].equals("run") && args[1].equals("--config")) {
            return Serving.alone(Path.of(args[2]));
        }
        return versioned(new CommandLine(new Main())).setExecutionExceptionHandler((failure, line, _) -> {
            line.getErr().println("dualpost: " + failure);
            failure.printStackTrace(line.getErr());
            return BAD;
        }).execute(args);
    }

    private static CommandLine versioned(CommandLine line) {
        line.getCommandSpec().version("dualpost " + Version.text());
        line.getSubcommands().values().forEach(Main::versioned);
        return line;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Missing command");
    }

    /** Serves until it is told to stop. */
    @Command(name = "run", description = "Serve until SIGTERM or SIGINT.", mixinStandardHelpOptions = true)
    static final class Run implements Callable<Integer> {
        @CommandLine.Mixin
        private ConfigurationFile configuration = new ConfigurationFile();

        @Override
        public Integer call() throws InterruptedException {
            return Serving.with(configuration.file());
        }
    }

    /** Says whether the configuration is sound. */
    @Command(name = "check", description = "Read the configuration and everything it names; print all problems.", mixinStandardHelpOptions = true)
    static final class Check implements Callable<Integer> {
        @CommandLine.Mixin
        private ConfigurationFile configuration = new ConfigurationFile();

        @Option(names = "--json", description = "Print the problems as JSON to standard output.")
        private boolean json;

        @Override
        public Integer call() {
            if (!json) {
                boolean sound = configuration.read().isPresent();
                if (sound) {
                    System.out.println(configuration.file() + ": fine");
                }
                return sound ? FINE : BAD;
            }
            return switch (ConfigurationReader.read(configuration.file())) {
                case ConfigurationReader.Read(Configuration _, List<Problem> warnings) ->
                    print(System.out, true, List.of(), warnings);
                case ConfigurationReader.Broken(List<Problem> problems) ->
                    print(System.out, false, problems, List.of());
            };
        }

        private static int print(PrintStream out, boolean sound, List<Problem> problems, List<Problem> warnings) {
            out.println(
                    "{\"ok\":" + sound + ",\"problems\":" + array(problems) + ",\"warnings\":" + array(warnings) + "}");
            return sound ? FINE : BAD;
        }

        private static String array(List<Problem> problems) {
            return "[" + String.join(",", problems.stream().map(Problem::json).toList()) + "]";
        }
    }

    /** Prints what an editor wants to know of the configuration. */
    @Command(name = "schema", description = "Print the JSON Schema of the configuration.", mixinStandardHelpOptions = true)
    static final class Schema implements Callable<Integer> {
        @Override
        public Integer call() {
            System.out.print(ConfigurationReader.schema());
            return FINE;
        }
    }

    /** Prints the version. */
    @Command(name = "version", description = "Print the version.", mixinStandardHelpOptions = true)
    static final class ShowVersion implements Callable<Integer> {
        @Override
        public Integer call() {
            System.out.println("dualpost " + Version.text());
            return FINE;
        }
    }
}
