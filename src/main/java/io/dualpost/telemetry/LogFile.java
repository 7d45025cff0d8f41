package io.dualpost.telemetry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A log file that may be renamed or removed at any time: before each write it is seen whether the path still leads to the
 * file that is open, so that rotation needs no signal.
 */
final class LogFile implements LogSink {
    private static final Set<StandardOpenOption> OPTIONS = Set.of(StandardOpenOption.CREATE,
            StandardOpenOption.WRITE, StandardOpenOption.APPEND);

    private final Path path;
    private FileChannel channel;
    private @Nullable Object key;

    private LogFile(Path path) throws IOException {
        this.path = path;
        this.channel = channel(path);
        this.key = key(path);
    }

    /**
     * Opens the file, or makes it, for its owner and group to read.
     *
     * @throws IOException if that does not work; the message says why
     */
    static LogFile open(Path path) throws IOException {
        try {
            return new LogFile(path);
        } catch (NoSuchFileException e) {
            throw new IOException("log: cannot write " + path + ": no such folder (expected: one that is there)", e);
        } catch (IOException e) {
            throw new IOException(
                    "log: cannot write " + path + ": " + e + " (expected: a file that the proxy's user may"
                            + " write)",
                    e);
        }
    }

    @Override
    public void write(byte[] lines) throws IOException {
        if (!channel.isOpen() || key == null || !key.equals(key(path))) {
            channel.close();
            channel = channel(path);
            key = key(path);
        }
        long before = channel.size();
        ByteBuffer left = ByteBuffer.wrap(lines);
        boolean whole = false;
        try {
            while (left.hasRemaining()) {
                channel.write(left);
            }
            whole = true;
        } finally {
            // A full disk takes the first part of a line; half a line would spoil the next one.
            if (!whole && left.position() > 0) {
                channel.truncate(before);
            }
        }
    }

    private static FileChannel channel(Path path) throws IOException {
        // Opening a FIFO waits for its reader, however long that takes; what the kernel names in /dev is there already.
        if (Files.exists(path) && !Files.isRegularFile(path) && !path.startsWith("/dev") && !path.startsWith("/proc")) {
            throw new IOException(path + " is no file (expected: a regular file)");
        }
        return FileChannel.open(path, OPTIONS,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    }

    private static @Nullable Object key(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException _) {
            return null;
        }
    }
}
