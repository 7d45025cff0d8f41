package io.dualpost.kernel;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where the kernel gate listens.
 *
 * @param passed by systemd, which then keeps its file
 */
record GateSocket(ServerSocketChannel channel, Path path, boolean passed) implements AutoCloseable {
    /** Clients that are not accepted yet; few, so that a gate that is stuck is noticed. */
    private static final int BACKLOG = 16;
    /** Who may connect at all is a matter of the file's group; who may speak is checked again. */
    private static final String MODE = "rw-rw----";

    /**
     * Takes the socket that systemd passed as standard input ({@code StandardInput=socket}), or opens one.
     *
     * @throws IOException if something else is there, or another gate
     */
    static GateSocket open(Path path) throws IOException {
        Channel inherited = System.inheritedChannel();
        if (inherited instanceof ServerSocketChannel channel
                && channel.getLocalAddress() instanceof UnixDomainSocketAddress local) {
            return new GateSocket(channel, local.getPath(), true);
        }
        clear(path);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(MODE));
        } catch (IOException | IllegalArgumentException e) {
            channel.close();
            throw new IOException("socket: " + path + ": " + e.getMessage()
                    + " (expected: a path of at most 107 octets in a folder that this user may write to)", e);
        }
        return new GateSocket(channel, path, false);
    }

    /** A socket that an earlier gate left is taken away; anything else stays. */
    private static void clear(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isOther()) {
            throw new IOException("socket: " + path + ": is something else (expected: nothing, or a socket)");
        }
        boolean served;
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            served = true;
        } catch (IOException _) {
            served = false;
        }
        if (served) {
            throw new IOException("socket: " + path + ": another process listens there (expected: one kernel gate)");
        }
        Files.deleteIfExists(path);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (!passed) {
            Files.deleteIfExists(path);
        }
    }
}
