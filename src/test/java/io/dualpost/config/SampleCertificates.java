package io.dualpost.config;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** Certificates for tests, made on the spot. */
public final class SampleCertificates {
    private static final X500Principal AUTHORITY = new X500Principal("CN=Sample Authority");

    private SampleCertificates() {}

    /** A certificate and the keys it was made for. */
    public record Made(X509Certificate certificate, KeyPair keys) {}

    /** A fresh key pair: EC on the named curve, or RSA of the given bits. */
    public static KeyPair keys(String kind) throws GeneralSecurityException {
        boolean rsa = kind.matches("[0-9]+");
        KeyPairGenerator generator = KeyPairGenerator.getInstance(rsa ? "RSA" : kind.startsWith("sec") ? "EC" : kind);
        if (rsa) {
            generator.initialize(Integer.parseInt(kind));
        } else if (kind.startsWith("sec")) {
            generator.initialize(new ECGenParameterSpec(kind));
        }
        return generator.generateKeyPair();
    }

    /** An authority that signs itself. */
    public static Made authority() throws GeneralSecurityException, IOException {
        KeyPair keys = keys("secp256r1");
        Instant now = Instant.now();
        return new Made(
                sign(AUTHORITY, keys, AUTHORITY, keys, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(900)),
                        List.of()),
                keys);
    }

    /** A server certificate for these names. */
    public static Made server(Made issuer, KeyPair keys, Instant begin, Instant end, List<String> names)
            throws GeneralSecurityException, IOException {
        return new Made(sign(AUTHORITY, issuer.keys(), new X500Principal("CN=server"), keys, begin, end, names), keys);
    }

    /** A server certificate for these names, valid for a hundred days. */
    public static Made server(Made issuer, String... names) throws GeneralSecurityException, IOException {
        Instant now = Instant.now();
        return server(issuer, keys("secp256r1"), now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(100)),
                List.of(names));
    }

    /** Writes keys and certificates as PEM, readable by the owner alone. */
    public static Path write(Path file, Object... objects) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Object object : objects) {
                writer.writeObject(
                        object instanceof PrivateKey key ? new PemObject("PRIVATE KEY", key.getEncoded()) : object);
            }
        }
        return write(file, text.toString());
    }

    /** Writes a text, readable by the owner alone. */
    public static Path write(Path file, String text) throws IOException {
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** Writes {@code mail.pem}, {@code mail.key} and {@code internal-ca.pem} into a folder. */
    public static void fill(Path folder, String... names) throws GeneralSecurityException, IOException {
        Made authority = authority();
        Made server = server(authority, names);
        write(folder.resolve("mail.pem"), server.certificate(), authority.certificate());
        write(folder.resolve("mail.key"), server.keys().getPrivate());
        write(folder.resolve("internal-ca.pem"), authority.certificate());
    }

    private static X509Certificate sign(X500Principal issuer, KeyPair issuerKeys, X500Principal subject, KeyPair keys,
            Instant begin, Instant end, List<String> names) throws GeneralSecurityException, IOException {
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(issuer,
                BigInteger.valueOf(System.nanoTime()), Date.from(begin), Date.from(end), subject, keys.getPublic());
        if (!names.isEmpty()) {
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(
                    names.stream().map(name -> new GeneralName(GeneralName.dNSName, name))
                            .toArray(GeneralName[]::new)));
        }
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder
                            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate())));
        } catch (OperatorCreationException impossible) {
            throw new GeneralSecurityException(impossible);
        }
    }
}
