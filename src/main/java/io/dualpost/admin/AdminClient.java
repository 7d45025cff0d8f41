package io.dualpost.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** Asks the proxy behind a unix socket, once each connection. */
public final class AdminClient {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path socket;
    private final Duration patience;

    /** Nothing is opened yet. */
    public AdminClient(Path socket) {
        this(socket, PATIENCE);
    }

    /** The same with another time to wait for a sign of life, for tests. */
    AdminClient(Path socket, Duration patience) {
        this.socket = socket;
        this.patience = patience;
    }

    /** No proxy listens there. */
    public static final class NoProxy extends IOException {
        private static final long serialVersionUID = 1;

        NoProxy(String message) {
            super(message);
        }
    }

    /**
     * Reads something.
     *
     * @param accept the form that is wanted, as a media type
     * @throws NoProxy               if nobody listens at the socket
     * @throws AccessDeniedException if this user may not connect to it
     * @throws IOException           if it does not answer, or not to the end
     */
    public HttpAnswer get(String path, Map<String, String> parameters, String accept) throws IOException {
        return ask("GET " + path + (parameters.isEmpty() ? "" : "?" + form(parameters)), "", accept);
    }

    /** Orders something; everything else is as with {@link #get}. */
    public HttpAnswer post(String path, Map<String, String> parameters, String accept) throws IOException {
        return ask("POST " + path, form(parameters), accept);
    }

    private HttpAnswer ask(String what, String body, String accept) throws IOException {
        String request = what + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: " + accept + "\r\n"
                + (what.startsWith("POST")
                        ? "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + body.length() + "\r\n"
                        : "")
                + "\r\n" + body;
        reachable();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                Silence silence = new Silence(channel, patience)) {
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                write(channel, request);
                return HttpAnswer.read(silence.watched());
            } catch (ConnectException _) {
                throw new NoProxy("nobody listens at it any more");
            } catch (ClosedChannelException e) {
                throw new IOException("no sign of life for " + patience.toSeconds() + " s", e);
            }
        }
    }

    private void reachable() throws IOException {
        try {
            Files.readAttributes(socket, "size");
        } catch (NoSuchFileException _) {
            throw new NoProxy("there is no such file");
        }
        if (!Files.isWritable(socket)) {
            throw new AccessDeniedException(socket.toString());
        }
    }

    /** Who is refused may hear why before all was said. */
    private static void write(SocketChannel channel, String request) throws IOException {
        ByteBuffer octets = ByteBuffer.wrap(request.getBytes(UTF_8));
        try {
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException _) {
            octets.clear();
        }
    }

    private static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream().map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }
}
