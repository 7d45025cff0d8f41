package io.dualpost.tls;

import io.dualpost.address.Endpoint;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client says of itself when a handshake begins (RFC 8446 section 4.1.2), as far as it matters here.
 *
 * @param serverName  the host it asks for (RFC 6066 section 3), in lower case, without final dot; nothing if it names no host, or
 *                    not one
 * @param alpn        the application protocols it offers (RFC 7301), octets as ISO 8859-1; empty if it offers none
 * @param offersTls13 whether it offers TLS 1.3
 * @param ecdsa       the curves of which it takes an ECDSA certificate
 */
public record ClientHello(Optional<String> serverName, List<String> alpn, boolean offersTls13, Set<Curve> ecdsa) {
    private static final int SERVER_NAME = 0;
    private static final int SUPPORTED_GROUPS = 10;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int ALPN = 16;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int TLS13 = 0x0304;
    /** ECDHE_ECDSA with AES-128-GCM, AES-256-GCM and CHACHA20_POLY1305: what we offer in TLS 1.2. */
    private static final int[] ECDSA_SUITES = {0xC02B, 0xC02C, 0xCCA9};

    /** Copies the collections. */
    public ClientHello {
        alpn = List.copyOf(alpn);
        ecdsa = Set.copyOf(ecdsa);
    }

    /** Whether the client takes a certificate with an ECDSA key of this curve. */
    public boolean acceptsEcdsa(Curve curve) {
        return ecdsa.contains(curve);
    }

    /**
     * Reads a ClientHello. Values that are not known (GREASE, RFC 8701) are passed over.
     *
     * @param body the handshake message without its header of 4 octets; neither changed nor released
     * @throws MalformedHello if lengths do not fit, a list that may not be empty is, or an extension comes twice
     */
    public static ClientHello parse(ByteBuf body) throws MalformedHello {
        Octets hello = new Octets(body, body.readerIndex(), body.writerIndex());
        hello.skip(2 + 32); // legacy_version, random
        hello.vector8("session id");
        Octets suites = hello.vector16("cipher suites").numbers16("cipher suites");
        hello.vector8("compression methods").atLeast(1, "compression methods");
        Extensions extensions = new Extensions();
        if (!hello.isEmpty()) {
            extensions.read(hello.vector16("extensions"));
        }
        hello.end("extensions");

        boolean offersTls13 = extensions.versions != null
                && extensions.versions.only8("supported_versions").numbers16("supported_versions").holds(TLS13);
        return new ClientHello(serverName(extensions.serverName), alpn(extensions.alpn), offersTls13,
                ecdsa(extensions, offersTls13, suites));
    }

    /** Those that matter here, where the client sent them. */
    private static final class Extensions {
        private final Set<Integer> rare = new HashSet<>(8);
        private long common;
        private @Nullable Octets serverName;
        private @Nullable Octets groups;
        private @Nullable Octets signatures;
        private @Nullable Octets alpn;
        private @Nullable Octets versions;

        void read(Octets list) throws MalformedHello {
            while (!list.isEmpty()) {
                int type = list.number16();
                if (isKnown(type)) {
                    throw new MalformedHello("extension " + type + " twice (expected: once)");
                }
                Octets content = list.vector16("extension", type);
                switch (type) {
                    case SERVER_NAME -> serverName = content;
                    case SUPPORTED_GROUPS -> groups = content;
                    case SIGNATURE_ALGORITHMS -> signatures = content;
                    case ALPN -> alpn = content;
                    case SUPPORTED_VERSIONS -> versions = content;
                    default -> {
                        // Nothing that matters here.
                    }
                }
            }
        }

        private boolean isKnown(int type) {
            if (type >= Long.SIZE) {
                return !rare.add(type);
            }
            boolean known = (common & 1L << type) != 0;
            common |= 1L << type;
            return known;
        }
    }

    private static Optional<String> serverName(@Nullable Octets extension) throws MalformedHello {
        if (extension == null) {
            return Optional.empty();
        }
        Octets names = extension.only16("server_name");
        while (!names.isEmpty()) {
            int type = names.number8();
            String name = names.vector16("server name").text().toLowerCase(Locale.ROOT);
            if (type == 0) {
                String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
                return Optional.of(bare).filter(Endpoint::isName);
            }
        }
        return Optional.empty();
    }

    private static List<String> alpn(@Nullable Octets extension) throws MalformedHello {
        if (extension == null) {
            return List.of();
        }
        List<String> protocols = new ArrayList<>();
        Octets list = extension.only16("ALPN").atLeast(2, "ALPN");
        while (!list.isEmpty()) {
            protocols.add(list.vector8("ALPN protocol").atLeast(1, "ALPN protocol").text());
        }
        return protocols;
    }

    /**
     * In TLS 1.3 the signature scheme names the curve. In TLS 1.2 it does not: there the curve must be among the groups
     * (RFC 8422 section 5.1), and a cipher suite must ask for ECDSA.
     */
    private static Set<Curve> ecdsa(Extensions extensions, boolean tls13, Octets suites) throws MalformedHello {
        Set<Curve> curves = EnumSet.noneOf(Curve.class);
        if (extensions.signatures == null || (!tls13 && !suites.holds(ECDSA_SUITES))) {
            return curves;
        }
        Octets schemes = extensions.signatures.only16("signature_algorithms").numbers16("signature_algorithms");
        Octets groups = tls13 || extensions.groups == null
                ? null
                : extensions.groups.only16("supported_groups").numbers16("supported_groups");
        for (Curve curve : Curve.values()) {
            if (schemes.holds(curve.scheme()) && (groups == null || groups.holds(curve.group()))) {
                curves.add(curve);
            }
        }
        return curves;
    }
}
