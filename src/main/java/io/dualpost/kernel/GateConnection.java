package io.dualpost.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One client of the kernel gate: its lines in, its answers out, neither without bound. */
final class GateConnection {
    /** A client that reads this little is not read from. */
    private static final int UNREAD = 64 << 10;
    private static final int BAD_IN_A_ROW = 3;

    /** A {@code replace} whose lines are still coming; of those that are wrong the first is told. */
    private static final class Replacing {
        final List<RefusedPrefix> all = new ArrayList<>();
        int missing;
        String fault = "";

        Replacing(int missing) {
            this.missing = missing;
        }
    }

    private final SocketChannel channel;
    private final SelectionKey key;
    private final String user;
    private final byte[] line = new byte[Request.LONGEST_LINE];
    private int length;
    private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
    private int unsentOctets;
    private int bad;
    private boolean greeted;
    private boolean ending;
    private long progress;
    private @Nullable Replacing replacing;

    GateConnection(SocketChannel channel, SelectionKey key, String user, long now) {
        this.channel = channel;
        this.key = key;
        this.user = user;
        this.progress = now;
    }

    /** Takes complete lines. */
    interface Lines {
        /** One line without its end, its octets as characters; or one that is too long, of which only the beginning is here. */
        void line(GateConnection from, String line, boolean tooLong);
    }

    /**
     * Reads what is there; every line goes to its taker.
     *
     * @return whether more may come
     */
    boolean read(ByteBuffer buffer, long now, Lines taker) throws IOException {
        buffer.clear();
        int read = channel.read(buffer);
        if (read < 0) {
            return false;
        }
        progress = now;
        buffer.flip();
        while (buffer.hasRemaining() && !ending) {
            byte octet = buffer.get();
            if (octet != '\n') {
                if (length < line.length) {
                    line[length] = octet;
                }
                length = Math.min(length + 1, line.length + 1);
            } else {
                boolean tooLong = length > line.length;
                String text = new String(line, 0, Math.min(length, line.length), ISO_8859_1);
                length = 0;
                taker.line(this, text, tooLong);
            }
        }
        // A line that never ends is not waited for.
        if (length > line.length && !ending) {
            length = 0;
            taker.line(this, new String(line, ISO_8859_1), true);
            return false;
        }
        return true;
    }

    /** Understood and done. */
    void good(String answer) {
        bad = 0;
        say(answer);
    }

    /** Refused; the third time in a row is the last. */
    void bad(String fault) {
        say("error " + fault);
        bad++;
        if (bad == BAD_IN_A_ROW) {
            end();
        }
    }

    /** Understood, but it could not be done. */
    void failed(String fault) {
        good("error " + fault);
    }

    private void say(String answer) {
        ByteBuffer octets = ByteBuffer.wrap((answer + "\n").getBytes(US_ASCII));
        unsentOctets += octets.remaining();
        unsent.add(octets);
    }

    /** Sends what can be sent now; afterwards listens for what is to be listened for. */
    void send(long now) throws IOException {
        while (!unsent.isEmpty()) {
            int sent = channel.write(unsent.element());
            if (sent == 0) {
                break;
            }
            progress = now;
            unsentOctets -= sent;
            if (!unsent.element().hasRemaining()) {
                unsent.remove();
            }
        }
        if (unsent.isEmpty() && ending) {
            close();
        } else if (key.isValid()) {
            key.interestOps((unsent.isEmpty() ? 0 : SelectionKey.OP_WRITE)
                    | (ending || unsentOctets > UNREAD ? 0 : SelectionKey.OP_READ));
        }
    }

    /** No more is read; it is closed when all answers are sent. */
    void end() {
        ending = true;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    void close() throws IOException {
        key.cancel();
        channel.close();
    }

    /** Whether it owes something: the rest of a line, of a {@code replace}, or a reader for its answers. */
    boolean isOwing() {
        return length > 0 || replacing != null || !unsent.isEmpty();
    }

    /** When octets last went either way. */
    long progress() {
        return progress;
    }

    boolean isGreeted() {
        return greeted;
    }

    void greet() {
        greeted = true;
    }

    /** The next lines belong to a {@code replace}. */
    void replacing(int lines) {
        replacing = new Replacing(lines);
    }

    boolean isReplacing() {
        return replacing != null;
    }

    boolean isReplaceComplete() {
        return replacing != null && replacing.missing == 0;
    }

    /** One line of the {@code replace}. */
    void replacement(String text, boolean tooLong) {
        if (replacing == null) {
            throw new IllegalStateException("no replace is under way");
        }
        replacing.missing--;
        try {
            if (tooLong) {
                throw tooLong(text);
            }
            replacing.all.add(Request.parseEntry(text));
        } catch (MalformedRequest e) {
            if (replacing.fault.isEmpty()) {
                replacing.fault = "line " + (replacing.all.size() + 1) + " of replace: " + e.getMessage();
            }
        }
    }

    /** All of the {@code replace}. */
    List<RefusedPrefix> replaced() throws MalformedRequest {
        if (replacing == null) {
            throw new IllegalStateException("no replace is under way");
        }
        Replacing done = replacing;
        replacing = null;
        if (!done.fault.isEmpty()) {
            throw new MalformedRequest(done.fault);
        }
        return done.all;
    }

    static MalformedRequest tooLong(String text) {
        return new MalformedRequest("line", text, "at most " + Request.LONGEST_LINE + " octets");
    }

    @Override
    public String toString() {
        return user;
    }
}
