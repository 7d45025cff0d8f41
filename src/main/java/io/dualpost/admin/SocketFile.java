package io.dualpost.admin;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a unix socket that listens; who owns it is settled before anybody can connect.
 *
 * @param path   where
 * @param key    tells the file from one that has taken its place
 * @param owner  uid of this process
 * @param group  gid whose members may operate the proxy
 */
record SocketFile(Path path, Socket socket, String key, int owner, Optional<Integer> group) {
    private static final Logger LOG = LoggerFactory.getLogger(SocketFile.class);
    /** Octets that fit in {@code sun_path} of unix(7), less the NUL. */
    private static final int LONGEST = 107;
    /** S_IFMT and S_IFSOCK of inode(7). */
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;
    private static final String ATTRIBUTES = "unix:uid,gid,ino,dev";

    /**
     * Makes the file, in the place of one that a dead proxy left, mode 0660, and listens.
     *
     * @param group the file's group, if it is to be another than that of the process
     * @throws IOException if that does not work, or somebody listens there
     */
    static SocketFile create(Path path, Optional<String> group, int backlog) throws IOException {
        int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST) {
            throw new IOException("admin socket: " + path + " is " + length + " octets long (expected: at most "
                    + LONGEST + ")");
        }
        removeStale(path);
        Socket socket = Socket.newSocketDomain();
        try {
            socket.bind(new DomainSocketAddress(path.toString()));
        } catch (IOException e) {
            socket.close();
            throw new IOException("admin socket: cannot make " + path + ": " + e.getMessage()
                    + " (expected: a folder that exists and that the user of the proxy may write to)", e);
        }
        try {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
            if (group.isPresent()) {
                give(path, group.get());
            }
            Map<String, Object> file = Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
            socket.listen(backlog);
            return new SocketFile(path, socket, key(file), number(file, "uid"),
                    group.map(_ -> number(file, "gid")));
        } catch (IOException e) {
            socket.close();
            Files.deleteIfExists(path);
            throw e;
        }
    }

    /** Removes the file, unless another has taken its place; closing the socket is left to who listens on it. */
    void remove() {
        try {
            if (key.equals(key(Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS)))) {
                Files.delete(path);
            }
        } catch (NoSuchFileException _) {
            LOG.debug("admin socket: {} is gone already", path);
        } catch (IOException e) {
            LOG.warn("admin socket: {} cannot be removed: {}", path, e.toString());
        }
    }

    private static void removeStale(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        // A connection to anything that is no socket is refused, too.
        if ((number(Files.readAttributes(path, "unix:mode", LinkOption.NOFOLLOW_LINKS), "mode") & TYPE) != SOCKET) {
            throw new IOException("admin socket: " + path + " is there and is no socket (expected: a free path)");
        }
        if (isAlive(path)) {
            throw new IOException("admin socket: " + path + " is already in use by another proxy");
        }
        LOG.info("admin socket: {} was left by a proxy that is dead, and is replaced", path);
        try {
            Files.deleteIfExists(path);
        } catch (FileSystemException e) {
            throw new IOException("admin socket: " + path + " was left by a proxy that is dead and cannot be removed: "
                    + e.getMessage(), e);
        }
    }

    private static boolean isAlive(Path path) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // Where the queue of who listens is full, a blocking connect would wait.
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (ConnectException _) {
            return false;
        } catch (SocketException e) {
            LOG.debug("admin socket: {} is there and cannot be asked", path, e);
            return true;
        }
    }

    private static void give(Path path, String name) throws IOException {
        try {
            GroupPrincipal group = path.getFileSystem().getUserPrincipalLookupService()
                    .lookupPrincipalByGroupName(name);
            PosixFileAttributeView file = Files.getFileAttributeView(path, PosixFileAttributeView.class);
            // Who needs no chown(2) may be forbidden to call it.
            if (!file.readAttributes().group().equals(group)) {
                file.setGroup(group);
            }
        } catch (UserPrincipalNotFoundException e) {
            throw new IOException("admin socket: no group " + name + " on this machine", e);
        } catch (FileSystemException e) {
            throw new IOException("admin socket: " + path + " cannot be given to the group " + name + ": "
                    + e.getMessage() + " (expected: a group that the user of the proxy is in)", e);
        }
    }

    private static String key(Map<String, Object> file) {
        return file.get("dev") + ":" + file.get("ino");
    }

    private static int number(Map<String, Object> file, String attribute) {
        return (Integer) Objects.requireNonNull(file.get(attribute));
    }
}
