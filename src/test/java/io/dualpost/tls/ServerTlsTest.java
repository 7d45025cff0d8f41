package io.dualpost.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualpost.tls.TlsClient.Visit;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ServerTlsTest {
    private static final String POP = "pop.example.jp";
    private static final String RESCUE = "pop-v4.example.jp";

    private static DevelopmentAuthority authority;
    private static List<Certificate> certificates;

    @BeforeAll
    static void issue() throws Exception {
        authority = DevelopmentAuthority.create(InstantSource.system());
        List<Certificate> pop = authority.issue(List.of(POP));
        List<Certificate> rescue = authority.issue(List.of(RESCUE, "*.mail.example.jp"));
        certificates = List.of(pop.get(1), pop.get(0), rescue.get(1), rescue.get(0));
    }

    private static ServerTls tls(TlsEngine engine) throws TlsProblem {
        return ServerTls.of(engine, certificates, List.of(POP, RESCUE), "pop3", new TicketKeys());
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, TLSv1.2", "BORINGSSL, TLSv1.3", "JDK, TLSv1.2", "JDK, TLSv1.3"})
    void aModernClientGetsEcdsaAndAnOldOneRsa(TlsEngine engine, String version) throws Exception {
        try (TlsServer server = new TlsServer(tls(engine), POP)) {
            Visit modern = stranger().visit(server.port(), TlsClient.protocol(version));
            Visit old = stranger().visit(server.port(), TlsClient.protocol(version).andThen(TlsClient.rsaOnly()));

            assertThat(modern.key()).isEqualTo("EC");
            assertThat(modern.protocol()).isEqualTo(version);
            assertThat(modern.greeting()).contains(TlsServer.GREETING);
            assertThat(old.key()).isEqualTo("RSA");
            assertThat(old.greeting()).contains(TlsServer.GREETING);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNameAskedForDecidesTheCertificate(TlsEngine engine) throws Exception {
        try (TlsServer server = new TlsServer(tls(engine), POP)) {
            assertThat(names(server, TlsClient.asking(RESCUE))).contains(RESCUE);
            assertThat(names(server, TlsClient.asking("POP-v4.example.JP"))).contains(RESCUE);
            assertThat(names(server, TlsClient.asking("x.mail.example.jp"))).contains("*.mail.example.jp");
            assertThat(names(server, TlsClient.asking(POP))).contains(POP);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anUnknownOrMissingNameGetsTheDefaultHost(TlsEngine engine) throws Exception {
        try (TlsServer server = new TlsServer(tls(engine), RESCUE)) {
            assertThat(names(server, TlsClient.asking("other.example.jp"))).contains(RESCUE);
            assertThat(names(server, TlsClient.asking("x.y.mail.example.jp"))).contains(RESCUE);
            assertThat(names(server, _ -> {
            })).contains(RESCUE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theClientHelloIsToldBeforeTheHandshakeEnds(TlsEngine engine) throws Exception {
        try (TlsServer server = new TlsServer(tls(engine), POP)) {
            stranger().visit(server.port(), TlsClient.asking(RESCUE).andThen(TlsClient.offering("pop3")));

            ClientHello hello = server.next(ClientHello.class);
            assertThat(hello.serverName()).contains(RESCUE);
            assertThat(hello.alpn()).containsExactly("pop3");
            assertThat(hello.offersTls13()).isTrue();
            assertThat(hello.acceptsEcdsa(Curve.P256)).isTrue();
            assertThat(server.next(SslHandshakeCompletionEvent.class).isSuccess()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHandshakeThatTricklesInOctetByOctetSucceeds(TlsEngine engine) throws Exception {
        try (TlsServer server = new TlsServer(tls(engine), POP, 1)) {
            assertThat(names(server, TlsClient.asking(RESCUE))).contains(RESCUE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ourProtocolIsConfirmedAndNoOfferAccepted(TlsEngine engine) throws Exception {
        try (TlsServer server = new TlsServer(tls(engine), POP)) {
            assertThat(stranger().visit(server.port(), TlsClient.offering("imap", "pop3")).alpn()).isEqualTo("pop3");
            assertThat(stranger().visit(server.port(), _ -> {
            }).alpn()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherProtocolIsRefusedWithItsAlert(TlsEngine engine) throws Exception {
        try (TlsServer server = new TlsServer(tls(engine), POP)) {
            assertThatThrownBy(() -> stranger().visit(server.port(), TlsClient.offering("h2", "http/1.1")))
                    .isInstanceOf(SSLException.class).hasMessageContaining("no_application_protocol");

            assertThat(server.next(SslHandshakeCompletionEvent.class).cause()).isInstanceOf(AlpnMismatch.class)
                    .hasMessage("ALPN: [h2, http/1.1] (expected: pop3, or no ALPN)");
        }
    }

    @Test
    void afterAnAlpnMismatchNothingIsProcessed() throws Exception {
        try (TlsServer server = new TlsServer(tls(TlsEngine.best()), POP)) {
            byte[] hello = new HelloBytes().alpn("h2\r\n").record();

            byte[] answer = TlsClient.talk(server.port(), HelloBytes.join(hello, new HelloBytes().record()));

            assertThat(answer).isEqualTo(new byte[] {21, 3, 3, 0, 2, 2, 120});
            assertThat(server.next(SslHandshakeCompletionEvent.class).cause()).isInstanceOf(AlpnMismatch.class)
                    .hasMessageContaining("[h2??]");
        }
    }

    @Test
    void aMalformedHelloIsRefusedWithItsAlert() throws Exception {
        try (TlsServer server = new TlsServer(tls(TlsEngine.best()), POP)) {
            byte[] answer = TlsClient.talk(server.port(), new HelloBytes().alpn().record());

            assertThat(answer).isEqualTo(new byte[] {21, 3, 3, 0, 2, 2, 50});
            assertThat(server.next(SslHandshakeCompletionEvent.class).cause()).isInstanceOf(MalformedHello.class);
        }
    }

    @Test
    void aHelloSpreadOverSeveralRecordsIsRead() throws Exception {
        try (TlsServer server = new TlsServer(tls(TlsEngine.best()), POP)) {
            byte[] message = new HelloBytes().serverName(RESCUE).alpn("h2").message();

            TlsClient.talk(server.port(), HelloBytes.record(Arrays.copyOf(message, 3)),
                    HelloBytes.record(Arrays.copyOfRange(message, 3, 50)),
                    HelloBytes.record(Arrays.copyOfRange(message, 50, message.length)));

            assertThat(server.next(ClientHello.class).serverName()).contains(RESCUE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tls11IsRefused(TlsEngine engine) throws Exception {
        try (TlsServer server = new TlsServer(tls(engine), POP)) {
            byte[] hello = new HelloBytes().version(0x0302).suites(0xC014, 0xC00A, 0x002F).groups(23)
                    .extension(11, new byte[] {1, 0}).record();

            byte[] answer = TlsClient.talk(server.port(), hello);

            assertThat(answer).hasSize(7).startsWith(21, 3).endsWith(0, 2, 2, 70);
            assertThat(server.next(SslHandshakeCompletionEvent.class).isSuccess()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void plainTextIsRefused(TlsEngine engine) throws Exception {
        try (TlsServer server = new TlsServer(tls(engine), POP)) {
            TlsClient.talk(server.port(), "USER hanako\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(server.next(SslHandshakeCompletionEvent.class).cause())
                    .isInstanceOf(NotSslRecordException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void cipherSuitesWithoutForwardSecrecyOrAeadAreRefused(TlsEngine engine) throws Exception {
        try (TlsServer server = new TlsServer(tls(engine), POP)) {
            Consumer<SSLParameters> old = TlsClient.protocol("TLSv1.2").andThen(parameters -> parameters
                    .setCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
                            "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"}));

            assertThatThrownBy(() -> stranger().visit(server.port(), old)).isInstanceOf(SSLHandshakeException.class)
                    .hasMessageContaining("handshake_failure");
        }
    }

    @ParameterizedTest
    @EnumSource
    void renegotiationIsRefused(TlsEngine engine) throws Exception {
        try (TlsServer server = new TlsServer(tls(engine), POP)) {
            assertThatThrownBy(
                    () -> stranger().renegotiating().visit(server.port(), TlsClient.protocol("TLSv1.2")))
                    .isInstanceOf(SSLException.class).hasMessageContaining("fatal alert");
        }
    }

    @Test
    void aHostThatNoCertificateCoversIsAProblem() {
        assertThatThrownBy(() -> ServerTls.of(TlsEngine.best(), certificates, List.of(POP, "smtp.example.jp"), "pop3",
                new TicketKeys())).isInstanceOf(TlsProblem.class)
                .hasMessage("certificates: none for smtp.example.jp (expected: one that names it)");
    }

    /** A client that was here already would resume, and see the certificate of then. */
    private static TlsClient stranger() throws Exception {
        return new TlsClient(authority.certificate());
    }

    private static List<String> names(TlsServer server, Consumer<SSLParameters> changes) throws Exception {
        return stranger().visit(server.port(), changes).certificate().getSubjectAlternativeNames().stream()
                .map(name -> String.valueOf(name.get(1))).toList();
    }
}
