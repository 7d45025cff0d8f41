package io.dualpost;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The IPv6 networks that the running proxy refuses. */
@Command(name = "gate", description = "See and change which IPv6 networks the running proxy refuses.", subcommands = {
        GateCommand.Show.class, GateCommand.Add.class, GateCommand.Remove.class,
        GateCommand.Explain.class}, mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
final class GateCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Missing command");
    }

    /** All of them. */
    @Command(name = "list", description = "Print all networks that are refused, or would be if the gate did not only observe.", mixinStandardHelpOptions = true)
    static final class Show implements Callable<Integer> {
        @Mixin
        private RunningProxy proxy = new RunningProxy();

        @Override
        public Integer call() {
            return proxy.get("/gate", Map.of());
        }
    }

    /** One more. */
    @Command(name = "add", description = "Refuse a network for a while.", mixinStandardHelpOptions = true)
    static final class Add implements Callable<Integer> {
        @Mixin
        private RunningProxy proxy = new RunningProxy();

        @Parameters(paramLabel = "PREFIX", description = "An IPv6 network, as 2001:db8::/64.")
        private String prefix = "";

        @Option(names = "--for", paramLabel = "TIME", defaultValue = "1h", description = "For so long, as 30m or 2h (default: ${DEFAULT-VALUE}).")
        private String time = "1h";

        @Override
        public Integer call() {
            return proxy.post("/gate/add", Map.of("prefix", prefix, "for", time));
        }
    }

    /** One less. */
    @Command(name = "remove", description = "No longer refuse a network that was added or learned.", mixinStandardHelpOptions = true)
    static final class Remove implements Callable<Integer> {
        @Mixin
        private RunningProxy proxy = new RunningProxy();

        @Parameters(paramLabel = "PREFIX", description = "An IPv6 network as the list has it.")
        private String prefix = "";

        @Override
        public Integer call() {
            return proxy.post("/gate/remove", Map.of("prefix", prefix));
        }
    }

    /** Why. */
    @Command(name = "explain", description = "Print what would happen to a client at an address now, and why.", mixinStandardHelpOptions = true)
    static final class Explain implements Callable<Integer> {
        @Mixin
        private RunningProxy proxy = new RunningProxy();

        @Parameters(paramLabel = "ADDRESS", description = "An IPv6 address.")
        private String address = "";

        @Override
        public Integer call() {
            return proxy.get("/gate/explain", Map.of("address", address));
        }
    }
}
