package io.dualpost.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bouncycastle.util.encoders.DecoderException;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/**
 * The blocks of a PEM file (RFC 7468), in order.
 *
 * @param file   where they were read
 * @param blocks at least one
 */
record PemContent(Path file, List<PemObject> blocks) {
    private static final int LARGEST = 1 << 20;
    private static final Set<String> CERTIFICATES = Set.of("CERTIFICATE", "X509 CERTIFICATE");

    /** Reads a file of at most 1 MiB. */
    static PemContent read(Path file) throws CertificateProblem {
        byte[] octets = octets(file);
        List<PemObject> blocks = new ArrayList<>();
        try (PemReader reader = new PemReader(new StringReader(new String(octets, StandardCharsets.ISO_8859_1)))) {
            for (PemObject block = reader.readPemObject(); block != null; block = reader.readPemObject()) {
                blocks.add(block);
            }
        } catch (IOException | DecoderException broken) {
            throw new CertificateProblem(file.toString(), "block " + (blocks.size() + 1) + " is cut off or damaged",
                    "PEM: -----BEGIN ...-----, base64, -----END ...-----");
        }
        if (blocks.isEmpty()) {
            boolean der = octets.length > 0 && octets[0] == 0x30;
            throw new CertificateProblem(file.toString(), der ? "binary DER" : "not PEM",
                    der ? "PEM; convert it with \"openssl x509 -inform der\" or \"openssl pkey -inform der\""
                            : "PEM: -----BEGIN ...-----, base64, -----END ...-----");
        }
        return new PemContent(file, List.copyOf(blocks));
    }

    /** The certificates among the blocks, at least one. */
    List<X509Certificate> certificates() throws CertificateProblem {
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemObject block : blocks) {
            if (CERTIFICATES.contains(block.getType())) {
                certificates.add(certificate(block, certificates.size() + 1));
            }
        }
        if (certificates.isEmpty()) {
            throw new CertificateProblem(file.toString(), "no certificate inside, only " + types(),
                    "at least one block of type CERTIFICATE");
        }
        return certificates;
    }

    /** The types of the blocks, for messages. */
    String types() {
        return String.join(", ", blocks.stream().map(PemObject::getType).distinct().toList());
    }

    private X509Certificate certificate(PemObject block, int number) throws CertificateProblem {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block.getContent()));
        } catch (CertificateException broken) {
            throw new CertificateProblem(file.toString(), "certificate " + number + " is damaged",
                    "an X.509 certificate");
        }
    }

    private static byte[] octets(Path file) throws CertificateProblem {
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] octets = stream.readNBytes(LARGEST + 1);
            if (octets.length > LARGEST) {
                throw new CertificateProblem(file.toString(), "more than 1 MiB", "a PEM file of certificates or a key");
            }
            return octets;
        } catch (NoSuchFileException _) {
            throw new CertificateProblem(file.toString(), "no such file", "a readable PEM file");
        } catch (IOException unreadable) {
            throw new CertificateProblem(file.toString(),
                    "unreadable, " + (Files.isDirectory(file) ? "a directory" : reason(unreadable)),
                    "a PEM file that the proxy's user may read");
        }
    }

    private static String reason(IOException unreadable) {
        return unreadable instanceof java.nio.file.AccessDeniedException
                ? "permission denied"
                : String.valueOf(unreadable.getMessage());
    }
}
