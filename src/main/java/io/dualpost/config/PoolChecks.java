package io.dualpost.config;

import io.dualpost.address.Endpoint;
import io.dualpost.mail.Offer;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import io.dualpost.tls.CertificateProblem;
import io.dualpost.tls.CertificateReader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether services and pools fit together. */
final class PoolChecks {
    private final Parts parts;
    private final Problems problems;
    /** By pool: what it speaks, and where that is said. */
    private final Map<String, Located<Protocol>> protocols = new HashMap<>();

    PoolChecks(Parts parts, Problems problems) {
        this.parts = parts;
        this.problems = problems;
    }

    /** Looks at every service and every pool. */
    void check() {
        Set<String> used = new HashSet<>();
        for (Named<Section> service : parts.services()) {
            Optional<Located<String>> pool = service.value().at(Keys.POOL);
            if (pool.isEmpty()) {
                continue;
            }
            used.add(pool.get().value());
            List<String> names = parts.pools().stream().map(Named::name).toList();
            if (!names.contains(pool.get().value())) {
                problems.add(pool.get().place(), "no pool " + Item.quoted(pool.get().value()),
                        names.isEmpty() ? "a pool under backends" : "one of " + String.join(", ", names),
                        Spelling.hint(pool.get().value(), names));
            }
            service.value().list(Keys.LISTENERS)
                    .forEach(listener -> checkProtocol(pool.get().value(), listener.value()));
        }
        for (Named<Section> pool : parts.pools()) {
            if (!used.contains(pool.name())) {
                problems.warn(pool.place(), "no service uses this pool",
                        "a service with \"backends: " + pool.name() + "\"",
                        "use it or take it out");
            }
            checkServers(pool.value());
            checkTls(pool.value());
            checkOffer(pool.name(), pool.value());
        }
    }

    private void checkProtocol(String pool, Section listener) {
        Optional<Located<Protocol>> protocol = listener.at(Keys.PROTOCOL);
        if (protocol.isEmpty()) {
            return;
        }
        Located<Protocol> first = protocols.putIfAbsent(pool, protocol.get());
        if (first != null && first.value() != protocol.get().value()) {
            problems.add(protocol.get().place(),
                    protocol.get().value().label() + " before the pool " + Item.quoted(pool)
                            + ", which speaks " + first.value().label(),
                    "one protocol for all listeners of a pool",
                    "the other is at " + first.place() + "; make two services with a pool each");
        }
    }

    private void checkServers(Section pool) {
        Set<Endpoint> seen = new HashSet<>();
        for (Located<Endpoint> server : pool.list(Keys.SERVERS)) {
            if (!seen.add(server.value())) {
                problems.add(server.place(), server.value() + " again", "each server once");
            }
        }
    }

    private void checkOffer(String name, Section pool) {
        Located<Protocol> protocol = protocols.get(name);
        if (protocol == null) {
            return;
        }
        List<String> keepable = Offer.keepable(protocol.value());
        for (Located<String> keyword : pool.list(Keys.OFFER)) {
            if (!keepable.contains(keyword.value())) {
                problems.add(keyword.place(), Item.quoted(keyword.value()) + ", which a proxy for "
                        + protocol.value().label() + " cannot keep", "one of " + String.join(", ", keepable),
                        Spelling.hint(keyword.value(), keepable));
            }
        }
    }

    private void checkTls(Section pool) {
        for (Key<String> key : List.of(Keys.TLS_AUTHORITIES, Keys.TLS_NAME)) {
            if (pool.has(key) && pool.optional(Keys.POOL_TLS).equals(Optional.of(TlsMode.NONE))) {
                problems.add(pool.place(key), key.name() + " with tls: none", "tls: starttls or implicit",
                        "without TLS nothing is verified");
            }
        }
        Optional<Located<String>> authorities = pool.at(Keys.TLS_AUTHORITIES);
        if (authorities.isPresent()) {
            try {
                CertificateReader
                        .authorities(authorities.get().place().source().resolve(authorities.get().value()));
            } catch (CertificateProblem problem) {
                problems.add(authorities.get().place(), problem.file() + ": " + problem.found(), problem.expected());
            }
        }
    }
}
