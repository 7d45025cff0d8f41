package io.dualpost.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** The platform's verification of chain and name, with a message that an operator can act on. */
final class BackendTrust extends X509ExtendedTrustManager {
    private static final int SHOWN = 16;

    private final X509ExtendedTrustManager platform;

    BackendTrust(X509ExtendedTrustManager platform) {
        this.platform = platform;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        try {
            platform.checkServerTrusted(chain, type, engine);
        } catch (CertificateException e) {
            throw new BackendCertificateProblem(describe(chain, e) + " (expected: a trusted certificate for "
                    + engine.getPeerHost() + ")", e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        platform.checkServerTrusted(chain, type, socket);
    }

    /** Without a connection there is no name to verify, so nothing is trusted. */
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("a certificate without a connection (expected: with one)");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        platform.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        platform.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        platform.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return platform.getAcceptedIssuers();
    }

    private static String describe(X509Certificate[] chain, CertificateException why) throws CertificateException {
        if (chain.length == 0) {
            return "backend certificate: none";
        }
        X509Certificate leaf = chain[0];
        String text = "backend certificate: for " + names(leaf) + ", by " + leaf.getIssuerX500Principal().getName()
                + ", good until " + leaf.getNotAfter().toInstant() + ": " + root(why).getMessage();
        // Whoever made the certificate is not to write lines of his own into a log.
        return text.replaceAll("[^ -~]", "?");
    }

    /** The platform wraps what it found, an expired date for instance, in more and more general words. */
    private static Throwable root(Throwable why) {
        Throwable root = why;
        Throwable cause = why.getCause();
        for (int depth = 0; cause != null && cause.getMessage() != null && depth < 16; depth++) {
            root = cause;
            cause = cause.getCause();
        }
        return root;
    }

    private static List<String> names(X509Certificate leaf) throws CertificateParsingException {
        Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
        Stream<List<?>> all = alternatives == null ? Stream.of() : alternatives.stream();
        return all.filter(name -> name.get(0).equals(2) || name.get(0).equals(7))
                .limit(SHOWN).map(name -> Objects.toString(name.get(1))).toList();
    }
}
