package io.dualpost.real;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A throw-away certificate authority, made by the openssl command. */
final class Authority {
    private final Path directory;

    private Authority(Path directory) {
        this.directory = directory;
    }

    /** A certificate with its key, both PEM. */
    record Leaf(Path chain, Path key) {}

    /** Makes the authority's own key and certificate in an existing directory. */
    static Authority create(Path directory) throws IOException {
        openssl(directory, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                "2",
                "-subj", "/CN=Dualpost test authority", "-addext", "keyUsage=critical,keyCertSign", "-keyout", "ca.key",
                "-out", "ca.pem");
        return new Authority(directory);
    }

    /** The authority's certificate, PEM. */
    Path certificate() {
        return directory.resolve("ca.pem");
    }

    /** Issues a certificate for the names, with an ECDSA key. */
    Leaf issue(String file, String... names) throws IOException {
        return issue(file, List.of("ec", "-pkeyopt", "ec_paramgen_curve:P-256"), names);
    }

    /** Issues a certificate for the names, with an RSA key. */
    Leaf issueRsa(String file, String... names) throws IOException {
        return issue(file, List.of("rsa:2048"), names);
    }

    private Leaf issue(String file, List<String> key, String... names) throws IOException {
        String subjects = List.of(names).stream().map(name -> "DNS:" + name).collect(Collectors.joining(","));
        Files.writeString(directory.resolve(file + ".ext"),
                "subjectAltName=" + subjects + "\nextendedKeyUsage=serverAuth\n");
        List<String> request = new ArrayList<>(List.of("req", "-nodes", "-subj", "/CN=" + names[0], "-keyout",
                file + ".key", "-out", file + ".csr", "-newkey"));
        request.addAll(key);
        openssl(directory, request.toArray(String[]::new));
        openssl(directory, "x509", "-req", "-in", file + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "2",
                "-extfile", file + ".ext", "-out", file + ".pem");
        return new Leaf(directory.resolve(file + ".pem"), directory.resolve(file + ".key"));
    }

    /** TLS for a client that trusts this authority alone. */
    SSLContext clientContext() throws IOException {
        try (InputStream pem = Files.newInputStream(certificate())) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(certificate() + ": not usable as authority", e);
        }
    }

    private static void openssl(Path directory, String... words) throws IOException {
        Command.succeed(directory, new byte[0],
                java.util.stream.Stream.concat(java.util.stream.Stream.of("openssl"), List.of(words).stream())
                        .toList());
    }
}
