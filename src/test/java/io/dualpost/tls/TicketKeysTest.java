package io.dualpost.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TicketKeysTest {
    private static final String POP = "pop.example.jp";
    private static DevelopmentAuthority authority;
    private static List<Certificate> certificates;

    @BeforeAll
    static void issue() throws Exception {
        authority = DevelopmentAuthority.create(InstantSource.system());
        certificates = authority.issue(List.of(POP));
    }

    private static TlsServer server(TlsEngine engine, TicketKeys tickets) throws TlsProblem {
        return new TlsServer(ServerTls.of(engine, certificates, List.of(POP), "pop3", tickets), POP);
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, TLSv1.2", "BORINGSSL, TLSv1.3", "JDK, TLSv1.2", "JDK, TLSv1.3"})
    void aTicketResumesAtItsOwnServiceAndAtNoOther(TlsEngine engine, String version) throws Exception {
        TlsClient client = new TlsClient(authority.certificate());
        try (TlsServer own = server(engine, new TicketKeys()); TlsServer other = server(engine, new TicketKeys())) {
            client.visit(own.port(), TlsClient.protocol(version));
            client.visit(own.port(), TlsClient.protocol(version));
            assertThat(client.verifications()).as("at its own service").isEqualTo(1);

            client.visit(other.port(), TlsClient.protocol(version));
            assertThat(client.verifications()).as("at another service").isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aTicketOutlivesTwoRotationsAndNotThree(String version) throws Exception {
        for (int rotations = 1; rotations <= 3; rotations++) {
            TlsClient client = new TlsClient(authority.certificate());
            TicketKeys tickets = new TicketKeys();
            try (TlsServer server = server(TlsEngine.BORINGSSL, tickets)) {
                client.visit(server.port(), TlsClient.protocol(version));
                for (int i = 0; i < rotations; i++) {
                    tickets.rotate();
                }
                client.visit(server.port(), TlsClient.protocol(version));
                assertThat(client.verifications()).as("after %d rotations", rotations)
                        .isEqualTo(rotations < 3 ? 1 : 2);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aTicketOutlivesAReloadOfItsService(String version) throws Exception {
        TlsClient client = new TlsClient(authority.certificate());
        TicketKeys tickets = new TicketKeys();
        try (TlsServer before = server(TlsEngine.BORINGSSL, tickets);
                TlsServer after = server(TlsEngine.BORINGSSL, tickets)) {
            client.visit(before.port(), TlsClient.protocol(version));
            client.visit(after.port(), TlsClient.protocol(version));
            assertThat(client.verifications()).isEqualTo(1);
        }
    }
}
