package io.dualpost.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.Proxy;
import io.dualpost.address.Endpoint;
import io.dualpost.address.Family;
import io.dualpost.address.Host;
import io.dualpost.address.HostRole;
import io.dualpost.config.Configuration;
import io.dualpost.demo.DemoMail;
import io.dualpost.demo.DemoMailbox;
import io.dualpost.demo.DemoSubmission;
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
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The proxy itself, over both families. */
class ProbeTest {
    private static final InetAddress V4 = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress V6 = InetAddress.ofLiteral("::1");
    private static final String HOST = "mail.example.test";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path folder;
    private static final List<AutoCloseable> OPEN = new ArrayList<>();
    private static List<Integer> ports = List.of();

    @BeforeAll
    static void serve() throws Exception {
        DemoMail mail = DemoMail.welcoming();
        DemoMailbox mailbox = DemoMailbox.open(mail);
        DemoSubmission submission = DemoSubmission.open(mail);
        ports = freePorts(4);
        Configuration configuration = new Configuration(List.of(
                service(Protocol.POP3, ports.get(0), ports.get(1), mailbox.port()),
                service(Protocol.SUBMISSION, ports.get(2), ports.get(3), submission.port())),
                DevelopmentAuthority.open(folder, InstantSource.system()).issue(List.of(HOST)), new Limits(100, 100),
                new Ipv6Policy(1220, true, GateMode.OBSERVE, List.of(), Ipv6Policy.SelfTest.OFF, Optional.empty(),
                        Optional.empty()),
                Optional.empty(), Optional.empty(),
                new Log.Settings(LogFormat.JSON, Optional.empty(), Log.Verbosity.WARN, Map.of()), 1,
                "");
        OPEN.addAll(List.of(Proxy.open(configuration), mailbox, submission));
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable one : OPEN) {
            one.close();
        }
    }

    private static Service service(Protocol protocol, int implicit, int startTls, int backend) {
        Duration time = Duration.ofMinutes(10);
        Patience patience = new Patience(time, time, time, time, time, time, time, time);
        List<Listener> listeners = List.of(
                new Listener(protocol.label() + implicit, protocol, implicit, TlsMode.IMPLICIT, false,
                        LineEndings.NORMALIZE, List.of(), patience),
                new Listener(protocol.label() + startTls, protocol, startTls, TlsMode.STARTTLS, false,
                        LineEndings.NORMALIZE, List.of(), patience));
        Pool pool = new Pool(protocol.label(), protocol,
                List.of(new Backend(protocol.label(), new Endpoint("127.0.0.1", backend))), TlsMode.NONE,
                new Pool.Trust(Optional.empty(), Optional.empty()), Forwarding.NONE, List.of());
        return new Service(protocol.label(), new Host(HOST, HostRole.DUAL, List.of(V4, V6)), Optional.empty(),
                listeners, pool);
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    private static Report probe(String host, Protocol protocol, TlsMode tls, Trust trust) throws InterruptedException {
        int port = ports.get((protocol == Protocol.POP3 ? 0 : 2) + (tls == TlsMode.IMPLICIT ? 0 : 1));
        return new Probe(new Target(new Endpoint(host, port), protocol, tls), false, trust, PATIENCE)
                .run(Lookup.found(List.of(V4, V6), Duration.ofMillis(1)));
    }

    @ParameterizedTest
    @CsvSource({"POP3, IMPLICIT", "POP3, STARTTLS", "SUBMISSION, IMPLICIT", "SUBMISSION, STARTTLS"})
    void bothFamiliesServe(Protocol protocol, TlsMode tls) throws Exception {
        Report report = probe(HOST, protocol, tls, Trust.of(folder.resolve(DevelopmentAuthority.CERTIFICATE_FILE)));
        assertThat(report.findings()).extracting(Finding::text).containsExactly("all 2 addresses serve");
        assertThat(report.exitCode()).isEqualTo(Report.ALL_SERVE);
        assertThat(report.timelines()).extracting(Timeline::family).containsExactly(Family.IPV6, Family.IPV4);
        assertThat(report.timelines()).allSatisfy(timeline -> {
            assertThat(timeline.greeting().orElse("")).contains(HOST);
            assertThat(timeline.tls()).hasValueSatisfying(facts -> {
                assertThat(facts.version()).isEqualTo("TLSv1.3");
                assertThat(facts.coverage()).isEqualTo(TlsFacts.Coverage.COVERED);
                assertThat(facts.names()).containsExactly(HOST);
            });
            // Offered inside TLS only.
            assertThat(timeline.capabilities()).anyMatch(line -> line.contains("PLAIN"))
                    .doesNotContain("STLS", "STARTTLS");
            assertThat(timeline.steps()).extracting(Timeline.Step::at).isSorted();
        });
        assertThat(report.waits()).allMatch(wait -> wait.result() == Wait.Result.GREETED
                && wait.address().equals(Optional.of(V6)));
    }

    @Test
    void aCertificateForAnotherNameOrOfAStrangerIsAFaultAtBothAddresses() throws Exception {
        Report report = probe("other.example.test", Protocol.POP3, TlsMode.IMPLICIT, Trust.platform());
        assertThat(report.exitCode()).isEqualTo(Report.SOME_DO_NOT);
        assertThat(report.findings()).hasSize(2)
                .allSatisfy(finding -> assertThat(finding.addresses()).containsExactly(V6, V4));
        assertThat(report.findings().get(0).text()).contains("does not cover the name; it is for " + HOST);
        assertThat(report.findings().get(1).text()).contains("not trusted");
        assertThat(report.timelines()).allMatch(Timeline::serves);
    }

    @Test
    void theWrongProtocolIsSaidToBeOne() throws Exception {
        int port = ports.get(2);
        Report report = new Probe(new Target(new Endpoint("::1", port), Protocol.POP3, TlsMode.IMPLICIT), false,
                Trust.platform(), PATIENCE).run();
        assertThat(report.exitCode()).isEqualTo(Report.NONE_SERVES);
        assertThat(report.findings()).anyMatch(finding -> finding.text().startsWith("what comes is not POP3: "));
    }
}
