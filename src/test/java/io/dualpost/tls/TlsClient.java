package io.dualpost.tls;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** The JDK's TLS as a client that trusts one authority, keeps its sessions, and counts full handshakes. */
final class TlsClient {
    record Visit(X509Certificate certificate, String protocol, String suite, String alpn, Optional<String> greeting) {
        String key() {
            return certificate.getPublicKey().getAlgorithm();
        }
    }

    private final SSLContext context;
    private boolean renegotiates;
    private final AtomicInteger verifications = new AtomicInteger();

    TlsClient(X509Certificate authority) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("authority", authority);
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {
                new Counting((X509ExtendedTrustManager) factory.getTrustManagers()[0])}, null);
    }

    /** How often a certificate was verified, which resumption does without. */
    int verifications() {
        return verifications.get();
    }

    /** From now on each visit begins a second handshake in its connection. */
    TlsClient renegotiating() {
        renegotiates = true;
        return this;
    }

    /** Connects, says what the parameters say, reads a line and leaves. */
    Visit visit(int port, Consumer<SSLParameters> changes) throws IOException {
        try (Socket plain = new SamePort()) {
            plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
            plain.setSoTimeout(10_000);
            try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "server.invalid",
                    SamePort.PORT,
                    true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setServerNames(List.of());
                changes.accept(parameters);
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                BufferedReader reader = new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                String greeting = reader.readLine();
                if (renegotiates) {
                    socket.startHandshake();
                    reader.readLine();
                }
                return new Visit((X509Certificate) socket.getSession().getPeerCertificates()[0],
                        socket.getSession().getProtocol(), socket.getSession().getCipherSuite(),
                        socket.getApplicationProtocol(), Optional.ofNullable(greeting));
            }
        }
    }

    static Consumer<SSLParameters> asking(String name) {
        return parameters -> parameters.setServerNames(List.of(new SNIHostName(name)));
    }

    static Consumer<SSLParameters> protocol(String version) {
        return parameters -> parameters.setProtocols(new String[] {version});
    }

    static Consumer<SSLParameters> offering(String... protocols) {
        return parameters -> parameters.setApplicationProtocols(protocols);
    }

    static Consumer<SSLParameters> rsaOnly() {
        return parameters -> parameters
                .setSignatureSchemes(new String[] {"rsa_pss_rsae_sha256", "rsa_pkcs1_sha256"});
    }

    /** Sends octets and returns all that comes back until the other side closes. */
    static byte[] talk(int port, byte[]... parts) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
            socket.setSoTimeout(10_000);
            for (byte[] part : parts) {
                socket.getOutputStream().write(part);
            }
            return socket.getInputStream().readNBytes(4096);
        }
    }

    /** Makes all servers look like one, so that a session of one is tried at the next. */
    private static final class SamePort extends Socket {
        static final int PORT = 995;

        @Override
        public int getPort() {
            return PORT;
        }
    }

    private final class Counting extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager platform;

        Counting(X509ExtendedTrustManager platform) {
            this.platform = platform;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            verifications.incrementAndGet();
            platform.checkServerTrusted(chain, type, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return platform.getAcceptedIssuers();
        }
    }
}
