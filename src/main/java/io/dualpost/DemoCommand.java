package io.dualpost;

import io.dualpost.config.Configuration;
import io.dualpost.config.ConfigurationReader;
import io.dualpost.demo.Demo;
import io.dualpost.systemd.PassedSockets;
import io.dualpost.tls.DevelopmentAuthority;
import io.dualpost.tls.Existing;
import io.dualpost.tls.TlsProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the whole of it on this machine: nothing is needed, nothing stays behind. */
@Command(name = "demo", description = "Run before an embedded mailbox and submission server, on loopback and high ports.", mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--port-base", paramLabel = "N", defaultValue = "9000", description = "Ports are N+995, N+110, N+465, N+587 and N+143 (default: ${DEFAULT-VALUE}).")
    private int portBase = Demo.PORT_BASE;

    @Override
    public Integer call() throws InterruptedException {
        try {
            Demo demo = Demo.open(portBase);
            Shutdown.then(new Stage(demo, start(demo))::close);
        } catch (IOException | TlsProblem e) {
            System.err.println("dualpost: " + e.getMessage());
            return Main.BAD;
        }
        new CountDownLatch(1).await();
        return Main.FINE;
    }

    /** What closes together. */
    private record Stage(Demo demo, Proxy proxy) {
        void close() throws IOException {
            proxy.close();
            demo.close();
        }
    }

    private static Proxy start(Demo demo) throws IOException, TlsProblem {
        try {
            Path file = configure(demo, "warn");
            Configuration configuration = switch (ConfigurationReader.read(file)) {
                case ConfigurationReader.Read(Configuration sound, var _) -> sound;
                case ConfigurationReader.Broken(var problems) ->
                    throw new IOException("the demo's own configuration: " + problems);
            };
            Proxy proxy = Proxy.run(configuration, PassedSockets.none());
            System.out.println(demo.welcome(demo.folder().resolve(DevelopmentAuthority.CERTIFICATE_FILE)));
            return proxy;
        } catch (IOException | TlsProblem | RuntimeException e) {
            demo.close();
            throw e;
        }
    }

    /** Makes certificates for the demo and puts the proxy's configuration beside them. */
    static Path configure(Demo demo, String level) throws IOException, TlsProblem {
        DevelopmentAuthority authority = DevelopmentAuthority.open(demo.folder(), InstantSource.system());
        List<Demo.CertificateFiles> files = authority.issue(Demo.HOSTS, demo.folder(), Existing.KEEP).stream()
                .map(issued -> new Demo.CertificateFiles(issued.file(), DevelopmentAuthority.keyFile(issued)))
                .toList();
        return demo.configure(files, level);
    }
}
