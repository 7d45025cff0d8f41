package io.dualpost.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** Certificates and their keys out of PEM files, proven fit for use. */
public final class CertificateReader {
    private static final int DNS_NAME = 2;

    private CertificateReader() {}

    /** Reads a chain and its key, as of now. */
    public static Certificate read(Path chain, Path key) throws CertificateProblem {
        return read(chain, key, Instant.now());
    }

    /**
     * Reads a chain and its key, which may stand in one file.
     *
     * @param now the time at which every certificate of the chain must be valid
     */
    public static Certificate read(Path chain, Path key, Instant now) throws CertificateProblem {
        List<X509Certificate> certificates = authorities(chain);
        for (int i = 0; i < certificates.size(); i++) {
            checkValidity(chain, certificates, i, now);
            if (i > 0) {
                checkIssuer(chain, certificates, i);
            }
        }
        List<String> names = names(chain, certificates.getFirst());
        PrivateKeys.Read secret = PrivateKeys.read(PemContent.read(key));
        if (!belongTogether(certificates.getFirst().getPublicKey(), secret)) {
            throw new CertificateProblem(key.toString(),
                    "a key that does not match the certificate of " + subject(certificates, 0) + " in " + chain,
                    "the key that the first certificate was made for");
        }
        return new Certificate(chain, certificates, secret.key(), names);
    }

    /** Reads a PEM file of certificates alone, such as the authorities to trust; at least one, their dates unchecked. */
    public static List<X509Certificate> authorities(Path file) throws CertificateProblem {
        return PemContent.read(file).certificates();
    }

    private static void checkValidity(Path file, List<X509Certificate> chain, int i, Instant now)
            throws CertificateProblem {
        Instant begin = chain.get(i).getNotBefore().toInstant();
        Instant end = chain.get(i).getNotAfter().toInstant();
        if (now.isBefore(begin)) {
            throw new CertificateProblem(file.toString(),
                    "certificate of " + subject(chain, i) + " is not valid before " + begin,
                    "a certificate valid at " + now + "; is the clock right?");
        }
        if (now.isAfter(end)) {
            throw new CertificateProblem(file.toString(), "certificate of " + subject(chain, i) + " expired at " + end,
                    "a certificate valid at " + now + "; renew it");
        }
    }

    private static void checkIssuer(Path file, List<X509Certificate> chain, int i) throws CertificateProblem {
        X509Certificate subject = chain.get(i - 1);
        try {
            if (subject.getIssuerX500Principal().equals(chain.get(i).getSubjectX500Principal())) {
                subject.verify(chain.get(i).getPublicKey());
                return;
            }
        } catch (GeneralSecurityException _) {
            // A name that fits with a signature that does not: the same mistake, told below.
        }
        throw new CertificateProblem(file.toString(),
                "certificate " + (i + 1) + " (" + subject(chain, i) + ") did not issue certificate " + i + " ("
                        + subject(chain, i - 1) + ")",
                "the server's certificate first, then each one's issuer");
    }

    private static List<String> names(Path file, X509Certificate leaf) throws CertificateProblem {
        Collection<List<?>> all = null;
        try {
            all = leaf.getSubjectAlternativeNames();
        } catch (CertificateParsingException _) {
            // Unreadable names are no names.
        }
        List<String> names = all == null
                ? List.of()
                : all.stream().filter(name -> Integer.valueOf(DNS_NAME).equals(name.get(0)))
                        .map(name -> String.valueOf(name.get(1)).toLowerCase(Locale.ROOT)).distinct().toList();
        if (names.isEmpty()) {
            throw new CertificateProblem(file.toString(), "certificate of " + leaf.getSubjectX500Principal()
                    + " has no DNS names",
                    "the host names as subjectAltName (RFC 9525); the common name does not count");
        }
        return names;
    }

    private static boolean belongTogether(PublicKey open, PrivateKeys.Read read) {
        PrivateKey secret = read.key();
        if (!open.getAlgorithm().equals(secret.getAlgorithm())) {
            return false;
        }
        // What the file says of its public part is believed, as to compute it takes a tenth of the time to start.
        boolean same;
        if (open instanceof RSAPublicKey rsa && secret instanceof RSAPrivateCrtKey crt) {
            same = rsa.getModulus().equals(crt.getModulus()) && rsa.getPublicExponent().equals(crt.getPublicExponent());
        } else {
            ASN1BitString bits = SubjectPublicKeyInfo.getInstance(open.getEncoded()).getPublicKeyData();
            same = read.publicBits().filter(bits::equals).isPresent();
        }
        return same || signsFor(open, secret);
    }

    private static boolean signsFor(PublicKey open, PrivateKey secret) {
        byte[] words = {1, 2, 3};
        try {
            Signature signature = Signature
                    .getInstance("SHA256with" + (secret.getAlgorithm().equals("EC") ? "ECDSA" : "RSA"));
            signature.initSign(secret);
            signature.update(words);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(words);
            return signature.verify(signed);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    private static String subject(List<X509Certificate> chain, int i) {
        return chain.get(i).getSubjectX500Principal().getName();
    }
}
