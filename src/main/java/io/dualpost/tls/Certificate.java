package io.dualpost.tls;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate chain with its private key.
 *
 * @param file  where the chain was read
 * @param chain the leaf first, then its issuers
 * @param key   the leaf's private key, RSA or EC
 * @param names the DNS names the leaf is for (subjectAltName, RFC 9525), in lower case; may hold wildcards
 */
public record Certificate(Path file, List<X509Certificate> chain, PrivateKey key, List<String> names) {
    /** Copies the lists. */
    public Certificate {
        chain = List.copyOf(chain);
        names = List.copyOf(names);
    }

    /** The certificate that is shown to clients as the server's own. */
    public X509Certificate leaf() {
        return chain.getFirst();
    }

    /** Whether one of the names is for this host; a wildcard stands for the whole left-most label (RFC 9525 section 6.3). */
    public boolean covers(String host) {
        int dot = host.indexOf('.');
        String wildcard = dot < 0 ? "" : "*" + host.substring(dot);
        return names.contains(host) || (!wildcard.isEmpty() && names.contains(wildcard));
    }

    /** Names the file; the key stays out. */
    @Override
    public String toString() {
        return "certificate " + file + " " + names;
    }
}
