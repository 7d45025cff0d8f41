package io.dualpost.real;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A talk with a server byte by byte and line by line; no read waits longer than 30 s. */
final class Talk implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private Talk(Socket socket, InputStream in, OutputStream out) {
        this.socket = socket;
        this.in = new BufferedInputStream(in);
        this.out = out;
    }

    private static Talk over(Socket socket) throws IOException {
        return new Talk(socket, socket.getInputStream(), socket.getOutputStream());
    }

    /** A talk through the pipes of a program, which somebody else ends. */
    static Talk through(Process process) {
        return new Talk(new Socket(), process.getInputStream(), process.getOutputStream());
    }

    /** Connects from an address of this machine, without TLS and without reading. */
    static Talk connect(InetAddress from, InetAddress to, int port) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(to, port), 10_000);
        return over(socket);
    }

    /** Connects, with TLS by whatever way the target wants, and reads the greeting. */
    static Talk open(World world, Target target) throws IOException {
        return open(world, target, target.address());
    }

    /** The same from an address of this machine. */
    static Talk open(World world, Target target, InetAddress from) throws IOException {
        Talk talk = connect(from, target.address(), target.port());
        if (target.implicit()) {
            talk = talk.secure(world.authority().clientContext(), target.host());
        }
        boolean pop3 = talk.line().startsWith("+OK");
        switch (target.tls()) {
            case STARTTLS -> {
                talk.ask(pop3 ? "STLS" : "STARTTLS");
                talk = talk.secure(world.authority().clientContext(), target.host());
            }
            case NONE, IMPLICIT -> {
            }
        }
        return talk;
    }

    /** Begins TLS now; the certificate must be for the host. */
    Talk secure(SSLContext context, String host) throws IOException {
        SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, host, socket.getPort(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return over(secured);
    }

    /** Sends octets as they are. */
    void send(byte[] octets) throws IOException {
        out.write(octets);
        out.flush();
    }

    /** Sends text in UTF-8 as it is. */
    void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a line and reads the answer: all lines of an SMTP reply, one line of POP3. */
    String ask(String line) throws IOException {
        send(line + "\r\n");
        return reply();
    }

    /** Sends a line and demands how the answer begins. */
    String ask(String line, String beginning) throws IOException {
        String reply = ask(line);
        if (!reply.startsWith(beginning)) {
            throw new IOException("answer to " + line + ": " + reply + " (expected: " + beginning + ")");
        }
        return reply;
    }

    /** Reads an answer. */
    String reply() throws IOException {
        StringBuilder reply = new StringBuilder();
        String line = line();
        while (line.length() > 3 && line.charAt(3) == '-' && Character.isDigit(line.charAt(0))) {
            reply.append(line).append('\n');
            line = line();
        }
        return reply.append(line).toString();
    }

    /** Reads one line without its CRLF; the end of the connection is an {@link EOFException}. */
    String line() throws IOException {
        return new String(octets(), StandardCharsets.UTF_8);
    }

    /** Reads a POP3 multi-line answer after its first line, dots taken away, the last CRLF left on. */
    byte[] multiline() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] line = octets(); line.length != 1 || line[0] != '.'; line = octets()) {
            boolean stuffed = line.length > 0 && line[0] == '.';
            all.write(line, stuffed ? 1 : 0, line.length - (stuffed ? 1 : 0));
            all.write('\r');
            all.write('\n');
        }
        return all.toByteArray();
    }

    /** Whatever else the server says until it closes. */
    List<String> rest() throws IOException {
        List<String> lines = new ArrayList<>();
        try {
            while (true) {
                lines.add(line());
            }
        } catch (EOFException e) {
            return lines;
        } catch (java.net.SocketException | javax.net.ssl.SSLException e) {
            lines.add("(" + e.getMessage() + ")");
            return lines;
        }
    }

    /** POP3 login with USER and PASS. */
    void loginByPassword(Account account) throws IOException {
        ask("USER " + account.user(), "+OK");
        ask("PASS " + account.password(), "+OK");
    }

    /** SMTP greeting and login with AUTH PLAIN. */
    void submit(Account account) throws IOException {
        ask("EHLO client.example.test", "250");
        ask("AUTH PLAIN " + plain(account), "235");
    }

    /** The SASL PLAIN message (RFC 4616) in base64. */
    static String plain(Account account) {
        return base64("\0" + account.user() + "\0" + account.password());
    }

    /** Base64 of UTF-8. */
    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The own port. */
    int localPort() {
        return socket.getLocalPort();
    }

    /** Breaks off with a RST. */
    void abort() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private byte[] octets() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int last = -1;
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            if (octet == '\n' && last == '\r') {
                byte[] octets = line.toByteArray();
                return java.util.Arrays.copyOf(octets, octets.length - 1);
            }
            line.write(octet);
            last = octet;
        }
        throw new EOFException("connection: closed after " + line.toString(StandardCharsets.UTF_8)
                + " (expected: a whole line)");
    }
}
