package io.dualpost.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Sessions of clients at the demo's proxy, some at a time. */
final class Visits {
    private static final int AT_A_TIME = 8;
    /** To reach a proxy that starts: half a minute. */
    private static final int TRIES = 600;
    /** Of a message that is handed in: 10 KiB. */
    private static final int LINES = 128;
    private static final String LINE = "x".repeat(78);

    private final DemoPorts ports;
    private final List<InetAddress> addresses = new ArrayList<>();
    private final TrustManager[] trust;
    /** Of the clients that resume what another left. */
    private final SSLContext shared;

    Visits(DemoPorts ports, boolean ipv6, Path authority) throws IOException {
        this.ports = ports;
        addresses.add(DemoPorts.ipv4());
        if (ipv6) {
            addresses.add(DemoPorts.ipv6());
        }
        this.trust = trusting(authority);
        this.shared = context();
    }

    void make(int sessions) throws IOException {
        awaitProxy();
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService clients = Executors.newFixedThreadPool(AT_A_TIME)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < AT_A_TIME; i++) {
                all.add(clients.submit(() -> {
                    for (int number = next.getAndIncrement(); number < sessions; number = next.getAndIncrement()) {
                        visit(number);
                    }
                    return null;
                }));
            }
            for (Future<?> client : all) {
                client.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("visits: interrupted", e);
        } catch (ExecutionException e) {
            next.set(sessions);
            throw new IOException("visits: " + e.getCause(), e);
        }
    }

    /** Waits for the admin server, which opens last. */
    private void awaitProxy() throws IOException {
        for (int i = 1;; i++) {
            try {
                scrape();
                return;
            } catch (ConnectException e) {
                if (i == TRIES) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }

    private void visit(int number) throws IOException {
        int way = number % 4;
        InetAddress address = addresses.get(number / 4 % addresses.size());
        SSLContext tls = number / 8 % 2 == 1 ? shared : context();
        int port = List.of(ports.pop3s(), ports.pop3(), ports.submissions(), ports.submission()).get(way);
        try (Socket plain = new Socket(address, port)) {
            switch (way) {
                case 0 -> {
                    SSLSocket socket = secured(tls, plain, "pop.example.test");
                    LineConnection line = new LineConnection(socket);
                    expect(line, "+OK");
                    retrieve(line);
                }
                case 1 -> {
                    LineConnection line = new LineConnection(plain);
                    expect(line, "+OK");
                    ask(line, "CAPA", "+OK");
                    skipToDot(line);
                    ask(line, "STLS", "+OK");
                    SSLSocket socket = secured(tls, plain, "pop.example.test");
                    retrieve(new LineConnection(socket));
                }
                case 2 -> {
                    SSLSocket socket = secured(tls, plain, "smtp.example.test");
                    LineConnection line = new LineConnection(socket);
                    expect(line, "220");
                    submit(line);
                }
                default -> {
                    LineConnection line = new LineConnection(plain);
                    expect(line, "220");
                    ask(line, "EHLO client.example.test", "250");
                    ask(line, "STARTTLS", "220");
                    SSLSocket socket = secured(tls, plain, "smtp.example.test");
                    submit(new LineConnection(socket));
                }
            }
        }
        if (number % 200 == 0) {
            scrape();
        }
    }

    private static void retrieve(LineConnection line) throws IOException {
        ask(line, "USER ann", "+OK");
        ask(line, "PASS secret", "+OK");
        ask(line, "STAT", "+OK");
        ask(line, "RETR 1", "+OK");
        skipToDot(line);
        ask(line, "QUIT", "+OK");
    }

    private static void submit(LineConnection line) throws IOException {
        ask(line, "EHLO client.example.test", "250");
        ask(line, "AUTH PLAIN " + Base64.getEncoder()
                .encodeToString("\0ann\0secret".getBytes(StandardCharsets.US_ASCII)), "235");
        ask(line, "MAIL FROM:<ann@example.test>", "250");
        ask(line, "RCPT TO:<bob@example.test>", "250");
        ask(line, "DATA", "354");
        ask(line, "Subject: visit\r\n\r\n" + (LINE + "\r\n").repeat(LINES) + ".", "250");
        ask(line, "QUIT", "221");
    }

    private void scrape() throws IOException {
        try (InputStream page = URI.create("http://127.0.0.1:" + ports.admin() + "/metrics").toURL().openStream()) {
            page.readAllBytes();
        }
    }

    private static void ask(LineConnection line, String command, String expected) throws IOException {
        line.say(command);
        expect(line, expected);
    }

    /** Reads one reply, with all lines of it where SMTP has several. */
    private static void expect(LineConnection line, String expected) throws IOException {
        String reply = line.readLine();
        while (reply.length() > 3 && reply.startsWith(expected) && reply.charAt(3) == '-') {
            reply = line.readLine();
        }
        if (!reply.startsWith(expected)) {
            throw new IOException("the proxy answered \"" + reply + "\" (expected: " + expected + ")");
        }
    }

    private static void skipToDot(LineConnection line) throws IOException {
        while (!line.readLine().equals(".")) {
            // The message is of no interest.
        }
    }

    private static SSLSocket secured(SSLContext tls, Socket plain, String host) throws IOException {
        if (!(tls.getSocketFactory().createSocket(plain, host, plain.getPort(), true) instanceof SSLSocket socket)) {
            throw new IOException("not a TLS socket");
        }
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(host)));
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** A client that has been nowhere yet. */
    private SSLContext context() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS: " + e.getMessage(), e);
        }
    }

    private static TrustManager[] trusting(Path authority) throws IOException {
        try (InputStream pem = Files.newInputStream(authority)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry("authority", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new IOException(authority + ": " + e.getMessage(), e);
        }
    }
}
