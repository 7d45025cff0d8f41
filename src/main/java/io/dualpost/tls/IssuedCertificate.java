package io.dualpost.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** How the development authority's certificates look (RFC 5280 section 4.2.1). */
final class IssuedCertificate {
    /** A client that knows no ECDSA could not verify an RSA leaf that an ECDSA authority signed. */
    static final KeyKind AUTHORITY_KIND = KeyKind.RSA;
    /** Browsers and Apple's mail refuse leaves that are good for more than 398 days. */
    private static final Duration LEAF_LIFETIME = Duration.ofDays(397);
    private static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3650);
    /** For clients whose clock is slow. */
    private static final Duration BACKDATED = Duration.ofHours(1);
    private static final SecureRandom RANDOM = new SecureRandom();

    private IssuedCertificate() {}

    static X509Certificate authority(KeyPair pair, Instant now) {
        BigInteger serial = serial();
        // The serial number in the name keeps two authorities apart in a client's list.
        X500Name name = new X500Name("O=Dualpost, CN=Dualpost development " + serial.toString(16).substring(0, 8));
        try {
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(name, serial,
                    Date.from(now.minus(BACKDATED)), Date.from(now.minus(BACKDATED).plus(AUTHORITY_LIFETIME)), name,
                    pair.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .addExtension(Extension.subjectKeyIdentifier, false,
                            identifiers.createSubjectKeyIdentifier(pair.getPublic()));
            return sign(builder, pair.getPrivate());
        } catch (IOException | GeneralSecurityException impossible) {
            throw new IllegalStateException("development authority", impossible);
        }
    }

    static X509Certificate leaf(SubjectNames names, PublicKey key, X509Certificate authority, PrivateKey authorityKey,
            Instant now) {
        Instant from = now.minus(BACKDATED);
        int usage = key.getAlgorithm().equals("RSA")
                ? KeyUsage.digitalSignature | KeyUsage.keyEncipherment
                : KeyUsage.digitalSignature;
        try {
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new JcaX509CertificateHolder(authority).getSubject(), serial(), Date.from(from),
                    Date.from(from.plus(LEAF_LIFETIME)), names.subject(), key)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(usage))
                    .addExtension(Extension.extendedKeyUsage, false,
                            new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                    .addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key))
                    .addExtension(Extension.authorityKeyIdentifier, false,
                            identifiers.createAuthorityKeyIdentifier(authority.getPublicKey()))
                    .addExtension(Extension.subjectAlternativeName, names.subject().getRDNs().length == 0,
                            names.alternatives());
            return sign(builder, authorityKey);
        } catch (IOException | GeneralSecurityException impossible) {
            throw new IllegalStateException("certificate for " + names.hosts(), impossible);
        }
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException {
        try {
            return new JcaX509CertificateConverter().getCertificate(
                    builder.build(new JcaContentSignerBuilder(AUTHORITY_KIND.signature()).build(key)));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    /** 127 random bits, never zero (RFC 5280 section 4.1.2.2). */
    private static BigInteger serial() {
        return new BigInteger(126, RANDOM).setBit(126);
    }
}
