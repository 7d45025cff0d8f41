package io.dualpost.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every client straight at the servers: what fails here is not the proxy's fault. */
@Tag("real")
@ExtendWith(RealServers.class)
class StraightTest {
    @ParameterizedTest(name = "{0} reads straight from Dovecot, {1}")
    @MethodSource("readers")
    void aClientReadsStraightFromDovecot(Pop3Client client, TlsMode tls, World world) throws IOException {
        int port = tls == TlsMode.IMPLICIT ? world.dovecot().tlsPort() : world.dovecot().xclientPort();
        Matrix.read(world, client, new Target(World.POP, World.IPV4, port, tls, world.authority().certificate()));
    }

    static Stream<Arguments> readers() {
        return Stream.of(Pop3Client.values()).flatMap(client -> Matrix.MODES.stream()
                .filter(tls -> client.serves(tls)).map(tls -> Arguments.of(client, tls)));
    }

    @ParameterizedTest(name = "{0} sends straight to Postfix, {1}")
    @MethodSource("senders")
    void aClientSendsStraightToPostfix(SubmissionClient client, TlsMode tls, World world) throws IOException {
        int port = tls == TlsMode.IMPLICIT ? world.postfix().tlsPort() : world.postfix().startTlsPort();
        Matrix.send(world, client, new Target(World.SMTP, World.IPV4, port, tls, world.authority().certificate()));
    }

    static Stream<Arguments> senders() {
        return Stream.of(SubmissionClient.values())
                .flatMap(client -> Matrix.MODES.stream().map(tls -> Arguments.of(client, tls)));
    }

    @ParameterizedTest(name = "{0} logs in straight at Dovecot")
    @MethodSource("accounts")
    void anAccountLogsInStraight(Account account, World world) throws IOException {
        Target target = new Target(World.POP, World.IPV4, world.dovecot().tlsPort(), TlsMode.IMPLICIT,
                world.authority().certificate());
        try (Talk talk = Talk.open(world, target)) {
            talk.ask("AUTH PLAIN", "+");
            assertThat(talk.ask(Talk.plain(account))).startsWith("+OK");
        }
    }

    static List<Account> accounts() {
        return List.of(Account.values());
    }
}
