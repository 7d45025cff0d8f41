package io.dualpost.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One connection to the kernel gate, from the proxy's side; it waits for an answer, but not long. */
final class GateLink implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** For each octet that is asked: 20,000 prefixes are 600 kB and take 0.3 s, but on a busy machine six times as long. */
    private static final long PATIENCE_NANOS_PER_OCTET = TimeUnit.MICROSECONDS.toNanos(10);
    private static final int LONGEST_ANSWER = 512;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final ByteBuffer in = ByteBuffer.allocate(4096).flip();

    private GateLink(SocketChannel channel, Selector selector, SelectionKey key) {
        this.channel = channel;
        this.selector = selector;
        this.key = key;
    }

    /** Connects; a gate whose queue is full of those whom it did not accept yet is an error at once. */
    static GateLink open(Path socket, Selector selector) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.configureBlocking(false);
            if (!channel.connect(UnixDomainSocketAddress.of(socket))) {
                throw new IOException("does not accept");
            }
            return new GateLink(channel, selector, channel.register(selector, 0));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Sends requests and waits for as many answers.
     *
     * @param answers how many lines will come
     * @throws IOException if they do not come in time, or one of them is an error
     */
    List<String> ask(String requests, int answers) throws IOException {
        return ask(requests, answers, PATIENCE);
    }

    /** Waits for so long, and longer for what is long itself. */
    List<String> ask(String requests, int answers, Duration patience) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(requests.getBytes(US_ASCII));
        long end = System.nanoTime() + patience.toNanos() + out.remaining() * PATIENCE_NANOS_PER_OCTET;
        while (out.hasRemaining()) {
            if (channel.write(out) == 0) {
                await(SelectionKey.OP_WRITE, end);
            }
        }
        List<String> said = new ArrayList<>(answers);
        while (said.size() < answers) {
            String answer = line(end);
            if (answer.startsWith("error ")) {
                throw new IOException(answer);
            }
            said.add(answer);
        }
        return said;
    }

    /**
     * Waits until something is to be done, for so long at most.
     *
     * @throws IOException if the gate has closed the connection, or says what it was not asked
     */
    void idle(long millis) throws IOException {
        key.interestOps(SelectionKey.OP_READ);
        selector.select(Math.max(1, millis));
        selector.selectedKeys().clear();
        ByteBuffer unasked = ByteBuffer.allocate(1);
        int read = channel.read(unasked);
        if (read != 0 || in.hasRemaining()) {
            throw new IOException(read < 0 ? "closed the connection" : "says what it was not asked");
        }
    }

    private String line(long end) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            while (in.hasRemaining()) {
                char octet = (char) (in.get() & 0xff);
                if (octet == '\n') {
                    return line.toString();
                }
                line.append(octet);
                if (line.length() > LONGEST_ANSWER) {
                    throw new IOException("answers without end");
                }
            }
            in.clear();
            int read = channel.read(in);
            in.flip();
            if (read < 0) {
                throw new IOException("closed the connection");
            }
            if (read == 0) {
                await(SelectionKey.OP_READ, end);
            }
        }
    }

    private void await(int what, long end) throws IOException {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
            throw new IOException("no answer in time");
        }
        key.interestOps(what);
        selector.select(left);
        selector.selectedKeys().clear();
    }

    @Override
    public void close() throws IOException {
        key.cancel();
        channel.close();
        selector.selectNow();
    }
}
