package io.dualpost.config;

import io.dualpost.tls.Certificate;
import io.dualpost.tls.CertificateProblem;
import io.dualpost.tls.CertificateReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From the certificates' paths to the certificates. */
final class CertificateLoading {
    private static final Duration SOON = Duration.ofDays(14);

    private CertificateLoading() {}

    /** All certificates, or nothing where one of them cannot be used. */
    static Optional<List<Certificate>> load(Parts parts, Instant now, Problems problems) {
        List<Certificate> certificates = new ArrayList<>();
        for (Located<Section> section : parts.certificates()) {
            Optional<Located<String>> chain = section.value().at(Keys.CHAIN);
            Optional<Located<String>> key = section.value().at(Keys.KEY);
            if (chain.isPresent() && key.isPresent()) {
                load(chain.get(), key.get(), now, problems).ifPresent(certificates::add);
            }
        }
        boolean whole = certificates.size() == parts.certificates().size()
                && (!parts.main().has(Keys.CERTIFICATES) || parts.main().at(Keys.CERTIFICATES).isPresent());
        return whole ? Optional.of(certificates) : Optional.empty();
    }

    private static Optional<Certificate> load(Located<String> chain, Located<String> key, Instant now,
            Problems problems) {
        Path keyFile = key.place().source().resolve(key.value());
        Path chainFile = chain.place().source().resolve(chain.value());
        try {
            Certificate certificate = CertificateReader.read(chainFile, keyFile, now);
            Instant end = certificate.leaf().getNotAfter().toInstant();
            if (end.isBefore(now.plus(SOON))) {
                problems.warn(chain.place(), chainFile + " expires at " + end, "more than 14 days left", "renew it");
            }
            return Optional.of(certificate);
        } catch (CertificateProblem problem) {
            boolean keyAtFault = problem.file().equals(keyFile.toString()) && !keyFile.equals(chainFile);
            problems.add((keyAtFault ? key : chain).place(), problem.file() + ": " + problem.found(),
                    problem.expected());
            return Optional.empty();
        }
    }
}
