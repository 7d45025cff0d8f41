package io.dualpost.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualpost.address.Endpoint;
import io.dualpost.mail.Forwarding;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import io.dualpost.route.Backend;
import io.dualpost.route.Pool;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BackendTlsTest {
    private static final String MAILBOX = "dovecot1.example.jp";
    private static final List<String> HOSTS = List.of(MAILBOX, "dovecot", "127.0.0.1");
    private static final MultiThreadIoEventLoopGroup LOOP = new MultiThreadIoEventLoopGroup(1,
            NioIoHandler.newFactory());

    @TempDir
    private static Path folder;
    private static List<Certificate> certificates;
    private TlsServer server;

    @BeforeAll
    static void issue() throws Exception {
        DevelopmentAuthority authority = DevelopmentAuthority.create(InstantSource.system());
        authority.write(folder, Existing.KEEP);
        certificates = authority.issue(HOSTS);
    }

    @BeforeEach
    void listen() throws Exception {
        server = serve(certificates);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @AfterAll
    static void stop() {
        LOOP.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, dovecot1.example.jp", "JDK, dovecot1.example.jp", "BORINGSSL, dovecot", "JDK, dovecot"})
    void aBackendOfTheRightNameIsTrustedAndAskedForByName(TlsEngine engine, String host) throws Exception {
        assertThat(outcome(engine, Optional.of(ca()), Optional.empty(), host, server)).isEmpty();

        assertThat(server.next(ClientHello.class).serverName()).contains(host);
    }

    @ParameterizedTest
    @EnumSource
    void aBackendByAddressIsVerifiedByAddressAndAskedForNoName(TlsEngine engine) throws Exception {
        assertThat(outcome(engine, Optional.of(ca()), Optional.empty(), "127.0.0.1", server)).isEmpty();

        assertThat(server.next(ClientHello.class).serverName()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theNameOfThePoolStandsInForTheHost(TlsEngine engine) throws Exception {
        assertThat(outcome(engine, Optional.of(ca()), Optional.of(MAILBOX), "192.0.2.1", server)).isEmpty();

        assertThat(server.next(ClientHello.class).serverName()).contains(MAILBOX);
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, dovecot2.example.jp", "JDK, dovecot2.example.jp", "BORINGSSL, 192.0.2.1", "JDK, 192.0.2.1",
            "BORINGSSL, my_dovecot", "JDK, my_dovecot"})
    void aBackendOfAnotherNameIsRefusedWithBothNames(TlsEngine engine, String host) throws Exception {
        assertThat(outcome(engine, Optional.of(ca()), Optional.empty(), host, server)).hasValueSatisfying(
                reason -> assertThat(reason).contains("for [dovecot1.example.jp, dovecot, 127.0.0.1]")
                        .endsWith("(expected: a trusted certificate for " + host + ")"));
    }

    @ParameterizedTest
    @EnumSource
    void aBackendOfAnUnknownAuthorityIsRefused(TlsEngine engine) throws Exception {
        assertThat(outcome(engine, Optional.empty(), Optional.empty(), MAILBOX, server)).hasValueSatisfying(
                reason -> assertThat(reason).contains("[dovecot1.example.jp", "Dualpost development",
                        "unable to find valid certification path"));
    }

    @ParameterizedTest
    @EnumSource
    void anExpiredBackendIsRefused(TlsEngine engine, @TempDir Path old) throws Exception {
        Instant then = Instant.now().minus(Duration.ofDays(500));
        DevelopmentAuthority earlier = DevelopmentAuthority.create(InstantSource.fixed(then));
        earlier.write(old, Existing.KEEP);
        try (TlsServer expired = serve(earlier.issue(HOSTS))) {
            assertThat(outcome(engine, Optional.of(old.resolve(DevelopmentAuthority.CERTIFICATE_FILE)),
                    Optional.empty(), MAILBOX, expired)).hasValueSatisfying(
                            reason -> assertThat(reason).contains("good until", "NotAfter",
                                    "expected: a trusted certificate for " + MAILBOX));
        }
    }

    @Test
    void authoritiesThatCannotBeReadAreAProblem(@TempDir Path empty) throws Exception {
        Path missing = empty.resolve("missing.pem");
        Path blank = Files.createFile(empty.resolve("blank.pem"));
        Path noise = Files.writeString(empty.resolve("noise.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n");

        assertThatThrownBy(() -> BackendTls.of(TlsEngine.best(), pool(Optional.of(missing), Optional.empty())))
                .isInstanceOf(TlsProblem.class).hasMessageContaining("missing.pem: cannot be read");
        assertThatThrownBy(() -> BackendTls.of(TlsEngine.best(), pool(Optional.of(blank), Optional.empty())))
                .isInstanceOf(TlsProblem.class).hasMessageContaining("blank.pem: no certificate");
        assertThatThrownBy(() -> BackendTls.of(TlsEngine.best(), pool(Optional.of(noise), Optional.empty())))
                .isInstanceOf(TlsProblem.class).hasMessageContaining("noise.pem: not understood");
    }

    @Test
    void aFailureWithoutCertificateIsToldInItsOwnWords() {
        assertThat(TlsFailure.reason(new IllegalStateException("closed"))).isEqualTo("closed");
        assertThat(TlsFailure.reason(new IllegalStateException())).isEqualTo("IllegalStateException");
    }

    /** Nothing if the handshake succeeds, else why not. */
    private static Optional<String> outcome(TlsEngine engine, Optional<Path> authorities, Optional<String> name,
            String host, TlsServer at) throws Exception {
        BackendTls tls = BackendTls.of(engine, pool(authorities, name));
        Backend backend = new Backend("mailbox", new Endpoint(host, at.port()));
        // Kept here: a handshake that failed at once has taken its handler out of the pipeline already.
        SslHandler handler = tls.handler(ByteBufAllocator.DEFAULT, backend);
        Bootstrap bootstrap = new Bootstrap().group(LOOP).channel(NioSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false).handler(handler);
        Channel channel = bootstrap.connect(InetAddress.getLoopbackAddress(), at.port()).sync().channel();
        try {
            var handshake = handler.handshakeFuture();
            assertThat(handshake.await(10, TimeUnit.SECONDS)).isTrue();
            return handshake.isSuccess() ? Optional.empty() : Optional.of(TlsFailure.reason(handshake.cause()));
        } finally {
            channel.close().sync();
        }
    }

    private static TlsServer serve(List<Certificate> shown) throws TlsProblem {
        return new TlsServer(ServerTls.of(TlsEngine.best(), shown, List.of(MAILBOX), "pop3", new TicketKeys()),
                MAILBOX);
    }

    private static Path ca() {
        return folder.resolve(DevelopmentAuthority.CERTIFICATE_FILE);
    }

    private static Pool pool(Optional<Path> authorities, Optional<String> name) {
        return new Pool("mailbox", Protocol.POP3, List.of(), TlsMode.IMPLICIT, new Pool.Trust(authorities, name),
                Forwarding.NONE, List.of());
    }
}
