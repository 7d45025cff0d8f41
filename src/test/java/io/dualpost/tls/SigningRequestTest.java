package io.dualpost.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SigningRequestTest {
    private static final List<String> HOSTS = List.of("pop.example.jp", "pop-v4.example.jp", "2001:db8::10");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void allHostsAreInTheRequestAndItIsSignedByItsKey(KeyKind kind) throws Exception {
        PKCS10CertificationRequest request = parse(SigningRequest.create(HOSTS, kind).pem());

        assertThat(request.isSignatureValid(
                new JcaContentVerifierProviderBuilder().build(request.getSubjectPublicKeyInfo()))).isTrue();
        assertThat(request.getSubject()).hasToString("CN=pop.example.jp");
        GeneralNames names = GeneralNames.fromExtensions(request.getRequestedExtensions(),
                Extension.subjectAlternativeName);
        assertThat(Arrays.stream(names.getNames()).map(GeneralName::getTagNo)).containsExactly(2, 2, 7);
        assertThat(names.getNames()[1].getName()).hasToString("pop-v4.example.jp");
    }

    @Test
    void aNameTooLongForTheSubjectIsInTheCriticalAlternativesOnly() throws Exception {
        String host = "a".repeat(60) + ".example.jp";

        PKCS10CertificationRequest request = parse(SigningRequest.create(List.of(host), KeyKind.ECDSA).pem());

        assertThat(request.getSubject().getRDNs()).isEmpty();
        assertThat(request.getRequestedExtensions().getExtension(Extension.subjectAlternativeName).isCritical())
                .isTrue();
    }

    @Test
    void theKeyIsWrittenForTheOwnerOnlyAndNeverOverwrittenByAccident() throws Exception {
        SigningRequest request = SigningRequest.create(HOSTS, KeyKind.ECDSA);

        List<Path> files = request.write(folder, Existing.KEEP);

        assertThat(files).containsExactly(folder.resolve("pop.example.jp-ecdsa.csr"),
                folder.resolve("pop.example.jp-ecdsa.key"));
        assertThat(Files.readString(files.get(0))).isEqualTo(request.pem())
                .startsWith("-----BEGIN CERTIFICATE REQUEST-----");
        assertThat(Files.readString(files.get(1))).startsWith("-----BEGIN PRIVATE KEY-----");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.get(1)))).isEqualTo("rw-------");
        assertThatThrownBy(() -> request.write(folder, Existing.KEEP)).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void theKeyIsNotInTheText() throws Exception {
        assertThat(SigningRequest.create(HOSTS, KeyKind.ECDSA))
                .hasToString("signing request [pop.example.jp, pop-v4.example.jp, 2001:db8::10] ecdsa");
    }

    private static PKCS10CertificationRequest parse(String pem) throws Exception {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            return (PKCS10CertificationRequest) parser.readObject();
        }
    }
}
