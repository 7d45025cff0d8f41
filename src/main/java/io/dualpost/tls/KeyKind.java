package io.dualpost.tls;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Locale;

/** The kinds of keys that we make. */
public enum KeyKind {
    /** On the curve P-256: what most clients take, and far cheaper to sign with. */
    ECDSA("SHA256withECDSA"),
    /** 2048 bits: for clients that know nothing else. */
    RSA("SHA256withRSA");

    private final String label = name().toLowerCase(Locale.ROOT);
    private final String signature;

    KeyKind(String signature) {
        this.signature = signature;
    }

    /** As file names and options spell it. */
    public String label() {
        return label;
    }

    /** The signature algorithm for a key of this kind, in the platform's words. */
    String signature() {
        return signature;
    }

    KeyPair generate() {
        try {
            if (this == RSA) {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(2048);
                return generator.generateKeyPair();
            }
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(label + " keys: unknown to this Java platform", impossible);
        }
    }
}
