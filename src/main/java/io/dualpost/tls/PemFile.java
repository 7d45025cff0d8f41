package io.dualpost.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * A file in the format of RFC 7468, not yet written.
 *
 * @param path   where it is to be
 * @param text   its content
 * @param secret whether only the owner may read it
 */
record PemFile(Path path, String text, boolean secret) {
    /** Certificates, the leaf first; anybody may read them. */
    static PemFile certificates(Path path, List<X509Certificate> chain) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : chain) {
            try {
                text.append(block("CERTIFICATE", certificate.getEncoded()));
            } catch (CertificateEncodingException impossible) {
                throw new IllegalStateException(path + ": certificate without encoding", impossible);
            }
        }
        return new PemFile(path, text.toString(), false);
    }

    /** A private key in PKCS#8 (RFC 5958), not encrypted. */
    static PemFile key(Path path, PrivateKey key) {
        return new PemFile(path, block("PRIVATE KEY", key.getEncoded()), true);
    }

    /** A request for a certificate (RFC 2986). */
    static PemFile request(Path path, byte[] request) {
        return new PemFile(path, block("CERTIFICATE REQUEST", request), false);
    }

    /**
     * Writes the files, or, if one is there that must stay, none. Each appears whole or not at all, and a secret one has
     * mode 0600 from its first octet.
     *
     * @param folder where they all are; made with mode 0700 if missing
     * @throws FileAlreadyExistsException if a file is there and must stay
     * @throws IOException                if the folder or a file cannot be written
     */
    static void write(Path folder, List<PemFile> files, Existing existing) throws IOException {
        Files.createDirectories(folder,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (PemFile file : files) {
            if (existing == Existing.KEEP && Files.exists(file.path)) {
                throw new FileAlreadyExistsException(file.path.toString(), null,
                        "is there already (expected: no file)");
            }
        }
        for (PemFile file : files) {
            file.write(folder, existing);
        }
    }

    private void write(Path folder, Existing existing) throws IOException {
        Path fresh = Files.createTempFile(folder, ".pem-", ".tmp", PosixFilePermissions
                .asFileAttribute(PosixFilePermissions.fromString(secret ? "rw-------" : "rw-r--r--")));
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            if (existing == Existing.REPLACE) {
                Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.move(fresh, path);
            }
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Names the file; the content stays out. */
    @Override
    public String toString() {
        return path.toString();
    }

    private static String block(String type, byte[] content) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, content));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }
}
