package io.dualpost.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Needs the system's OpenSSL 3, as Debian's ca-certificates brings it. */
class LibCryptoTest {
    private static final byte[] MESSAGE = "TLS 1.3, server CertificateVerify".getBytes(StandardCharsets.US_ASCII);

    private static KeyPair pair;
    private static LibCrypto crypto;

    @BeforeAll
    static void load() throws Exception {
        pair = KeyKind.RSA.generate();
        crypto = LibCrypto.load(LibCrypto.SONAME);
    }

    @ParameterizedTest
    @EnumSource
    void theJdkVerifiesEverySignature(RsaScheme scheme) throws Exception {
        assertThat(verifies(scheme, pair.getPublic(), sign(pair.getPrivate().getEncoded(), scheme))).isTrue();
    }

    /** What a fault of the processor does, too: half of the computation is wrong, and tells the key if it gets out. */
    @Test
    void aFaultInOneHalfOfTheComputationDoesNotGetOut() throws Exception {
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) pair.getPrivate();
        byte[] faulty = KeyFactory.getInstance("RSA").generatePrivate(new RSAPrivateCrtKeySpec(key.getModulus(),
                key.getPublicExponent(), key.getPrivateExponent(), key.getPrimeP(), key.getPrimeQ(),
                key.getPrimeExponentP().flipBit(7), key.getPrimeExponentQ(), key.getCrtCoefficient())).getEncoded();

        byte[] signature = sign(faulty, RsaScheme.PKCS1_SHA256);

        BigInteger difference = new BigInteger(1, signature).modPow(key.getPublicExponent(), key.getModulus())
                .subtract(new BigInteger(1, sign(key.getEncoded(), RsaScheme.PKCS1_SHA256))
                        .modPow(key.getPublicExponent(), key.getModulus()));
        assertThat(difference.gcd(key.getModulus())).as("the prime that a faulty signature gives away")
                .isEqualTo(key.getModulus());
        assertThat(verifies(RsaScheme.PKCS1_SHA256, pair.getPublic(), signature)).isTrue();
    }

    @Test
    void whatIsNoKeyIsRefusedInOpenSslsWords() {
        assertThatThrownBy(() -> crypto.key("no key".getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(SignatureException.class).hasMessageStartingWith("d2i_AutoPrivateKey: error:");
    }

    @Test
    void theVersionIsKnown() {
        assertThat(crypto.version()).matches("3\\.\\d+\\.\\d+");
    }

    @Test
    void aMissingLibraryIsNamed() {
        assertThatThrownBy(() -> LibCrypto.load("libcrypto.so.none")).isInstanceOf(TlsProblem.class)
                .hasMessageStartingWith("libcrypto.so.none: ");
    }

    @Test
    void aMissingFunctionIsNamed() {
        assertThatThrownBy(() -> new LibCrypto(without("EVP_PKEY_get_size"))).isInstanceOf(TlsProblem.class)
                .hasMessage("no function EVP_PKEY_get_size");
    }

    @Test
    void anOlderVersionIsRefused() throws Exception {
        try (Arena here = Arena.ofConfined()) {
            MethodHandle version = MethodHandles.constant(long.class, 0x1010117fL);
            SymbolLookup old = with(here, "OpenSSL_version_num", version, FunctionDescriptor.of(ValueLayout.JAVA_LONG));

            assertThatThrownBy(() -> new LibCrypto(old)).isInstanceOf(TlsProblem.class)
                    .hasMessage("older than OpenSSL 3.0");
        }
    }

    /** The system's library with one function replaced. */
    @SuppressWarnings("restricted")
    static SymbolLookup with(Arena arena, String name, MethodHandle function, FunctionDescriptor signature) {
        MemorySegment stub = Linker.nativeLinker().upcallStub(function, signature, arena);
        return wanted -> wanted.equals(name) ? Optional.of(stub) : library().find(wanted);
    }

    private static SymbolLookup without(String name) {
        return wanted -> wanted.equals(name) ? Optional.empty() : library().find(wanted);
    }

    @SuppressWarnings("restricted")
    private static SymbolLookup library() {
        return SymbolLookup.libraryLookup(LibCrypto.SONAME, Arena.global());
    }

    private static byte[] sign(byte[] pkcs8, RsaScheme scheme) throws SignatureException {
        MemorySegment key = crypto.key(pkcs8);
        try {
            return crypto.sign(key, scheme, MESSAGE);
        } finally {
            crypto.free(key);
        }
    }

    private static boolean verifies(RsaScheme scheme, PublicKey open, byte[] signature) throws Exception {
        Signature check;
        if (scheme.pss()) {
            String digest = scheme.digest().replace("SHA", "SHA-");
            check = Signature.getInstance("RSASSA-PSS");
            check.setParameter(new PSSParameterSpec(digest, "MGF1", new MGF1ParameterSpec(digest),
                    Integer.parseInt(scheme.digest().substring(3)) / 8, 1));
        } else {
            check = Signature.getInstance(scheme.digest() + "withRSA");
        }
        check.initVerify(open);
        check.update(MESSAGE);
        return check.verify(signature);
    }
}
