package io.dualpost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.dualpost.address.Endpoint;
import io.dualpost.address.Host;
import io.dualpost.address.HostRole;
import io.dualpost.config.Configuration;
import io.dualpost.gate.GateMode;
import io.dualpost.gate.Ipv6Policy;
import io.dualpost.gate.Limits;
import io.dualpost.mail.Forwarding;
import io.dualpost.mail.LineEndings;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import io.dualpost.route.Backend;
import io.dualpost.route.Pool;
import io.dualpost.session.Listener;
import io.dualpost.session.Patience;
import io.dualpost.session.Service;
import io.dualpost.telemetry.Log;
import io.dualpost.telemetry.LogFormat;
import io.dualpost.tls.DevelopmentAuthority;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What becomes of sessions when the whole proxy closes: none is lost from the log, none goes by another cause. */
class ProxyCloseTest {
    private static final InetAddress V4 = InetAddress.ofLiteral("127.0.0.1");

    private final Logger logger = (Logger) LoggerFactory.getLogger("dualpost.session");
    private final Level before = logger.getLevel();
    private final ListAppender<ILoggingEvent> records = new ListAppender<>();

    @BeforeEach
    void listen() {
        records.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(records);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(records);
        logger.setLevel(before);
    }

    private static final Log.Settings LOG = new Log.Settings(LogFormat.JSON, Optional.empty(), Log.Verbosity.WARN,
            Map.of());

    private static final Ipv6Policy IPV6 = new Ipv6Policy(1220, true, GateMode.OBSERVE, List.of(),
            Ipv6Policy.SelfTest.LOCAL, Optional.empty(), Optional.empty());

    private static Configuration configuration(int backend) throws Exception {
        Duration time = Duration.ofMinutes(10);
        Listener listener = new Listener("pop-0", Protocol.POP3, 0, TlsMode.STARTTLS, true, LineEndings.NORMALIZE,
                List.of(), new Patience(time, time, time, time, time, time, time, time));
        Pool pool = new Pool("pool", Protocol.POP3, List.of(new Backend("pool", new Endpoint("127.0.0.1", backend))),
                TlsMode.NONE, new Pool.Trust(Optional.empty(), Optional.empty()), Forwarding.NONE, List.of());
        Service service = new Service("pop", new Host("pop.example.test", HostRole.DUAL, List.of(V4)),
                Optional.empty(), List.of(listener), pool);
        return new Configuration(List.of(service),
                DevelopmentAuthority.create(InstantSource.system()).issue(List.of("pop.example.test")),
                new Limits(1000, 1000), IPV6, Optional.empty(), Optional.empty(), LOG, 2, "");
    }

    // Takes any login, greets a probe, and then sends without end or says nothing more.
    private static void serve(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket proxy = server.accept();
                Thread.ofVirtual().start(() -> talk(proxy));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void talk(Socket proxy) {
        try (proxy) {
            BufferedReader in = reader(proxy);
            say(proxy, "+OK");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                say(proxy, "+OK");
                while (line.startsWith("RETR")) {
                    say(proxy, "x".repeat(8000));
                }
            }
        } catch (IOException over) {
            return;
        }
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    private static void say(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void eachSessionLeavesARecordThatSaysShutdown() throws Exception {
        List<Socket> clients = new ArrayList<>();
        try (ServerSocket backend = new ServerSocket(0, 50, V4)) {
            Thread.ofVirtual().start(() -> serve(backend));
            Proxy proxy = Proxy.open(configuration(backend.getLocalPort()));
            // Some idle in the relay, some do not take what the backend sends.
            for (int i = 0; i < 20; i++) {
                Socket client = new Socket(V4, proxy.sockets().getFirst().local().getPort());
                clients.add(client);
                BufferedReader in = reader(client);
                for (String line : List.of("", "USER ann\r\n", "PASS secret\r\n")) {
                    client.getOutputStream().write(line.getBytes(StandardCharsets.ISO_8859_1));
                    assertThat(in.readLine()).startsWith("+OK");
                }
                if (i % 2 == 0) {
                    say(client, "RETR 1");
                }
            }
            // Nobody would wait out the drain here: an interrupt says that it is over.
            Thread.currentThread().interrupt();
            proxy.close();
            assertThat(Thread.interrupted()).isTrue();

            assertThat(records.list).hasSize(20)
                    .allSatisfy(record -> assertThat(record.getFormattedMessage()).contains("\"cause\":\"shutdown\""));
            assertThat(proxy.sockets().getFirst().sessions()).isZero();
            assertThatCode(proxy::close).doesNotThrowAnyException();
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }
}
