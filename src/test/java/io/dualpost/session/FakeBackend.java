package io.dualpost.session;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A backend that talks with the proxy as a test wants it; each connection on a virtual thread of its own. */
final class FakeBackend implements AutoCloseable {
    /** What a backend does with a connection; it is closed when this returns. */
    interface Talk {
        void with(Wire proxy) throws IOException;
    }

    private final ServerSocket server;
    private final Talk talk;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger over = new AtomicInteger();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    private FakeBackend(ServerSocket server, Talk talk) {
        this.server = server;
        this.talk = talk;
    }

    /** On 127.0.0.1. */
    static FakeBackend open(Talk talk) throws IOException {
        return open("127.0.0.1", talk);
    }

    static FakeBackend open(String address, Talk talk) throws IOException {
        FakeBackend backend = new FakeBackend(new ServerSocket(0, 50, InetAddress.ofLiteral(address)), talk);
        Thread.ofVirtual().start(backend::accept);
        return backend;
    }

    /** Takes a POP3 login of anybody, then goes on with the rest of the talk. */
    static Talk pop3(Talk afterLogin) {
        return proxy -> {
            proxy.say("+OK backend");
            proxy.hear("USER ");
            proxy.ask("+OK", "PASS ").say("+OK logged in");
            afterLogin.with(proxy);
        };
    }

    /** Takes a submission login of anybody, then goes on with the rest of the talk. */
    static Talk submission(Talk afterLogin) {
        return proxy -> {
            proxy.say("220 backend").hear("EHLO ");
            proxy.raw("250-backend\r\n250-PIPELINING\r\n250-CHUNKING\r\n250 AUTH PLAIN\r\n").hear("AUTH PLAIN ");
            proxy.say("235 2.7.0 in");
            afterLogin.with(proxy);
        };
    }

    int port() {
        return server.getLocalPort();
    }

    InetAddress address() {
        return server.getInetAddress();
    }

    /** Connections so far. */
    int connections() {
        return connections.get();
    }

    /** Connections that are over. */
    int over() {
        return over.get();
    }

    /** What went otherwise than the talk has it. */
    Queue<Throwable> failures() {
        return failures;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (Wire proxy = new Wire(socket)) {
            talk.with(proxy);
        } catch (IOException | AssertionError | RuntimeException e) {
            failures.add(e);
        } finally {
            over.incrementAndGet();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
