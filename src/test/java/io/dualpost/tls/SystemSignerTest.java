package io.dualpost.tls;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dualpost.tls.TlsClient.Visit;
import io.netty.handler.ssl.OpenSslPrivateKeyMethod;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.security.SignatureException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Needs the system's OpenSSL 3. */
class SystemSignerTest {
    private static final String POP = "pop.example.jp";
    private static final FunctionDescriptor SIGN = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS,
            JAVA_LONG);
    private static final AtomicInteger SIGNATURES = new AtomicInteger();

    private static DevelopmentAuthority authority;
    private static Certificate ecdsa;
    private static Certificate rsa;
    /** The system's, which counts its signatures and makes no more than it may. */
    private static LibCrypto library;
    private static MethodHandle realSign;
    private static volatile int allowed;

    @BeforeAll
    @SuppressWarnings("restricted")
    static void issue() throws Exception {
        authority = DevelopmentAuthority.create(InstantSource.system());
        ecdsa = authority.issue(List.of(POP)).get(0);
        rsa = authority.issue(List.of(POP)).get(1);
        realSign = Linker.nativeLinker().downcallHandle(SymbolLookup.libraryLookup(LibCrypto.SONAME, Arena.global())
                .findOrThrow("EVP_DigestSign"), SIGN);
        library = new LibCrypto(LibCryptoTest.with(Arena.global(), "EVP_DigestSign",
                MethodHandles.lookup().findStatic(SystemSignerTest.class, "sign", SIGN.toMethodType()), SIGN));
    }

    @BeforeEach
    void allow() {
        SIGNATURES.set(0);
        allowed = Integer.MAX_VALUE;
    }

    @SuppressWarnings("unused") // Called by LibCrypto.
    private static int sign(MemorySegment context, MemorySegment signature, MemorySegment length,
            MemorySegment message, long octets) {
        try {
            return SIGNATURES.incrementAndGet() > allowed
                    ? 0
                    : (int) realSign.invokeExact(context, signature, length, message, octets);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, 2", "TLSv1.3, 2", "TLSv1.2, 0", "TLSv1.3, 0"})
    void aHandshakeWithAnRsaKeyWorksWithTheLibraryAndWithout(String version, int signatures) throws Exception {
        Optional<LibCrypto> there = Optional.of(library).filter(_ -> signatures > 0);
        try (TlsServer server = new TlsServer(tls(List.of(ecdsa, rsa), there), POP)) {
            Visit old = visit(server, version);
            Visit modern = new TlsClient(authority.certificate()).visit(server.port(), TlsClient.protocol(version));

            assertThat(old.key()).isEqualTo("RSA");
            assertThat(old.protocol()).isEqualTo(version);
            assertThat(old.greeting()).contains(TlsServer.GREETING);
            assertThat(modern.key()).isEqualTo("EC");
            assertThat(SIGNATURES).as("the proof at the start, and one handshake").hasValue(signatures);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aSignatureThatFailsEndsItsHandshakeAloneAndSaysWhy(String version) throws Exception {
        try (TlsServer server = new TlsServer(tls(List.of(rsa), Optional.of(library)), POP)) {
            allowed = 1;
            assertThatThrownBy(() -> visit(server, version)).isInstanceOf(java.io.IOException.class);
            Throwable cause = server.next(SslHandshakeCompletionEvent.class).cause();
            assertThat(TlsFailure.reason(cause)).contains("EVP_DigestSign: no reason given");

            allowed = Integer.MAX_VALUE;
            assertThat(visit(server, version).greeting()).contains(TlsServer.GREETING);
        }
    }

    @Test
    void aLibraryThatSignsWronglyIsNotUsed() throws Exception {
        Certificate swapped = new Certificate(Path.of("swapped.pem"), rsa.chain(),
                authority.issue(List.of(POP)).get(1).key(), rsa.names());
        assertThat(SystemSigner.of(library, swapped)).isEmpty();

        allowed = 0;
        assertThat(SystemSigner.of(library, rsa)).isEmpty();
    }

    @Test
    void itPaysWhereTheFirstProcessorHasTheInstructions() {
        String intel = "flags\t\t: fpu avx512f avx512ifma avx512vl";
        String amd = "flags\t\t: fpu avx2 adx avx512ifmas";

        assertThat(SystemSigner.pays(Stream.of("processor\t: 0", intel, "", "processor\t: 1", amd))).isTrue();
        assertThat(SystemSigner.pays(Stream.of("processor\t: 0", amd, "", "processor\t: 1", intel))).isFalse();
        assertThat(SystemSigner.pays(Stream.of("Features\t: fp asimd aes"))).isFalse();
        assertThat(SystemSigner.pays(Stream.of())).isFalse();
    }

    @Test
    void onlyRsaKeysAreTaken() {
        assertThat(SystemSigner.of(library, ecdsa)).isEmpty();
        assertThat(SystemSigner.of(library, rsa)).isPresent();
    }

    @Test
    void theNumbersAreThoseOfBoringSsl() {
        assertThat(RsaScheme.of(OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PKCS1_SHA1)).contains(RsaScheme.PKCS1_SHA1);
        assertThat(RsaScheme.of(OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PKCS1_SHA256)).contains(RsaScheme.PKCS1_SHA256);
        assertThat(RsaScheme.of(OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PKCS1_SHA384)).contains(RsaScheme.PKCS1_SHA384);
        assertThat(RsaScheme.of(OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PKCS1_SHA512)).contains(RsaScheme.PKCS1_SHA512);
        assertThat(RsaScheme.of(OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PSS_RSAE_SHA256)).contains(RsaScheme.PSS_SHA256);
        assertThat(RsaScheme.of(OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PSS_RSAE_SHA384)).contains(RsaScheme.PSS_SHA384);
        assertThat(RsaScheme.of(OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PSS_RSAE_SHA512)).contains(RsaScheme.PSS_SHA512);
    }

    @ParameterizedTest
    @ValueSource(ints = {0xff01, 0x0403, 0x0807, 0})
    void anotherAlgorithmIsRefused(int algorithm) throws Exception {
        SystemSigner signer = SystemSigner.of(library, rsa).orElseThrow();
        SSLEngine engine = javax.net.ssl.SSLContext.getDefault().createSSLEngine();

        assertThatThrownBy(() -> signer.sign(engine, algorithm, new byte[8])).isInstanceOf(SignatureException.class)
                .hasMessageMatching("signature algorithm 0x[0-9a-f]{4} \\(expected: one for RSA\\)");
    }

    @Test
    void theKeyGoesWithTheLastSession() throws Exception {
        awaitKeys(0);
        try (TlsServer server = new TlsServer(tls(List.of(ecdsa, rsa), Optional.of(library)), POP)) {
            visit(server, "TLSv1.3");
            assertThat(library.keys()).isEqualTo(1);
            // A certificate is renewed.
            try (TlsServer renewed = new TlsServer(tls(List.of(ecdsa, rsa), Optional.of(library)), POP)) {
                visit(renewed, "TLSv1.3");
                assertThat(library.keys()).isEqualTo(2);
            }
            awaitKeys(1);
            assertThat(visit(server, "TLSv1.3").greeting()).contains(TlsServer.GREETING);
        }
        awaitKeys(0);
    }

    @Test
    void manyHandshakesAtOnceShareAKey() throws Exception {
        int threads = 8;
        int each = 200;
        try (TlsServer server = new TlsServer(tls(List.of(rsa), Optional.of(library)), POP, 4096, 4);
                ExecutorService clients = Executors.newFixedThreadPool(threads)) {
            List<Future<Integer>> visits = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                visits.add(clients.submit(() -> {
                    int greeted = 0;
                    for (int j = 0; j < each; j++) {
                        greeted += visit(server, j % 2 == 0 ? "TLSv1.2" : "TLSv1.3").greeting().isPresent() ? 1 : 0;
                    }
                    return greeted;
                }));
            }
            for (Future<Integer> visit : visits) {
                assertThat(visit.get(120, TimeUnit.SECONDS)).isEqualTo(each);
            }
        }
        assertThat(SIGNATURES).hasValue(1 + threads * each);
    }

    private static void awaitKeys(int keys) {
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            System.gc();
            assertThat(library.keys()).isEqualTo(keys);
        });
    }

    private static ServerTls tls(List<Certificate> certificates, Optional<LibCrypto> crypto) throws TlsProblem {
        return ServerTls.of(TlsEngine.BORINGSSL, certificates, List.of(POP), "pop3", new TicketKeys(), () -> crypto);
    }

    /** A client that takes RSA alone, and has no session to resume. */
    private static Visit visit(TlsServer server, String version) throws Exception {
        return new TlsClient(authority.certificate()).visit(server.port(),
                TlsClient.protocol(version).andThen(TlsClient.rsaOnly()));
    }
}
