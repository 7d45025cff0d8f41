package io.dualpost.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every client, each family, each host, each way to begin TLS. */
@Tag("real")
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(RealServers.class)
class MatrixTest {
    private final Dualpost dualpost;
    private int combinations;

    /** Where a client comes in. */
    enum Way {
        DUAL_IPV4(World.IPV4), DUAL_IPV6(World.IPV6), RESCUE(World.IPV4);

        private final InetAddress address;

        Way(InetAddress address) {
            this.address = address;
        }

        Target target(Setup setup, Protocol protocol, TlsMode tls) {
            boolean pop3 = protocol == Protocol.POP3;
            String host = this == RESCUE
                    ? (pop3 ? World.POP_RESCUE : World.SMTP_RESCUE)
                    : (pop3 ? World.POP : World.SMTP);
            return setup.target(pop3 ? "pop" : "submission", tls, host, address);
        }
    }

    MatrixTest(World world) throws IOException {
        dualpost = new Setup(world).pop3("pop", Setup.Backends.plain(world.dovecot().xclientPort(), "xclient"))
                .submission("submission", Setup.Backends.plain(world.postfix().xclientPort(), "xclient"))
                .service("apart", Protocol.POP3, World.APART, World.APART_RESCUE, "127.0.0.2",
                        Setup.Backends.plain(world.dovecot().xclientPort(), "xclient"), "")
                .start();
    }

    @AfterAll
    void stop() throws IOException {
        System.out.println("Combinations of client, family, host and TLS: " + combinations);
        dualpost.close();
    }

    @ParameterizedTest(name = "{0} reads, {1}, {2}")
    @MethodSource("readers")
    void aClientReadsWhatIsInTheMailbox(Pop3Client client, Way way, TlsMode tls, World world) throws IOException {
        Matrix.read(world, client, way.target(dualpost.setup(), Protocol.POP3, tls));
        combinations++;
    }

    static Stream<Arguments> readers() {
        return Stream.of(Pop3Client.values()).flatMap(client -> ways().filter(way -> client.serves(way.tls()))
                .map(way -> Arguments.of(client, way.way(), way.tls())));
    }

    @ParameterizedTest(name = "{0} sends, {1}, {2}")
    @MethodSource("senders")
    void aClientSendsWhatThenArrives(SubmissionClient client, Way way, TlsMode tls, World world) throws IOException {
        Matrix.send(world, client, way.target(dualpost.setup(), Protocol.SUBMISSION, tls));
        combinations++;
    }

    static Stream<Arguments> senders() {
        return Stream.of(SubmissionClient.values())
                .flatMap(client -> ways().map(way -> Arguments.of(client, way.way(), way.tls())));
    }

    private record Combination(Way way, TlsMode tls) {}

    private static Stream<Combination> ways() {
        return Stream.of(Way.values()).flatMap(way -> Matrix.MODES.stream().map(tls -> new Combination(way, tls)));
    }

    @Test
    void theRescueHostHasNoSocketOfIpv6() throws IOException {
        int port = dualpost.setup().target("apart", TlsMode.IMPLICIT, World.APART_RESCUE, World.IPV4).port();
        // proc(5): state 0A is LISTEN; addresses are words in the machine's order.
        assertThat(listening("/proc/net/tcp", port)).containsExactlyInAnyOrder("0100007F", "0200007F");
        assertThat(listening("/proc/net/tcp6", port)).containsExactly("00000000000000000000000001000000");
    }

    @Test
    void theRescueHostAnswersAtItsOwnAddress(World world) throws IOException {
        Target target = dualpost.setup().target("apart", TlsMode.IMPLICIT, World.APART_RESCUE,
                InetAddress.ofLiteral("127.0.0.2"));
        try (Talk talk = Talk.open(world, target)) {
            talk.loginByPassword(Account.READER);
            assertThat(talk.ask("STAT")).startsWith("+OK 1 ");
        }
    }

    private static List<String> listening(String table, int port) throws IOException {
        String ending = ":%04X".formatted(port);
        List<String> addresses = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(table))) {
            String[] fields = line.trim().split("\\s+", -1);
            if (fields[1].endsWith(ending) && fields[3].equals("0A")) {
                addresses.add(fields[1].substring(0, fields[1].length() - ending.length()));
            }
        }
        return addresses;
    }
}
