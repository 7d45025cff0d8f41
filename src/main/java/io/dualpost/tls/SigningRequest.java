package io.dualpost.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** A request for a certificate (PKCS#10, RFC 2986) together with its new key. */
public final class SigningRequest {
    private final SubjectNames names;
    private final KeyKind kind;
    private final byte[] request;
    private final KeyPair pair;

    private SigningRequest(SubjectNames names, KeyKind kind, byte[] request, KeyPair pair) {
        this.names = names;
        this.kind = kind;
        this.request = request.clone();
        this.pair = pair;
    }

    /**
     * Makes a key and the request for it.
     *
     * @param hosts names and addresses that the certificate is to be for, all as subjectAltName
     * @throws TlsProblem if there is no host, or one is neither name nor address
     */
    public static SigningRequest create(List<String> hosts, KeyKind kind) throws TlsProblem {
        SubjectNames names = SubjectNames.of(hosts);
        KeyPair pair = kind.generate();
        try {
            ExtensionsGenerator extensions = new ExtensionsGenerator();
            extensions.addExtension(Extension.subjectAlternativeName, names.subject().getRDNs().length == 0,
                    names.alternatives());
            byte[] request = new JcaPKCS10CertificationRequestBuilder(names.subject(), pair.getPublic())
                    .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
                    .build(new JcaContentSignerBuilder(kind.signature()).build(pair.getPrivate())).getEncoded();
            return new SigningRequest(names, kind, request, pair);
        } catch (IOException | OperatorCreationException impossible) {
            throw new IllegalStateException("signing request for " + hosts, impossible);
        }
    }

    /** The request in PEM. */
    public String pem() {
        return PemFile.request(Path.of(""), request).text();
    }

    /**
     * Writes {@code <first host>-<kind>.csr} and, readable by the owner only, {@code <first host>-<kind>.key}.
     *
     * @param folder made with mode 0700 if missing
     * @return the two files, the request first
     * @throws IOException if a file is there and must stay, or cannot be written
     */
    public List<Path> write(Path folder, Existing existing) throws IOException {
        String base = names.fileName() + "-" + kind.label();
        List<PemFile> files = List.of(PemFile.request(folder.resolve(base + ".csr"), request),
                PemFile.key(folder.resolve(base + ".key"), pair.getPrivate()));
        PemFile.write(folder, files, existing);
        return files.stream().map(PemFile::path).toList();
    }

    /** Names the hosts; the key stays out. */
    @Override
    public String toString() {
        return "signing request " + names.hosts() + " " + kind.label();
    }
}
