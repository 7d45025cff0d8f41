package io.dualpost.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SNIHostName;

/** One end of a connection, a client's or a backend's, spoken line by line, with or without TLS. Blocks, but not for ever. */
final class Wire implements AutoCloseable {
    /** How the other end ended. */
    enum End {
        /** By close_notify, or without TLS by FIN. */
        WHOLE,
        /** With TLS by FIN alone. */
        TRUNCATED,
        /** By RST. */
        RESET
    }

    private final Socket socket;
    private byte[] prefix = new byte[0];
    private Optional<TlsLayer> tls = Optional.empty();

    Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
    }

    static Wire to(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.connect(address, 5_000);
        return new Wire(socket);
    }

    InetSocketAddress local() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    Socket socket() {
        return socket;
    }

    /** Becomes a TLS client; an empty name sends no SNI. */
    Wire secure(String name) throws IOException {
        SSLEngine engine = Certificates.context().createSSLEngine();
        engine.setUseClientMode(true);
        if (!name.isEmpty()) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            engine.setSSLParameters(parameters);
        }
        return secure(engine);
    }

    /** Becomes a TLS server. */
    Wire serveTls() throws IOException {
        SSLEngine engine = Certificates.context().createSSLEngine();
        engine.setUseClientMode(false);
        return secure(engine);
    }

    /** Octets that leave in one segment with the first of TLS. */
    Wire prefix(String octets) {
        prefix = octets.getBytes(StandardCharsets.ISO_8859_1);
        return this;
    }

    private Wire secure(SSLEngine engine) throws IOException {
        OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
        out.write(prefix);
        TlsLayer layer = new TlsLayer(engine, socket.getInputStream(), out);
        layer.handshake();
        tls = Optional.of(layer);
        return this;
    }

    /** Says octets as they are, one for each character, in one segment. */
    Wire raw(String octets) throws IOException {
        return raw(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    Wire raw(byte[] octets) throws IOException {
        if (tls.isPresent()) {
            tls.get().write(octets);
        } else {
            socket.getOutputStream().write(octets);
        }
        return this;
    }

    /** Says a line. */
    Wire say(String line) throws IOException {
        return raw(line + "\r\n");
    }

    /** Says a line and hears the answer, which must begin so. */
    Wire ask(String line, String answer) throws IOException {
        return say(line).hear(answer);
    }

    /** Hears a line that must begin so; of a reply of several lines the last. */
    Wire hear(String beginning) throws IOException {
        String line = line();
        while (line.matches("[0-9]{3}-.*")) {
            line = line();
        }
        assertThat(line).startsWith(beginning);
        return this;
    }

    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = read(); octet != '\n'; octet = read()) {
            if (octet < 0) {
                throw new EOFException("ended after '" + line + "'");
            }
            line.append((char) octet);
        }
        assertThat(line).endsWith("\r");
        return line.substring(0, line.length() - 1);
    }

    /** Exactly so many octets. */
    byte[] octets(int count) throws IOException {
        byte[] octets = new byte[count];
        for (int at = 0; at < count;) {
            int more = read(octets, at, count - at);
            if (more < 0) {
                throw new EOFException("ended after " + at + " octets");
            }
            at += more;
        }
        return octets;
    }

    int read() throws IOException {
        return tls.isPresent() ? tls.get().read() : socket.getInputStream().read();
    }

    int read(byte[] into, int at, int length) throws IOException {
        return tls.isPresent() ? tls.get().read(into, at, length) : socket.getInputStream().read(into, at, length);
    }

    /** All lines until the end, and then the end itself by its name. */
    List<String> rest() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        End end = drainTo(all);
        List<String> lines = new ArrayList<>(all.toString(StandardCharsets.ISO_8859_1).lines().toList());
        lines.add(end.name());
        return lines;
    }

    /** Lets go by what still comes; how it ends. */
    End end() throws IOException {
        return drainTo(new ByteArrayOutputStream());
    }

    private End drainTo(ByteArrayOutputStream all) throws IOException {
        byte[] part = new byte[8192];
        try {
            for (int count = read(part, 0, part.length); count >= 0; count = read(part, 0, part.length)) {
                all.write(part, 0, count);
            }
            return End.WHOLE;
        } catch (EOFException truncated) {
            return End.TRUNCATED;
        } catch (SocketException reset) {
            return End.RESET;
        }
    }

    /** Says no more, with TLS by close_notify first. */
    Wire finish() throws IOException {
        if (tls.isPresent()) {
            tls.get().closeNotify();
        }
        return truncate();
    }

    /** Says no more, by FIN alone. */
    Wire truncate() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Ends by FIN, before the test does. */
    void drop() throws IOException {
        close();
    }

    /** Ends by RST. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Ends by FIN. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
