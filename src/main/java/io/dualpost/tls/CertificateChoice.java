package io.dualpost.tls;

import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which of several certificates a client is shown. */
final class CertificateChoice {
    private record Candidate(int place, boolean rsa, Optional<Curve> curve) {}

    private final List<Candidate> all = new ArrayList<>();
    private final Map<String, List<Candidate>> byName = new HashMap<>();

    CertificateChoice(List<Certificate> certificates) {
        for (Certificate certificate : certificates) {
            PublicKey key = certificate.leaf().getPublicKey();
            Candidate candidate = new Candidate(all.size(), key instanceof RSAPublicKey, Curve.of(key));
            all.add(candidate);
            certificate.names().stream().distinct()
                    .forEach(name -> byName.computeIfAbsent(name, _ -> new ArrayList<>()).add(candidate));
        }
    }

    /**
     * The place in the list of the certificate to show: one that covers the name asked for, else the default host, else
     * any; among these ECDSA if the client takes it, before RSA, before anything else; among these the one that names
     * the host itself, before a wildcard; among these the first.
     */
    int pick(ClientHello hello, String defaultHost) {
        Candidate named = hello.serverName().map(name -> best(hello, name)).orElse(null);
        Candidate fallback = named != null ? named : best(hello, defaultHost);
        Candidate picked = fallback != null ? fallback : best(hello, all, null);
        return picked == null ? -1 : picked.place();
    }

    private @Nullable Candidate best(ClientHello hello, String host) {
        Candidate exact = best(hello, byName.getOrDefault(host, List.of()), null);
        int dot = host.indexOf('.');
        // A wildcard stands for the whole left-most label (RFC 9525 section 6.3).
        return dot < 0 ? exact : best(hello, byName.getOrDefault("*" + host.substring(dot), List.of()), exact);
    }

    private static @Nullable Candidate best(ClientHello hello, List<Candidate> others, @Nullable Candidate first) {
        Candidate best = first;
        for (Candidate other : others) {
            if (best == null || kindRank(other, hello) < kindRank(best, hello)) {
                best = other;
            }
        }
        return best;
    }

    private static int kindRank(Candidate candidate, ClientHello hello) {
        if (candidate.curve().filter(hello::acceptsEcdsa).isPresent()) {
            return 0;
        }
        return candidate.rsa() ? 1 : 2;
    }
}
