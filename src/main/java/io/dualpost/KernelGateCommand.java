package io.dualpost;

import io.dualpost.kernel.KernelGateServer;
import io.dualpost.systemd.Notifier;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The process beside the proxy that may change the firewall, and does nothing else. */
@Command(name = "kernel-gate", description = "Refuse IPv6 prefixes at the SYN by nftables, as the proxy asks; needs CAP_NET_ADMIN alone.", mixinStandardHelpOptions = true)
final class KernelGateCommand implements Callable<Integer> {
    private static final int LEAST_CAP = 4096;
    private static final int MOST_CAP = 65_536;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Option(names = "--socket", paramLabel = "PATH", defaultValue = "/run/dualpost-gate/socket", description = "Where it listens (default: ${DEFAULT-VALUE}).")
    private Path socket = Path.of("/run/dualpost-gate/socket");

    @Option(names = "--allow", paramLabel = "USER", arity = "1..*", description = "Users, by name or number, who may speak with it besides root.")
    private List<String> allow = List.of();

    @Option(names = "--cap", paramLabel = "N", defaultValue = "32768", description = "Prefixes at most, 4096 to 65536 (default: ${DEFAULT-VALUE}).")
    private int cap = MOST_CAP;

    @Option(names = "--nft", paramLabel = "PATH", description = "The nft program (default: where distributions put it).")
    private Optional<Path> nft = Optional.empty();

    @Option(names = "--remove", description = "Take the table \"inet dualpost\" away, and end.")
    private boolean remove;

    @Override
    public Integer call() {
        if (cap < LEAST_CAP || cap > MOST_CAP) {
            throw new CommandLine.ParameterException(spec.commandLine(),
                    "--cap: " + cap + " (expected: " + LEAST_CAP + " to " + MOST_CAP + ")");
        }
        if (allow.isEmpty() && !remove) {
            throw new CommandLine.ParameterException(spec.commandLine(),
                    "--allow: nothing (expected: the user that the proxy runs as)");
        }
        try {
            return remove ? remove() : serve();
        } catch (IOException e) {
            System.err.println("dualpost: kernel gate: " + e.getMessage());
            return Main.BAD;
        }
    }

    private int remove() throws IOException {
        System.out.println(KernelGateServer.remove(nft) ? "table inet dualpost: removed" : "table inet dualpost: none");
        return Main.FINE;
    }

    private int serve() throws IOException {
        Optional<Notifier> systemd = Notifier.open(System.getenv(), ProcessHandle.current().pid());
        try {
            KernelGateServer server = KernelGateServer.open(socket, users(), cap, nft);
            Shutdown.then(() -> {
                server.close();
                systemd.ifPresent(Notifier::close);
            });
            systemd.ifPresent(notifier -> notifier.ready(server::status, List.of()));
            server.run();
            return Main.FINE;
        } catch (IOException e) {
            systemd.ifPresent(notifier -> notifier.failed(String.valueOf(e.getMessage())));
            throw e;
        }
    }

    private Set<UserPrincipal> users() throws IOException {
        Set<UserPrincipal> users = new LinkedHashSet<>();
        for (String name : allow) {
            try {
                users.add(socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name));
            } catch (UserPrincipalNotFoundException _) {
                throw new IOException("--allow: " + name + " (expected: a user of this machine, or a number)");
            }
        }
        return users;
    }
}
