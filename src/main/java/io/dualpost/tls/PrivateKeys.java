package io.dualpost.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.util.io.pem.PemObject;

/** Private keys out of PEM files, as the JDK's own key objects: the TLS engines take no other. */
final class PrivateKeys {
    private static final String KINDS = "RSA of at least 2048 bits, or EC on P-256, P-384 or P-521";
    private static final Set<ASN1ObjectIdentifier> CURVES = Set.of(SECObjectIdentifiers.secp256r1,
            SECObjectIdentifiers.secp384r1, SECObjectIdentifiers.secp521r1);
    private static final Set<PosixFilePermission> TOO_OPEN = EnumSet.of(PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);

    private PrivateKeys() {}

    /**
     * A key as a file has it.
     *
     * @param key        the key
     * @param publicBits what the file says is its public part, where the format has that: the bits of the
     *                   SubjectPublicKeyInfo (RFC 5915 section 3)
     */
    record Read(PrivateKey key, Optional<ASN1BitString> publicBits) {}

    /** The one key in the file: PKCS#8, PKCS#1 or SEC 1 (RFC 5915). */
    static Read read(PemContent pem) throws CertificateProblem {
        String file = pem.file().toString();
        guard(pem.file());
        List<PemObject> keys = pem.blocks().stream().filter(block -> block.getType().endsWith("PRIVATE KEY")).toList();
        if (keys.isEmpty()) {
            throw new CertificateProblem(file, "no key inside, only " + pem.types(), "a block of type PRIVATE KEY");
        }
        if (keys.size() > 1) {
            throw new CertificateProblem(file, keys.size() + " keys", "one key, that of the first certificate");
        }
        PemObject block = keys.getFirst();
        if (block.getType().startsWith("ENCRYPTED") || !block.getHeaders().isEmpty()) {
            throw new CertificateProblem(file, "an encrypted key",
                    "a key without a passphrase, guarded by its file mode; decrypt it with \"openssl pkey\"");
        }
        PrivateKeyInfo info = info(pem, block);
        PrivateKey key = key(file, info);
        return new Read(key, publicBits(file, info));
    }

    private static Optional<ASN1BitString> publicBits(String file, PrivateKeyInfo info) throws CertificateProblem {
        if (!X9ObjectIdentifiers.id_ecPublicKey.equals(info.getPrivateKeyAlgorithm().getAlgorithm())) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(ECPrivateKey.getInstance(info.parsePrivateKey()).getPublicKey());
        } catch (IOException | IllegalArgumentException | IllegalStateException _) {
            throw damaged(file);
        }
    }

    private static PrivateKey key(String file, PrivateKeyInfo info) throws CertificateProblem {
        AlgorithmIdentifier algorithm = info.getPrivateKeyAlgorithm();
        boolean rsa = PKCSObjectIdentifiers.rsaEncryption.equals(algorithm.getAlgorithm());
        boolean curve = X9ObjectIdentifiers.id_ecPublicKey.equals(algorithm.getAlgorithm())
                && algorithm.getParameters() instanceof ASN1ObjectIdentifier name && CURVES.contains(name);
        if (!rsa && !curve) {
            throw new CertificateProblem(file, algorithm.getParameters() == null
                    ? "a key of another type, or EC without its curve"
                    : "a key of another type or curve", KINDS);
        }
        try {
            PrivateKey key = KeyFactory.getInstance(rsa ? "RSA" : "EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
            if (key instanceof java.security.interfaces.RSAPrivateKey weak && weak.getModulus().bitLength() < 2048) {
                throw new CertificateProblem(file, "RSA of " + weak.getModulus().bitLength() + " bits", KINDS);
            }
            return key;
        } catch (GeneralSecurityException | IOException _) {
            throw damaged(file);
        }
    }

    private static PrivateKeyInfo info(PemContent pem, PemObject block) throws CertificateProblem {
        String file = pem.file().toString();
        try {
            return switch (block.getType()) {
                case "PRIVATE KEY" -> PrivateKeyInfo.getInstance(block.getContent());
                case "RSA PRIVATE KEY" -> new PrivateKeyInfo(
                        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                        RSAPrivateKey.getInstance(block.getContent()));
                case "EC PRIVATE KEY" -> curveKey(pem, ECPrivateKey.getInstance(block.getContent()));
                default -> throw new CertificateProblem(file, block.getType(), KINDS + ", as PKCS#8, PKCS#1 or SEC 1");
            };
        } catch (IOException | IllegalArgumentException | IllegalStateException _) {
            throw damaged(file);
        }
    }

    /** OpenSSL writes the curve into the key, and often also in front of it as a block of its own. */
    private static PrivateKeyInfo curveKey(PemContent pem, ECPrivateKey key) throws IOException {
        ASN1Encodable curve = key.getParametersObject();
        for (PemObject block : pem.blocks()) {
            if (curve == null && block.getType().equals("EC PARAMETERS")) {
                curve = ASN1Primitive.fromByteArray(block.getContent());
            }
        }
        return new PrivateKeyInfo(new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve), key);
    }

    private static CertificateProblem damaged(String file) {
        return new CertificateProblem(file, "a damaged key", KINDS);
    }

    private static void guard(Path file) throws CertificateProblem {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        try {
            Set<PosixFilePermission> mode = view.readAttributes().permissions();
            if (mode.stream().anyMatch(TOO_OPEN::contains)) {
                throw new CertificateProblem(file.toString(),
                        "open to others, mode " + PosixFilePermissions.toString(mode),
                        "a key that only its owner may change and only its owner and group may read: \"chmod 640\"");
            }
        } catch (IOException unreadable) {
            throw new CertificateProblem(file.toString(), "file mode unknown: " + unreadable.getMessage(),
                    "a file mode of 0640 or stricter");
        }
    }
}
