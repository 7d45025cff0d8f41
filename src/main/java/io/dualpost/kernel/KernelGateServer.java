package io.dualpost.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel gate: a process of its own that may change the firewall, so that the proxy, which speaks with strangers, need
 * not. One thread does everything: while nft works, clients wait, for some milliseconds.
 */
public final class KernelGateServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KernelGateServer.class);
    private static final int CLIENTS = 4;
    private static final int READ = 4096;
    /** A run of nft may take half of it. */
    private static final long PATIENCE_SECONDS = 10;
    private static final long TICK_MILLIS = 1_000;
    private static final long OWING_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long HELD_UP_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long STRANGER_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final GateSocket socket;
    private final Set<UserPrincipal> allowed;
    private final KernelTable table;
    private final GateDesk desk;
    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocate(READ);
    private final List<GateConnection> clients = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private long lastCheck = System.nanoTime();
    private long lastLook = lastCheck;
    private String lastStranger = "";
    private long lastStrangerAt;
    private volatile boolean closing;

    private KernelGateServer(GateSocket socket, Set<UserPrincipal> allowed, KernelTable table, int cap,
            Selector selector) {
        this.socket = socket;
        this.allowed = allowed;
        this.table = table;
        this.desk = new GateDesk(table, cap);
        this.selector = selector;
    }

    /**
     * Takes over or makes the table and listens.
     *
     * @param allowed users who may speak with it; root may always
     * @param cap     prefixes at most
     * @param nft     the program; without it the usual places are tried
     * @throws IOException if anything of this is impossible; the message says what and why
     */
    public static KernelGateServer open(Path path, Set<UserPrincipal> allowed, int cap, Optional<Path> nft)
            throws IOException {
        Set<UserPrincipal> users = new LinkedHashSet<>(allowed);
        users.add(path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("root"));
        // The socket first: of two gates the second must not touch the table.
        GateSocket socket = GateSocket.open(path);
        try {
            KernelTable table = KernelTable.open(Nft.find(nft), cap, System::nanoTime);
            Selector selector = Selector.open();
            socket.channel().configureBlocking(false);
            socket.channel().register(selector, SelectionKey.OP_ACCEPT);
            LOG.info("kernel gate: {}{}, for {}", socket.path(), socket.passed() ? " (passed)" : "", users);
            return new KernelGateServer(socket, users, table, cap, selector);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Takes the table away.
     *
     * @return whether there was one
     * @throws IOException if it is somebody else's, or cannot be taken away
     */
    public static boolean remove(Optional<Path> nft) throws IOException {
        return KernelTable.remove(Nft.find(nft));
    }

    /** How it is, for people. */
    public String status() {
        return "serving " + socket.path();
    }

    /** Serves until it is closed. */
    public void run() throws IOException {
        try {
            while (!closing) {
                selector.select(this::ready, desk.isGathering() ? 1 : TICK_MILLIS);
                long now = System.nanoTime();
                desk.commitDue(now);
                look(now);
            }
            desk.commit();
        } finally {
            for (GateConnection client : clients) {
                client.close();
            }
            selector.close();
            socket.close();
            ended.countDown();
        }
    }

    /** Ends what {@link #run} does; the table stays as it is. */
    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        try {
            if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("kernel gate: still busy after {} s", PATIENCE_SECONDS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else if (key.attachment() instanceof GateConnection client && key.isReadable()) {
                if (!client.read(buffer, System.nanoTime(), desk::line)) {
                    desk.commit();
                    client.end();
                }
            }
        } catch (IOException e) {
            LOG.debug("client: {}", e.getMessage());
            drop(key);
        }
    }

    private static void drop(SelectionKey key) {
        key.cancel();
        try {
            key.channel().close();
        } catch (IOException e) {
            LOG.debug("client: {}", e.getMessage());
        }
    }

    private void accept() throws IOException {
        SocketChannel channel = socket.channel().accept();
        if (channel == null) {
            return;
        }
        channel.configureBlocking(false);
        UserPrincipal user = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
        SelectionKey key = channel.register(selector, 0);
        long now = System.nanoTime();
        GateConnection client = new GateConnection(channel, key, user.getName(), now);
        key.attach(client);
        clients.add(client);
        if (!allowed.contains(user)) {
            stranger(user.getName(), now);
            client.bad("user: " + user.getName() + " (expected: " + allowed + ")");
            client.end();
        } else if (clients.size() > CLIENTS) {
            client.bad("clients: " + clients.size() + " (expected: at most " + CLIENTS + ")");
            client.end();
        }
    }

    /** One who is refused again and again shall not fill the log. */
    private void stranger(String user, long now) {
        if (!user.equals(lastStranger) || now - lastStrangerAt > STRANGER_NANOS) {
            LOG.warn("client refused: user {} (expected: {})", user, allowed);
            lastStranger = user;
            lastStrangerAt = now;
        }
    }

    /** Sends answers, lets go of those who keep it waiting, and looks whether the table is still there. */
    private void look(long now) {
        // After a slow run of nft nobody is judged before what came meanwhile is read.
        boolean heldUp = now - lastLook > HELD_UP_NANOS;
        for (GateConnection client : List.copyOf(clients)) {
            try {
                if (client.isOpen()) {
                    client.send(now);
                }
                if (!heldUp && client.isOpen() && isOverdue(client, now)) {
                    LOG.warn("client {}: too slow, closed", client);
                    client.close();
                }
            } catch (IOException e) {
                LOG.debug("client {}: {}", client, e.getMessage());
                drop(client);
            }
        }
        clients.removeIf(client -> !client.isOpen());
        if (now - lastCheck > CHECK_NANOS) {
            lastCheck = now;
            try {
                table.hits();
            } catch (IOException e) {
                LOG.debug("check: {}", e.getMessage());
            }
        }
        lastLook = System.nanoTime();
    }

    private static boolean isOverdue(GateConnection client, long now) {
        return now - client.progress() > (client.isOwing() ? OWING_NANOS : IDLE_NANOS);
    }

    private static void drop(GateConnection client) {
        try {
            client.close();
        } catch (IOException e) {
            LOG.debug("client {}: {}", client, e.getMessage());
        }
    }
}
