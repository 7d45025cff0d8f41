package io.dualpost.probe;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that does what a test says with each connection, and keeps the lines it hears. */
final class ScriptedServer implements AutoCloseable {
    private final ServerSocket socket;
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<Socket> clients = new CopyOnWriteArrayList<>();

    /** What becomes of a connection. */
    interface Script {
        void play(Visitor visitor) throws IOException;
    }

    private ScriptedServer(ServerSocket socket) {
        this.socket = socket;
    }

    static ScriptedServer open(InetAddress address, Script script) throws IOException {
        return open(address, 0, script);
    }

    static ScriptedServer open(InetAddress address, int port, Script script) throws IOException {
        ScriptedServer server = new ScriptedServer(new ServerSocket(port, 50, address));
        Thread.ofVirtual().start(() -> server.serve(script));
        return server;
    }

    int port() {
        return socket.getLocalPort();
    }

    List<String> heard() {
        return heard;
    }

    private void serve(Script script) {
        try {
            while (true) {
                Socket client = socket.accept();
                clients.add(client);
                Thread.ofVirtual().start(() -> play(client, script));
            }
        } catch (IOException closed) {
            return;
        }
    }

    private void play(Socket client, Script script) {
        try (client) {
            script.play(new Visitor(client, new BufferedReader(
                    new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1))));
        } catch (IOException | UncheckedIOException over) {
            return;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket client : clients) {
            client.close();
        }
    }

    /** The connection as a script sees it. */
    final class Visitor {
        private final Socket client;
        private final BufferedReader in;

        private Visitor(Socket client, BufferedReader in) {
            this.client = client;
            this.in = in;
        }

        void say(String text) throws IOException {
            client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        /** Waits for a line, and answers. */
        void answer(String text) throws IOException {
            hear();
            say(text);
        }

        String hear() throws IOException {
            String line = in.readLine();
            if (line == null) {
                throw new IOException("the client has gone");
            }
            heard.add(line);
            return line;
        }

        /** Does nothing until the client goes. */
        void waitForEver() throws IOException {
            while (in.read() >= 0) {
                // Whatever it is.
            }
        }

        /** Says it again and again, slowly, until the client goes. */
        void trickle(String text) throws IOException {
            client.setSoTimeout(20);
            do {
                say(text);
            } while (isThere());
        }

        private boolean isThere() throws IOException {
            try {
                return in.read() >= 0;
            } catch (SocketTimeoutException quiet) {
                return true;
            }
        }

        /** Ends with RST. */
        void reset() throws IOException {
            client.setSoLinger(true, 0);
            client.close();
        }
    }
}
