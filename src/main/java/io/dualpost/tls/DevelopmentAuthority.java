package io.dualpost.tls;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/**
 * A certificate authority for development, demonstrations and tests: its certificates are as good as real ones to every
 * client that is told to trust it, and worthless to all others.
 */
public final class DevelopmentAuthority {
    /** The authority's certificate, to be given to clients. */
    public static final String CERTIFICATE_FILE = "ca.pem";
    /** The authority's key, readable by the owner only. */
    public static final String KEY_FILE = "ca.key";

    private final X509Certificate certificate;
    private final PrivateKey key;
    private final InstantSource clock;

    private DevelopmentAuthority(X509Certificate certificate, PrivateKey key, InstantSource clock) {
        this.certificate = certificate;
        this.key = key;
        this.clock = clock;
    }

    /** Makes a new authority, good for ten years, and writes nothing. */
    public static DevelopmentAuthority create(InstantSource clock) {
        KeyPair pair = IssuedCertificate.AUTHORITY_KIND.generate();
        return new DevelopmentAuthority(IssuedCertificate.authority(pair, clock.instant()), pair.getPrivate(), clock);
    }

    /**
     * Reads the authority in a folder; makes one there if neither its certificate nor its key is.
     *
     * @throws TlsProblem  if one of the two is missing or cannot be read, or they do not belong together
     * @throws IOException if a new one cannot be written
     */
    public static DevelopmentAuthority open(Path folder, InstantSource clock) throws TlsProblem, IOException {
        Path certificateFile = folder.resolve(CERTIFICATE_FILE);
        Path keyFile = folder.resolve(KEY_FILE);
        if (!Files.exists(certificateFile) && !Files.exists(keyFile)) {
            DevelopmentAuthority fresh = create(clock);
            fresh.write(folder, Existing.KEEP);
            return fresh;
        }
        for (Path file : List.of(certificateFile, keyFile)) {
            if (!Files.exists(file)) {
                throw new TlsProblem(file + ": missing (expected: certificate and key, or neither)");
            }
        }
        X509Certificate certificate = Authorities.read(certificateFile).getFirst();
        PrivateKey key = readKey(keyFile, certificate.getPublicKey().getAlgorithm());
        if (!belongs(key, certificate)) {
            throw new TlsProblem(keyFile + ": another key (expected: the key of " + certificateFile + ")");
        }
        return new DevelopmentAuthority(certificate, key, clock);
    }

    /** The authority's own certificate. */
    public X509Certificate certificate() {
        return certificate;
    }

    /**
     * Writes {@link #CERTIFICATE_FILE} and {@link #KEY_FILE}.
     *
     * @param folder made with mode 0700 if missing
     * @throws IOException if a file is there and must stay, or cannot be written
     */
    public void write(Path folder, Existing existing) throws IOException {
        PemFile.write(folder, List.of(PemFile.key(folder.resolve(KEY_FILE), key),
                PemFile.certificates(folder.resolve(CERTIFICATE_FILE), List.of(certificate))), existing);
    }

    /**
     * Issues two certificates with new keys, an ECDSA and an RSA one in this order, good for 397 days. Nothing is
     * written; the files they name do not exist.
     *
     * @param hosts names and addresses, all of which both certificates are for
     * @throws TlsProblem if there is no host, or one is neither name nor address
     */
    public List<Certificate> issue(List<String> hosts) throws TlsProblem {
        SubjectNames names = SubjectNames.of(hosts);
        List<Certificate> issued = new ArrayList<>();
        for (KeyKind kind : KeyKind.values()) {
            KeyPair pair = kind.generate();
            X509Certificate leaf = IssuedCertificate.leaf(names, pair.getPublic(), certificate, key, clock.instant());
            issued.add(new Certificate(Path.of(names.fileName() + "-" + kind.label() + ".pem"),
                    List.of(leaf, certificate), pair.getPrivate(), names.names()));
        }
        return issued;
    }

    /**
     * Issues two certificates as {@link #issue(List)} does and writes each as {@code <first host>-<kind>.pem}, the leaf
     * before the authority, with its key as {@code <first host>-<kind>.key}.
     *
     * @param folder made with mode 0700 if missing
     * @return the certificates, with the files they are in
     * @throws TlsProblem  if there is no host, or one is neither name nor address
     * @throws IOException if a file is there and must stay, or cannot be written
     */
    public List<Certificate> issue(List<String> hosts, Path folder, Existing existing) throws TlsProblem, IOException {
        List<Certificate> placed = new ArrayList<>();
        List<PemFile> files = new ArrayList<>();
        for (Certificate issued : issue(hosts)) {
            Certificate at = new Certificate(folder.resolve(issued.file()), issued.chain(), issued.key(),
                    issued.names());
            placed.add(at);
            files.add(PemFile.key(keyFile(at), at.key()));
            files.add(PemFile.certificates(at.file(), at.chain()));
        }
        PemFile.write(folder, files, existing);
        return placed;
    }

    /** Where the key of a certificate from here is written: beside the chain. */
    public static Path keyFile(Certificate issued) {
        return issued.file().resolveSibling(issued.file().getFileName().toString().replaceFirst("\\.pem$", ".key"));
    }

    private static PrivateKey readKey(Path file, String algorithm) throws TlsProblem {
        try (Reader text = Files.newBufferedReader(file); PemReader reader = new PemReader(text)) {
            PemObject block = reader.readPemObject();
            if (block == null || !block.getType().equals("PRIVATE KEY")) {
                throw new TlsProblem(file + ": no key (expected: PEM, PRIVATE KEY)");
            }
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(block.getContent()));
        } catch (GeneralSecurityException e) {
            throw new TlsProblem(file + ": not understood (expected: a PKCS#8 key, " + algorithm + ")", e);
        } catch (IOException e) {
            throw new TlsProblem(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean belongs(PrivateKey key, X509Certificate certificate) throws TlsProblem {
        try {
            Signature signature = Signature.getInstance(IssuedCertificate.AUTHORITY_KIND.signature());
            signature.initSign(key);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            throw new TlsProblem(KEY_FILE + ": not an RSA key (expected: one made here)", e);
        }
    }
}
