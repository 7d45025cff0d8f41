package io.dualpost.probe;

import io.dualpost.address.Addresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** The client's side of TLS on one connection: any certificate may be shown, and is judged when all is done. */
final class Handshake {
    private static final int SHOWN = 16;

    private final Target target;
    private final ChainWitness witness = new ChainWitness();
    private final SSLContext context;

    Handshake(Target target) {
        this.target = target;
        try {
            context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {witness}, null);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("TLS of the Java platform", impossible);
        }
    }

    /** Lets the platform load what TLS needs, so that it does not look like the server's slowness. */
    void prepare() throws SSLException {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        engine.wrap(ByteBuffer.allocate(0), ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
    }

    /** Shakes hands; the name goes along by SNI, an address does not. */
    SSLSocket on(Socket socket) throws IOException {
        SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, target.endpoint().host(),
                target.endpoint().port(), false);
        secured.setUseClientMode(true);
        secured.startHandshake();
        return secured;
    }

    /** What came of it. */
    TlsFacts facts(SSLSocket secured, Trust trust) throws IOException {
        if (witness.chain().isEmpty()) {
            throw new Fault.Found(Fault.Kind.TLS, "no certificate");
        }
        X509Certificate leaf = witness.chain().getFirst();
        List<String> names = names(leaf);
        return new TlsFacts(secured.getSession().getProtocol(), secured.getSession().getCipherSuite(),
                coverage(target, names), names.stream().limit(SHOWN).map(Harmless::text).toList(),
                trust.distrust(witness.chain(), witness.type()), leaf.getNotAfter().toInstant());
    }

    /** RFC 9525 section 6.3: the name itself, or a wildcard for the whole left-most label. */
    static TlsFacts.Coverage coverage(Target target, List<String> names) {
        Optional<String> name = target.name();
        if (name.isEmpty()) {
            return names.contains(target.endpoint().host()) ? TlsFacts.Coverage.COVERED : TlsFacts.Coverage.NO_NAME;
        }
        int dot = name.get().indexOf('.');
        boolean covered = names.contains(name.get()) || (dot > 0 && names.contains("*" + name.get().substring(dot)));
        return covered ? TlsFacts.Coverage.COVERED : TlsFacts.Coverage.NOT_COVERED;
    }

    private static List<String> names(X509Certificate leaf) {
        try {
            Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
            Stream<List<?>> all = alternatives == null ? Stream.of() : alternatives.stream();
            return all.filter(name -> name.get(0).equals(2) || name.get(0).equals(7))
                    .map(name -> canonical(Objects.toString(name.get(1)))).toList();
        } catch (CertificateParsingException _) {
            return List.of();
        }
    }

    private static String canonical(String name) {
        Optional<InetAddress> literal = Addresses.literal(name);
        return literal.map(Addresses::text).orElseGet(() -> name.toLowerCase(Locale.ROOT));
    }
}
