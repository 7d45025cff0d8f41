package io.dualpost;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** How the running proxy is. */
@Command(name = "status", description = "Print how the running proxy is: sessions and listeners of each family, and what is wrong.", mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private RunningProxy proxy = new RunningProxy();

    @Override
    public Integer call() {
        return proxy.get("/status", Map.of());
    }
}
