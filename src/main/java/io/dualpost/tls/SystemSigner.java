package io.dualpost.tls;

import io.netty.handler.ssl.OpenSslPrivateKeyMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs with one RSA key by the system's OpenSSL, on behalf of BoringSSL, which then does not know the key: on a processor
 * with AVX-512 IFMA in half the time; on others BoringSSL itself is the faster one. The key is freed when nobody holds this
 * object any more, which the TLS context does until its last session has ended.
 */
final class SystemSigner implements OpenSslPrivateKeyMethod {
    private static final Logger LOG = LoggerFactory.getLogger(SystemSigner.class);
    private static final Cleaner CLEANER = Cleaner.create();
    /** Who signs: {@code openssl} or {@code boringssl}; without it that is up to the processor. */
    private static final String CHOICE = "dualpost.rsa";
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    private static final String WIDE_MULTIPLICATION = "avx512ifma";

    private final LibCrypto crypto;
    private final MemorySegment key;

    private SystemSigner(LibCrypto crypto, MemorySegment key) {
        this.crypto = crypto;
        this.key = key;
        CLEANER.register(this, () -> crypto.free(key));
    }

    /** The system's library, if it can be used and is the faster one; said once in the log. */
    static Optional<LibCrypto> system() {
        return Installed.LIBRARY;
    }

    /**
     * Whether the first processor has what makes OpenSSL the faster one.
     *
     * @param processors as in {@code /proc/cpuinfo}
     */
    static boolean pays(Stream<String> processors) {
        return processors.filter(line -> line.startsWith("flags")).findFirst()
                .filter(line -> List.of(line.split("\\s+")).contains(WIDE_MULTIPLICATION)).isPresent();
    }

    /** A signer for a certificate; none if its key is not RSA with both primes, or the library does not do it right. */
    static Optional<SystemSigner> of(LibCrypto crypto, Certificate certificate) {
        byte[] pkcs8 = certificate.key() instanceof RSAPrivateCrtKey rsa ? rsa.getEncoded() : null;
        if (pkcs8 == null) {
            return Optional.empty();
        }
        try {
            SystemSigner signer = new SystemSigner(crypto, crypto.key(pkcs8));
            signer.prove(certificate.leaf().getPublicKey());
            return Optional.of(signer);
        } catch (GeneralSecurityException e) {
            LOG.warn("tls: {}: BoringSSL signs, as OpenSSL cannot: {}", certificate.file(), e.getMessage());
            return Optional.empty();
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    @Override
    public byte[] sign(SSLEngine engine, int algorithm, byte[] message) throws SignatureException {
        RsaScheme scheme = RsaScheme.of(algorithm).orElseThrow(() -> new SignatureException(
                "signature algorithm 0x%04x (expected: one for RSA)".formatted(algorithm)));
        try {
            return crypto.sign(key, scheme, message);
        } finally {
            Reference.reachabilityFence(this); // The key must not be freed meanwhile.
        }
    }

    /** Takes the key exchange of RSA, which no cipher suite of ours has. */
    @Override
    public byte[] decrypt(SSLEngine engine, byte[] secret) {
        throw new UnsupportedOperationException("decryption with the certificate's key");
    }

    private void prove(PublicKey open) throws GeneralSecurityException {
        byte[] words = "Dualpost".getBytes(StandardCharsets.US_ASCII);
        Signature check = Signature.getInstance("RSASSA-PSS");
        check.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32,
                PSSParameterSpec.TRAILER_FIELD_BC));
        check.initVerify(open);
        check.update(words);
        if (!check.verify(crypto.sign(key, RsaScheme.PSS_SHA256, words))) {
            throw new SignatureException("its signature is wrong");
        }
    }

    private static final class Installed {
        static final Optional<LibCrypto> LIBRARY = load();

        private static Optional<LibCrypto> load() {
            String choice = System.getProperty(CHOICE, "");
            if (choice.equals("boringssl") || (!choice.equals("openssl") && !pays())) {
                LOG.info("tls: BoringSSL makes the signatures of RSA keys: {}", choice.isEmpty()
                        ? "it is the faster one on a processor without " + WIDE_MULTIPLICATION
                        : CHOICE + "=" + choice);
                return Optional.empty();
            }
            try {
                LibCrypto crypto = LibCrypto.load(LibCrypto.SONAME);
                LOG.info("tls: OpenSSL {} of this system makes the signatures of RSA keys", crypto.version());
                return Optional.of(crypto);
            } catch (TlsProblem e) {
                LOG.info("tls: BoringSSL makes the signatures of RSA keys, more slowly than OpenSSL 3 may: {}",
                        e.getMessage());
                return Optional.empty();
            }
        }

        private static boolean pays() {
            try (Stream<String> lines = Files.lines(PROCESSORS)) {
                return SystemSigner.pays(lines);
            } catch (IOException | UncheckedIOException e) {
                LOG.info("tls: {} cannot be read: {}", PROCESSORS, e.getMessage());
                return false;
            }
        }
    }
}
