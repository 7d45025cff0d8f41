package io.dualpost.tls;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.Optional;

/** The curves of ECDSA keys that TLS 1.3 knows (RFC 8446 section 4.2.3). */
public enum Curve {
    /** Called secp256r1, too. */
    P256(0x0403, 23, "secp256r1"),
    /** Called secp384r1, too. */
    P384(0x0503, 24, "secp384r1"),
    /** Called secp521r1, too. */
    P521(0x0603, 25, "secp521r1");

    private final int scheme;
    private final int group;
    private final String name;

    Curve(int scheme, int group, String name) {
        this.scheme = scheme;
        this.group = group;
        this.name = name;
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
        for (Curve curve : values()) {
            if (curve.isOf(ec.getParams())) {
                return Optional.of(curve);
            }
        }
        return Optional.empty();
    }

    private boolean isOf(ECParameterSpec found) {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(name));
            ECParameterSpec own = parameters.getParameterSpec(ECParameterSpec.class);
            return found.getCurve().equals(own.getCurve()) && found.getGenerator().equals(own.getGenerator())
                    && found.getOrder().equals(own.getOrder());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("curve " + name + ": unknown to this Java platform", impossible);
        }
    }
}
