package io.dualpost;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Whether the services of the running proxy listen over IPv6. */
@Command(name = "family", description = "See, withdraw and bring back IPv6 of the running proxy.", subcommands = {
        FamilyCommand.Show.class, FamilyCommand.Disable.class,
        FamilyCommand.Enable.class}, mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
final class FamilyCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Missing command");
    }

    /** What all of these take. */
    static final class Target {
        @Mixin
        private RunningProxy proxy = new RunningProxy();

        @Option(names = "--service", paramLabel = "SERVICE", description = "Only this service (default: all).")
        private @Nullable String service;

        RunningProxy proxy() {
            return proxy;
        }

        /** The family, and the service if one was named. */
        Map<String, String> parameters(String family) {
            Map<String, String> parameters = new LinkedHashMap<>();
            parameters.put("family", family);
            if (service != null) {
                parameters.put("service", service);
            }
            return parameters;
        }
    }

    /** Tells. */
    @Command(name = "status", description = "Print whether each service listens over IPv6, and if not, why and for how long.", mixinStandardHelpOptions = true)
    static final class Show implements Callable<Integer> {
        @Mixin
        private Target target = new Target();

        @Parameters(paramLabel = "FAMILY", arity = "0..1", defaultValue = "ipv6", description = "ipv6, the only one that can be withdrawn.")
        private String family = "ipv6";

        @Override
        public Integer call() {
            return target.proxy().get("/family", target.parameters(family));
        }
    }

    /** Withdraws. */
    @Command(name = "disable", description = "Close the IPv6 listeners: clients are refused at the first packet and come by IPv4. Sessions go on.", mixinStandardHelpOptions = true)
    static final class Disable implements Callable<Integer> {
        @Mixin
        private Target target = new Target();

        @Parameters(paramLabel = "FAMILY", description = "ipv6")
        private String family = "ipv6";

        @Option(names = "--for", paramLabel = "TIME", description = "Only for so long, as 30m or 2h (default: until it is enabled).")
        private @Nullable String time;

        @Option(names = "--persist", description = "Also after a restart of the proxy.")
        private boolean persist;

        @Override
        public Integer call() {
            Map<String, String> parameters = target.parameters(family);
            if (time != null) {
                parameters.put("for", time);
            }
            parameters.put("persist", Boolean.toString(persist));
            return target.proxy().post("/family/disable", parameters);
        }
    }

    /** Brings back. */
    @Command(name = "enable", description = "Open the IPv6 listeners again, unless there is another reason against it.", mixinStandardHelpOptions = true)
    static final class Enable implements Callable<Integer> {
        @Mixin
        private Target target = new Target();

        @Parameters(paramLabel = "FAMILY", description = "ipv6")
        private String family = "ipv6";

        @Override
        public Integer call() {
            return target.proxy().post("/family/enable", target.parameters(family));
        }
    }
}
