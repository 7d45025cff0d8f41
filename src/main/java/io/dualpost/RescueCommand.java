package io.dualpost;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Who belongs on the rescue host. */
@Command(name = "rescue", description = "See which accounts belong on the rescue host.", subcommands = {
        RescueCommand.Report.class}, mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
final class RescueCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Missing command");
    }

    /** The lists. */
    @Command(name = "report", description = "Print the accounts that fell back to IPv4, those for the rescue host, and those that could come back from it.", mixinStandardHelpOptions = true)
    static final class Report implements Callable<Integer> {
        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

        @Mixin
        private RunningProxy proxy = new RunningProxy();

        @Option(names = "--csv", description = "Print a CSV file (RFC 4180); a name that a spreadsheet would take for a formula gets a ' before it.")
        private boolean csv;

        @Override
        public Integer call() {
            if (csv && proxy.isJson()) {
                throw new CommandLine.ParameterException(spec.commandLine(),
                        "--csv and --json (expected: one of them)");
            }
            return csv ? proxy.csv("/rescue") : proxy.get("/rescue", Map.of());
        }
    }
}
