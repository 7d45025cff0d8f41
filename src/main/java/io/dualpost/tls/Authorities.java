package io.dualpost.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** The authorities whose word is taken for a backend's certificate. */
final class Authorities {
    private Authorities() {}

    /** All certificates of a PEM file; at least one. */
    static List<X509Certificate> read(Path file) throws TlsProblem {
        try (InputStream in = Files.newInputStream(file)) {
            List<X509Certificate> certificates = CertificateFactory.getInstance("X.509").generateCertificates(in)
                    .stream().map(X509Certificate.class::cast).toList();
            if (certificates.isEmpty()) {
                throw new TlsProblem(file + ": no certificate (expected: PEM, CERTIFICATE)");
            }
            return certificates;
        } catch (IOException e) {
            throw new TlsProblem(file + ": cannot be read: " + e, e);
        } catch (CertificateException e) {
            throw new TlsProblem(file + ": not understood (expected: PEM, CERTIFICATE): " + e.getMessage(), e);
        }
    }

    /** Trust in the certificates of a file, or in the Java platform's own. */
    static X509ExtendedTrustManager trust(Optional<Path> file) throws TlsProblem {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(file.isPresent() ? store(read(file.get())) : null);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager extended) {
                    return extended;
                }
            }
            throw new TlsProblem("authorities: this Java platform cannot verify X.509 certificates");
        } catch (GeneralSecurityException e) {
            throw new TlsProblem("authorities: " + file.map(Path::toString).orElse("the Java platform's") + ": "
                    + e.getMessage(), e);
        }
    }

    private static KeyStore store(List<X509Certificate> certificates) throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry("authority-" + i, certificates.get(i));
            }
            return store;
        } catch (IOException impossible) {
            throw new GeneralSecurityException(impossible);
        }
    }
}
