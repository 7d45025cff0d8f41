package io.dualpost.session;

import io.dualpost.tls.Certificate;
import io.dualpost.tls.DevelopmentAuthority;
import io.dualpost.tls.Existing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** One development authority for all tests here, and what it issued for the proxy's hosts and for backends. */
final class Certificates {
    static final String DUAL = "pop.example.test";
    static final String RESCUE = "pop-v4.example.test";

    private static final Made MADE = make();

    private record Made(Path authority, List<Certificate> certificates, SSLContext context) {}

    private Certificates() {}

    /** PEM file of the authority. */
    static Path authority() {
        return MADE.authority;
    }

    static List<Certificate> certificates() {
        return MADE.certificates;
    }

    /** For clients that trust the authority and for backends that show its certificate. */
    static SSLContext context() {
        return MADE.context;
    }

    private static Made make() {
        try {
            DevelopmentAuthority authority = DevelopmentAuthority.create(InstantSource.system());
            Path folder = Files.createTempDirectory("dualpost-test-");
            authority.write(folder, Existing.KEEP);
            Path file = folder.resolve(DevelopmentAuthority.CERTIFICATE_FILE);
            List<Path> made = List.of(file, folder.resolve(DevelopmentAuthority.KEY_FILE), folder);
            made.reversed().forEach(path -> path.toFile().deleteOnExit());
            List<Certificate> certificates = authority.issue(List.of(DUAL, RESCUE, "127.0.0.1", "::1"));
            return new Made(file, certificates, context(authority, certificates.getFirst()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | io.dualpost.tls.TlsProblem e) {
            throw new IllegalStateException(e);
        }
    }

    private static SSLContext context(DevelopmentAuthority authority, Certificate shown)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", authority.certificate());
        store.setKeyEntry("backend", shown.key(), new char[0], shown.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
        return context;
    }
}
