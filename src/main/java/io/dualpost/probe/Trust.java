package io.dualpost.probe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Whose word is taken for a certificate. */
public final class Trust {
    private final X509TrustManager authorities;

    private Trust(X509TrustManager authorities) {
        this.authorities = authorities;
    }

    /** The Java platform's authorities. */
    public static Trust platform() {
        try {
            return new Trust(manager(null));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("the platform's authorities", impossible);
        }
    }

    /** The certificates of a PEM file instead. */
    public static Trust of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new IOException(file + ": no certificate (expected: PEM, CERTIFICATE)");
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("authority-" + store.size(), certificate);
            }
            return new Trust(manager(store));
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": not understood (expected: PEM, CERTIFICATE): " + e.getMessage(), e);
        }
    }

    /** Why a chain is not believed; nothing if it is. The name is another question. */
    Optional<String> distrust(List<X509Certificate> chain, String type) {
        try {
            authorities.checkServerTrusted(chain.toArray(X509Certificate[]::new), type);
            return Optional.empty();
        } catch (CertificateException | IllegalArgumentException e) {
            return Optional.of(Harmless.text(String.valueOf(root(e).getMessage())));
        }
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

    private static X509TrustManager manager(@org.jspecify.annotations.Nullable KeyStore store)
            throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return Arrays.stream(factory.getTrustManagers()).filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast).findFirst()
                .orElseThrow(() -> new GeneralSecurityException("this Java platform cannot verify X.509"));
    }
}
