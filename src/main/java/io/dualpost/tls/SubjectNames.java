package io.dualpost.tls;

import io.dualpost.address.Addresses;
import io.dualpost.address.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/**
 * The hosts that a certificate is for.
 *
 * @param hosts at least one: names in lower case, perhaps with a wildcard in place of the left-most label, or addresses in canonical
 *              text
 */
record SubjectNames(List<String> hosts) {
    /** X.520's bound of a common name; a longer name is found in the subjectAltName alone, where all look anyway. */
    private static final int LONGEST_COMMON_NAME = 64;

    /** Reads names and address literals. */
    static SubjectNames of(List<String> texts) throws TlsProblem {
        if (texts.isEmpty()) {
            throw new TlsProblem("hosts: none (expected: at least one)");
        }
        List<String> hosts = new ArrayList<>();
        for (String text : texts) {
            String host = Addresses.literal(text).map(Addresses::text).orElse(text.toLowerCase(Locale.ROOT));
            if (!isLiteral(host) && !Endpoint.isName(host.startsWith("*.") ? host.substring(2) : host)) {
                throw new TlsProblem("hosts: " + text + " (expected: a host name or an address)");
            }
            hosts.add(host);
        }
        return new SubjectNames(List.copyOf(hosts));
    }

    /** The first host, fit to be a file's name. */
    String fileName() {
        return hosts.getFirst().replace("*", "wildcard").replace(':', '-');
    }

    /** The subject: the first host as common name, if it fits. */
    X500Name subject() {
        X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE);
        if (hosts.getFirst().length() <= LONGEST_COMMON_NAME) {
            subject.addRDN(BCStyle.CN, hosts.getFirst());
        }
        return subject.build();
    }

    /** All hosts as subjectAltName (RFC 5280 section 4.2.1.6). */
    GeneralNames alternatives() {
        return new GeneralNames(hosts.stream()
                .map(host -> new GeneralName(isLiteral(host) ? GeneralName.iPAddress : GeneralName.dNSName, host))
                .toArray(GeneralName[]::new));
    }

    /** The DNS names among the hosts. */
    List<String> names() {
        return hosts.stream().filter(host -> !isLiteral(host)).toList();
    }

    private static boolean isLiteral(String host) {
        return Addresses.literal(host).isPresent();
    }
}
