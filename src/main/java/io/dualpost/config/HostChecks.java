package io.dualpost.config;

import io.dualpost.address.Addresses;
import io.dualpost.address.Family;
import io.dualpost.address.HostRole;
import io.dualpost.tls.Certificate;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether the hosts make sense: their families, their names, their certificates. */
final class HostChecks {
    private final Optional<List<Certificate>> certificates;
    private final Problems problems;
    private final Map<String, HostEntry> names = new HashMap<>();

    /** Without certificates it is not asked which host they cover. */
    HostChecks(Optional<List<Certificate>> certificates, Problems problems) {
        this.certificates = certificates;
        this.problems = problems;
    }

    /** Looks at every host of every service. */
    void check(Parts parts) {
        for (Named<Section> service : parts.services()) {
            for (HostEntry host : HostEntry.of(service)) {
                checkAddresses(host);
                if (host.role() == HostRole.RESCUE) {
                    checkRescue(host);
                } else {
                    checkDual(host);
                }
                host.name().ifPresent(name -> checkName(host, name));
            }
        }
    }

    private void checkAddresses(HostEntry host) {
        Set<InetAddress> seen = new HashSet<>();
        for (Located<InetAddress> address : host.addresses()) {
            if (!seen.add(address.value())) {
                problems.add(address.place(), Addresses.text(address.value()) + " again", "each address once");
            }
            boolean covered = !address.value().isAnyLocalAddress() && host.addresses().stream().map(Located::value)
                    .anyMatch(other -> other.isAnyLocalAddress() && Family.of(other) == Family.of(address.value()));
            if (covered) {
                problems.add(address.place(), Addresses.text(address.value()) + " beside the wildcard of its family",
                        "one or the other", "the wildcard stands for every address; leave this one out");
            }
        }
    }

    private void checkRescue(HostEntry host) {
        for (Located<InetAddress> address : host.addresses()) {
            if (Family.of(address.value()) == Family.IPV6) {
                problems.add(address.place(), "an IPv6 address, " + Addresses.text(address.value())
                        + ", on the rescue host", "IPv4 addresses only",
                        "clients come here because their IPv6 is broken; move the address to the dual host");
            }
        }
    }

    private void checkDual(HostEntry host) {
        Optional<Located<Family>> only = host.section().at(Keys.ONLY);
        if (host.section().at(Keys.ADDRESSES).isEmpty() || (host.section().has(Keys.ONLY) && only.isEmpty())) {
            return;
        }
        for (Family family : Family.values()) {
            boolean wanted = only.isEmpty() || only.get().value() == family;
            if (wanted && !host.has(family)) {
                Family other = family == Family.IPV4 ? Family.IPV6 : Family.IPV4;
                problems.add(host.section().place(Keys.ADDRESSES), "no " + family + " address",
                        only.isEmpty() ? "at least one IPv4 and one IPv6 address" : "only " + family + " addresses",
                        only.isEmpty()
                                ? "add one, or say \"only: " + other.label() + "\" if the host is published without "
                                        + family
                                : "add one, or take \"only\" out");
            }
            if (!wanted && host.has(family)) {
                problems.add(host.section().place(Keys.ONLY), only.get().value().label() + " beside an " + family
                        + " address", "addresses of this family only", "take \"only\" or the address out");
            }
        }
    }

    private void checkName(HostEntry host, Located<String> name) {
        HostEntry first = names.putIfAbsent(name.value(), host);
        if (first != null) {
            boolean same = !first.service().name().equals(host.service().name()) && first.role() == host.role()
                    && first.addressSet().equals(host.addressSet());
            if (!same) {
                problems.add(name.place(), "the name " + Item.quoted(name.value()) + " again", "a name of its own",
                        "it is also at " + first.section().place(Keys.NAME)
                                + "; two services share a host only in the same role with the same addresses");
            }
            return;
        }
        if (certificates.isPresent() && certificates.get().stream().noneMatch(one -> one.covers(name.value()))) {
            List<String> covered = certificates.get().stream().flatMap(one -> one.names().stream()).distinct().sorted()
                    .limit(20).toList();
            problems.add(name.place(), "no certificate covers " + name.value(), covered.isEmpty()
                    ? "a certificate for it under certificates"
                    : "one of the names that certificates have: " + String.join(", ", covered),
                    "request one with \"dualpost certs csr --out FOLDER\"");
        }
    }
}
