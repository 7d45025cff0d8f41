package io.dualpost;

import io.dualpost.config.Configuration;
import io.dualpost.systemd.Notifier;
import io.dualpost.systemd.PassedSockets;
import io.dualpost.tls.TlsProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Serving until the process is told to stop. Nothing here knows the command line, so nothing of it is loaded for this. */
final class Serving {
    private Serving() {}

    /** The exit code, once serving has ended or could not begin; problems go to standard error. */
    static int with(Path file) throws InterruptedException {
        Optional<Configuration> read = ConfigurationFile.read(file);
        return read.isPresent() ? serve(read.get()) : Main.BAD;
    }

    /** The same, where nobody else reports what fails unexpectedly. */
    static int alone(Path file) {
        try {
            return with(file);
        } catch (InterruptedException | RuntimeException e) {
            System.err.println("dualpost: " + e);
            e.printStackTrace();
            return Main.BAD;
        }
    }

    private static int serve(Configuration configuration) throws InterruptedException {
        Optional<Notifier> systemd = Optional.empty();
        try {
            long pid = ProcessHandle.current().pid();
            systemd = Notifier.open(System.getenv(), pid);
            Proxy proxy = Proxy.run(configuration, PassedSockets.of(System.getenv(), pid));
            Shutdown.then(stop(proxy, systemd));
            systemd.ifPresent(notifier -> notifier.ready(proxy::status, proxy.loops()));
        } catch (IOException | TlsProblem e) {
            System.err.println("dualpost: " + e.getMessage());
            systemd.ifPresent(notifier -> notifier.failed(String.valueOf(e.getMessage())));
            return Main.BAD;
        }
        new CountDownLatch(1).await();
        return Main.FINE;
    }

    private static Shutdown.Task stop(Proxy proxy, Optional<Notifier> systemd) {
        return () -> {
            systemd.ifPresent(notifier -> notifier.stopping(Proxy.LONGEST_STOP));
            proxy.close();
            systemd.ifPresent(Notifier::close);
        };
    }
}
