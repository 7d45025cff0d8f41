package io.dualpost;

import io.dualpost.admin.AdminClient;
import io.dualpost.admin.HttpAnswer;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where the proxy is that a command asks, and in which form it prints the answer; an option of each such command. */
final class RunningProxy {
    /** No proxy is running. */
    static final int NOBODY = 3;
    private static final int USAGE = 2;
    private static final int BAD_REQUEST = 400;

    @Option(names = "--socket", paramLabel = "PATH", defaultValue = "/run/dualpost/admin.sock", description = "The proxy's admin socket (default: ${DEFAULT-VALUE}).")
    private Path socket = Path.of("/run/dualpost/admin.sock");

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    /** One exchange with the proxy. */
    private interface Exchange {
        HttpAnswer with(AdminClient proxy, String accept) throws IOException;
    }

    /** Reads something and prints it; the exit code. */
    int get(String path, Map<String, String> parameters) {
        return run((proxy, accept) -> proxy.get(path, parameters, accept), form());
    }

    /** Reads something as a CSV file and prints it; the exit code. */
    int csv(String path) {
        return run((proxy, accept) -> proxy.get(path, Map.of(), accept), "text/csv");
    }

    /** Orders something and prints what came of it; the exit code. */
    int post(String path, Map<String, String> parameters) {
        return run((proxy, accept) -> proxy.post(path, parameters, accept), form());
    }

    boolean isJson() {
        return json;
    }

    private String form() {
        return json ? "application/json" : "text/plain";
    }

    private int run(Exchange exchange, String accept) {
        try {
            HttpAnswer answer = exchange.with(new AdminClient(socket), accept);
            if (answer.status() < 300) {
                answer.writeBody(System.out);
                return Main.FINE;
            }
            System.err.print(json ? "" : "dualpost: ");
            answer.writeBody(System.err);
            return answer.status() == BAD_REQUEST ? USAGE : Main.BAD;
        } catch (AdminClient.NoProxy e) {
            System.err.println("dualpost: no proxy is running at " + socket + ": " + e.getMessage()
                    + "\nStart it with \"systemctl start dualpost\" or \"dualpost run\"; if its socket is elsewhere, name it"
                    + " with --socket.");
            return NOBODY;
        } catch (AccessDeniedException _) {
            System.err
                    .println("dualpost: " + socket + ": permission denied (expected: root, the user of the proxy, or a"
                            + " member of the group that is configured for it)");
            return Main.BAD;
        } catch (IOException e) {
            System.err.println("dualpost: " + socket + ": " + e.getMessage());
            return Main.BAD;
        }
    }
}
