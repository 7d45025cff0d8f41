package io.dualpost.tls;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Optional;

/** The curves of ECDSA keys that TLS 1.3 knows (RFC 8446 section 4.2.3). */
public enum Curve {
    /** secp256r1. */
    P256(0x0403, 23, "1.2.840.10045.3.1.7"),
    /** secp384r1. */
    P384(0x0503, 24, "1.3.132.0.34"),
    /** secp521r1. */
    P521(0x0603, 25, "1.3.132.0.35");

    private final int scheme;
    private final int group;
    private final String identifier;

    Curve(int scheme, int group, String identifier) {
        this.scheme = scheme;
        this.group = group;
        this.identifier = identifier;
    }

    /** The code of the signature scheme (RFC 8446 section 4.2.3). */
    int scheme() {
        return scheme;
    }

    /** The code of the named group (RFC 8446 section 4.2.7). */
    int group() {
        return group;
    }

    /** The curve of a key, or nothing for keys that are not EC and for other curves. */
    public static Optional<Curve> of(PublicKey key) {
        if (!(key instanceof ECPublicKey ec)) {
            return Optional.empty();
        }
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(ec.getParams());
            String found = parameters.getParameterSpec(ECGenParameterSpec.class).getName();
            for (Curve curve : values()) {
                if (curve.identifier.equals(found)) {
                    return Optional.of(curve);
                }
            }
            return Optional.empty();
        } catch (GeneralSecurityException _) {
            return Optional.empty(); // The platform does not know the curve, so it is none of ours.
        }
    }
}
