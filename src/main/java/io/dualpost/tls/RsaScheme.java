package io.dualpost.tls;

import java.util.Optional;

/** How an RSA key may sign in TLS 1.2 and 1.3 (RFC 8446 section 4.2.3), by the numbers that BoringSSL uses as well. */
enum RsaScheme {
    /** For clients of TLS 1.2 that know nothing else, as BoringSSL by itself would sign. */
    PKCS1_SHA1(0x0201, "SHA1", false), //
    PKCS1_SHA256(0x0401, "SHA256", false), //
    PKCS1_SHA384(0x0501, "SHA384", false), //
    PKCS1_SHA512(0x0601, "SHA512", false), //
    PSS_SHA256(0x0804, "SHA256", true), //
    PSS_SHA384(0x0805, "SHA384", true), //
    PSS_SHA512(0x0806, "SHA512", true);

    private final int number;
    private final String digest;
    private final boolean pss;

    RsaScheme(int number, String digest, boolean pss) {
        this.number = number;
        this.digest = digest;
        this.pss = pss;
    }

    static Optional<RsaScheme> of(int number) {
        for (RsaScheme scheme : values()) {
            if (scheme.number == number) {
                return Optional.of(scheme);
            }
        }
        return Optional.empty();
    }

    int number() {
        return number;
    }

    /** As OpenSSL spells it. */
    String digest() {
        return digest;
    }

    /** RSASSA-PSS with a salt as long as the digest and the same digest for MGF1; else RSASSA-PKCS1-v1_5. */
    boolean pss() {
        return pss;
    }
}
