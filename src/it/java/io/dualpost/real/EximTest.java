package io.dualpost.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Family;
import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.net.InetAddress;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Exim as the submission backend: it gets whole messages, and knows who the client is. */
@Tag("real")
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(RealServers.class)
class EximTest {
    private static final InetAddress CLIENT = InetAddress.ofLiteral("127.0.0.5");
    private static final String MESSAGE = "Subject: to Exim\n\nHello,\n.a line with a dot\nBye\n";

    private final Exim exim;
    private final Dualpost dualpost;

    EximTest(World world) throws IOException {
        Assumptions.assumeTrue(Exim.isThere(), "needs Exim in target/exim, where .ci/run unpacks it");
        exim = Exim.start(world.scratch("exim"), world.dovecot().authSocket());
        world.watch(exim.log());
        try {
            dualpost = new Setup(world).submission("v1", Setup.Backends.plain(exim.port(), "proxy_v1"))
                    .submission("v2", Setup.Backends.plain(exim.port(), "proxy_v2")).start();
        } catch (IOException | RuntimeException e) {
            exim.close();
            throw e;
        }
    }

    @AfterAll
    void stop() throws IOException {
        exim.close();
        dualpost.close();
    }

    static Stream<Arguments> ways() {
        return Stream.of("v1", "v2").flatMap(header -> Stream.of(Arguments.of(header, World.IPV4, CLIENT),
                Arguments.of(header, World.IPV6, World.IPV6)));
    }

    @ParameterizedTest(name = "{0} from {2}")
    @MethodSource("ways")
    void aMessageArrivesAndEximKnowsTheClient(String header, InetAddress to, InetAddress from, World world)
            throws IOException {
        LogFile log = LogFile.fromHere(exim.log());
        String user = Family.of(to) == Family.IPV4 ? "v4" : "v6";
        int before = exim.delivered(user).size();
        Target target = dualpost.setup().target(header, TlsMode.IMPLICIT, World.SMTP, to);
        int port;
        try (Talk talk = Talk.open(world, target, from)) {
            port = talk.localPort();
            talk.submit(Account.ANNA);
            talk.ask("MAIL FROM:<anna@example.test>", "250");
            talk.ask("RCPT TO:<" + user + "@example.test>", "250");
            talk.ask("DATA", "354");
            talk.ask(MESSAGE.replace("\n.", "\n..").replace("\n", "\r\n") + ".", "250");
            talk.ask("QUIT", "221");
        }
        Waiting.until("Exim delivers it", 30, () -> exim.delivered(user).size() > before);
        assertThat(exim.delivered(user).getLast()).endsWith("\n\nHello,\n.a line with a dot\nBye\n");
        log.await("Completed");
        assertThat(log.text()).contains(
                "[" + from.getHostAddress().replace("0:0:0:0:0:0:0:1", "::1") + "]:" + port + " ")
                .contains("PRX=" + (Family.of(to) == Family.IPV4 ? "127.0.0.1" : ""))
                .containsPattern("A=dualpost_(plain|login):anna@example\\.test");
    }

    @Test
    void aWrongPasswordIsOneAndNobodySendsWithoutALogin(World world) throws IOException {
        Target target = dualpost.setup().target("v2", TlsMode.IMPLICIT, World.SMTP, World.IPV6);
        try (Talk talk = Talk.open(world, target)) {
            talk.ask("EHLO client.example.test", "250");
            talk.ask("MAIL FROM:<anna@example.test>", "530");
            talk.ask("AUTH PLAIN AGFubmFAZXhhbXBsZS50ZXN0AHdyb25n", "535");
        }
    }

    @Test
    void nobodyComesPastTheProxy() throws IOException {
        try (Talk talk = Talk.connect(CLIENT, World.IPV4, exim.port())) {
            assertThat(talk.line()).startsWith("550 only by way of the proxy");
        }
    }
}
