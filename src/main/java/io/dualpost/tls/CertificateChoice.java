package io.dualpost.tls;

import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Optional;

/** Which of several certificates a client is shown. */
final class CertificateChoice {
    private record Candidate(Certificate certificate, boolean rsa, Optional<Curve> curve) {}

    private final List<Candidate> candidates;

    CertificateChoice(List<Certificate> certificates) {
        candidates = certificates.stream().map(certificate -> new Candidate(certificate,
                certificate.leaf().getPublicKey() instanceof RSAPublicKey,
                Curve.of(certificate.leaf().getPublicKey()))).toList();
    }

    /**
     * The place in the list of the certificate to show: one that covers the name asked for, else the default host, else
     * any; among these ECDSA if the client takes it, before RSA, before anything else; among these the one that names
     * the host itself, before a wildcard; among these the first.
     */
    int pick(ClientHello hello, String defaultHost) {
        int named = hello.serverName().map(name -> best(hello, name)).orElse(-1);
        int fallback = named >= 0 ? named : best(hello, defaultHost);
        return fallback >= 0 ? fallback : best(hello, "");
    }

    private int best(ClientHello hello, String host) {
        int best = -1;
        int bestRank = Integer.MAX_VALUE;
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            int rank = 2 * kindRank(candidate, hello) + (candidate.certificate().names().contains(host) ? 0 : 1);
            if (rank < bestRank && (host.isEmpty() || candidate.certificate().covers(host))) {
                best = i;
                bestRank = rank;
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
