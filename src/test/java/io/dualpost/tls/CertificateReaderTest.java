package io.dualpost.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dualpost.config.SampleCertificates;
import io.dualpost.config.SampleCertificates.Made;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateReaderTest {
    private final Instant now = Instant.now();

    @TempDir
    Path folder;

    private Made authority;
    private Made server;
    private Path chain;
    private Path key;

    @BeforeEach
    void make() throws Exception {
        authority = SampleCertificates.authority();
        server = SampleCertificates.server(authority, "Pop.example.jp", "*.mail.example.jp");
        chain = SampleCertificates.write(folder.resolve("mail.pem"), server.certificate(), authority.certificate());
        key = SampleCertificates.write(folder.resolve("mail.key"), server.keys().getPrivate());
    }

    @Test
    void aChainAndItsKeyAreRead() throws Exception {
        Certificate certificate = CertificateReader.read(chain, key);
        assertThat(certificate.chain()).containsExactly(server.certificate(), authority.certificate());
        assertThat(certificate.names()).containsExactly("pop.example.jp", "*.mail.example.jp");
        assertThat(certificate.key()).isEqualTo(server.keys().getPrivate());
        assertThat(certificate.key().getClass().getName()).startsWith("sun.security.");
        assertThat(certificate.file()).isEqualTo(chain);
    }

    @Test
    void chainAndKeyMayShareAFile() throws Exception {
        Path both = SampleCertificates.write(folder.resolve("both.pem"), server.keys().getPrivate(),
                server.certificate());
        assertThat(CertificateReader.read(both, both).chain()).containsExactly(server.certificate());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2048", "3072", "secp256r1", "secp384r1", "secp521r1"})
    void goodKindsOfKeysAreTaken(String kind) throws Exception {
        KeyPair keys = SampleCertificates.keys(kind);
        write(keys);
        assertThat(CertificateReader.read(chain, key).key()).isEqualTo(keys.getPrivate());
    }

    @Test
    void anRsaKeyMayBePkcs1() throws Exception {
        KeyPair keys = SampleCertificates.keys("2048");
        write(keys);
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(keys.getPrivate().getEncoded());
        SampleCertificates.write(key,
                new PemObject("RSA PRIVATE KEY", info.parsePrivateKey().toASN1Primitive().getEncoded()));
        assertThat(CertificateReader.read(chain, key).key()).isEqualTo(keys.getPrivate());
    }

    @Test
    void anEcKeyMayBeSec1WithItsCurveInsideOrInFront() throws Exception {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(server.keys().getPrivate().getEncoded());
        ECPrivateKey bare = ECPrivateKey.getInstance(info.parsePrivateKey());
        ECPrivateKey named = new ECPrivateKey(256, bare.getKey(), info.getPrivateKeyAlgorithm().getParameters());
        PemObject curve = new PemObject("EC PARAMETERS",
                info.getPrivateKeyAlgorithm().getParameters().toASN1Primitive().getEncoded());
        SampleCertificates.write(key, new PemObject("EC PRIVATE KEY", named.getEncoded()));
        assertThat(secret(CertificateReader.read(chain, key).key())).isEqualTo(bare.getKey());
        SampleCertificates.write(key, curve, new PemObject("EC PRIVATE KEY", bare.getEncoded()));
        assertThat(secret(CertificateReader.read(chain, key).key())).isEqualTo(bare.getKey());
        SampleCertificates.write(key, curve, new PemObject("EC PRIVATE KEY", named.getEncoded()));
        assertThat(secret(CertificateReader.read(chain, key).key())).isEqualTo(bare.getKey());
        SampleCertificates.write(key, new PemObject("EC PRIVATE KEY", bare.getEncoded()));
        assertRefused(key, "a key of another type, or EC without its curve");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1024", "secp256k1", "Ed25519", "DSA"})
    void weakAndForeignKeysAreRefused(String kind) throws Exception {
        PrivateKey foreign = kind.equals("secp256k1") ? foreignCurve() : SampleCertificates.keys(kind).getPrivate();
        SampleCertificates.write(key, foreign);
        assertRefused(key, "RSA of at least 2048 bits, or EC on P-256, P-384 or P-521");
    }

    @Test
    void filesThatCannotBeReadAreRefused() throws Exception {
        assertRefused(folder.resolve("gone.pem"), key, "gone.pem: no such file");
        assertRefused(folder, key, "a directory (expected: a PEM file that the proxy's user may read)");
        assertRefused(SampleCertificates.write(chain, "hello"), key, "not PEM");
        SampleCertificates.write(chain, "-----BEGIN CERTIFICATE-----\nMIIB\n");
        assertRefused(key, "block 1 is cut off or damaged");
        SampleCertificates.write(chain, "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n");
        assertRefused(key, "block 1 is cut off or damaged");
        SampleCertificates.write(chain, new PemObject("CERTIFICATE", new byte[] {1, 2, 3}));
        assertRefused(key, "certificate 1 is damaged");
        Files.write(chain, server.certificate().getEncoded());
        assertRefused(key, "binary DER (expected: PEM; convert it");
        SampleCertificates.write(chain, "#".repeat((1 << 20) + 1));
        assertRefused(key, "more than 1 MiB");
    }

    @Test
    void filesWithoutWhatTheyShouldHoldAreRefused() throws Exception {
        assertRefused(key, key, "no certificate inside, only PRIVATE KEY");
        assertRefused(chain, chain, "no key inside, only CERTIFICATE");
        SampleCertificates.write(key, server.keys().getPrivate(), server.keys().getPrivate());
        assertRefused(key, "2 keys (expected: one key");
        SampleCertificates.write(key, new PemObject("PRIVATE KEY", new byte[] {0x30, 1, 2}));
        assertRefused(key, "a damaged key");
        SampleCertificates.write(key, new PemObject("OPENSSH PRIVATE KEY", new byte[] {1}));
        assertRefused(key, "OPENSSH PRIVATE KEY");
    }

    @Test
    void encryptedKeysAreRefused() throws Exception {
        SampleCertificates.write(key, new PemObject("ENCRYPTED PRIVATE KEY", new byte[] {0x30, 0}));
        assertRefused(key, "an encrypted key (expected: a key without a passphrase");
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(new PemObject("EC PRIVATE KEY",
                    List.of(new org.bouncycastle.util.io.pem.PemHeader("Proc-Type", "4,ENCRYPTED")), new byte[] {1}));
        }
        SampleCertificates.write(key, text.toString());
        assertRefused(key, "an encrypted key");
    }

    @Test
    void theFilesWordForThePublicPartOfAnEcKeyIsEnoughAndAnotherPartIsTried() throws Exception {
        KeyPair other = SampleCertificates.keys("secp256r1");
        SampleCertificates.write(key, sec1(server.keys().getPrivate(), server.keys().getPublic()));
        assertThat(CertificateReader.read(chain, key).names()).isNotEmpty();
        SampleCertificates.write(key, sec1(server.keys().getPrivate(), other.getPublic()));
        assertThat(CertificateReader.read(chain, key).names()).isNotEmpty();
        SampleCertificates.write(key, sec1(other.getPrivate(), other.getPublic()));
        assertRefused(key, "a key that does not match the certificate of CN=server");
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(server.keys().getPrivate().getEncoded());
        SampleCertificates.write(key, new PemObject("PRIVATE KEY",
                new PrivateKeyInfo(info.getPrivateKeyAlgorithm(), new DERSequence()).getEncoded()));
        assertRefused(key, "a damaged key");
    }

    private static PemObject sec1(PrivateKey secret, PublicKey open) throws Exception {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(secret.getEncoded());
        ECPrivateKey bare = ECPrivateKey.getInstance(info.parsePrivateKey());
        return new PemObject("EC PRIVATE KEY", new ECPrivateKey(256, bare.getKey(),
                SubjectPublicKeyInfo.getInstance(open.getEncoded()).getPublicKeyData(),
                info.getPrivateKeyAlgorithm().getParameters()).getEncoded());
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws Exception {
        SampleCertificates.write(key, SampleCertificates.keys("secp256r1").getPrivate());
        assertRefused(key, "a key that does not match the certificate of CN=server");
        SampleCertificates.write(key, SampleCertificates.keys("2048").getPrivate());
        assertRefused(key, "a key that does not match the certificate of CN=server");
    }

    @Test
    void certificatesOutsideTheirTimeAreRefused() throws Exception {
        assertRefusedAt(now.plus(Duration.ofDays(101)), "certificate of CN=server expired at ");
        assertRefusedAt(now.minus(Duration.ofDays(2)), "certificate of CN=server is not valid before ");
    }

    @Test
    void aCertificateWithoutDnsNamesIsRefused() throws Exception {
        Made nameless = SampleCertificates.server(authority, server.keys(), now.minusSeconds(9), now.plusSeconds(99),
                List.of());
        SampleCertificates.write(chain, nameless.certificate());
        assertRefused(key, "certificate of CN=server has no DNS names");
    }

    @Test
    void aChainOutOfOrderIsRefused() throws Exception {
        SampleCertificates.write(chain, authority.certificate(), server.certificate());
        assertRefused(key, "certificate 2 (CN=server) did not issue certificate 1 (CN=Sample Authority)");
        SampleCertificates.write(chain, server.certificate(), SampleCertificates.authority().certificate());
        assertRefused(key, "certificate 2 (CN=Sample Authority) did not issue certificate 1 (CN=server)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-rw----", "rw-r--r--", "rw-----w-", "rw------x"})
    void aKeyThatIsOpenToOthersIsRefused(String mode) throws Exception {
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(mode));
        assertRefused(key, "open to others, mode " + mode);
    }

    @Test
    void aKeyMayBeReadByItsGroup() throws Exception {
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(CertificateReader.read(chain, key).key()).isEqualTo(server.keys().getPrivate());
    }

    private static BigInteger secret(PrivateKey key) {
        return ((java.security.interfaces.ECPrivateKey) key).getS();
    }

    private void write(KeyPair keys) throws Exception {
        Made made = SampleCertificates.server(authority, keys, now.minusSeconds(9), now.plusSeconds(99),
                List.of("a.jp"));
        SampleCertificates.write(chain, made.certificate());
        SampleCertificates.write(key, keys.getPrivate());
    }

    /** The JDK no longer makes keys on this curve. */
    private static PrivateKey foreignCurve() throws Exception {
        java.security.KeyPairGenerator generator = java.security.KeyPairGenerator.getInstance("EC",
                new org.bouncycastle.jce.provider.BouncyCastleProvider());
        generator.initialize(new java.security.spec.ECGenParameterSpec("secp256k1"));
        return generator.generateKeyPair().getPrivate();
    }

    private void assertRefused(Path otherKey, String message) {
        assertRefused(chain, otherKey, message);
    }

    private static void assertRefused(Path chain, Path key, String message) {
        assertThatExceptionOfType(CertificateProblem.class).isThrownBy(() -> CertificateReader.read(chain, key))
                .withMessageContaining(message);
    }

    private void assertRefusedAt(Instant time, String message) {
        assertThatExceptionOfType(CertificateProblem.class).isThrownBy(() -> CertificateReader.read(chain, key, time))
                .withMessageContaining(message);
    }
}
