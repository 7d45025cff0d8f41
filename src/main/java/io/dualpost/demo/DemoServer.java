package io.dualpost.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts on 127.0.0.1 and gives each client a virtual thread. */
final class DemoServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DemoServer.class);
    private static final int CONNECTIONS = 64;

    private final String name;
    private final Session session;
    private final ServerSocket listener;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private DemoServer(String name, Session session, ServerSocket listener) {
        this.name = name;
        this.session = session;
        this.listener = listener;
    }

    /** Listens on a port that the system chooses, and accepts from now on. */
    static DemoServer open(String name, Session session) throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        DemoServer server = new DemoServer(name, session, new ServerSocket(0, CONNECTIONS, loopback));
        server.threads.execute(server::accept);
        return server;
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Ends the listener and every connection, and waits a little for their threads. */
    @Override
    public void close() {
        discard(listener);
        clients.forEach(this::discard);
        threads.shutdown();
        try {
            if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("{}: a connection did not end", name);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (clients.size() >= CONNECTIONS) {
                    discard(client);
                    continue;
                }
                clients.add(client);
                if (listener.isClosed()) {
                    discard(client);
                }
                threads.execute(() -> serve(client));
            } catch (IOException fault) {
                if (!listener.isClosed()) {
                    LOG.error("{}: accepts no more", name, fault);
                    discard(listener);
                }
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            session.run(new LineConnection(client));
        } catch (IOException end) {
            LOG.debug("{}: connection ended: {}", name, end.getMessage());
        } finally {
            clients.remove(client);
        }
    }

    private void discard(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception fault) {
            LOG.debug("{}: closing failed", name, fault);
        }
    }

    /** What is said on one connection; the socket is closed afterwards. */
    interface Session {
        void run(LineConnection line) throws IOException;
    }
}
