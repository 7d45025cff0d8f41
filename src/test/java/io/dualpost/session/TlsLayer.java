package io.dualpost.session;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/** TLS over blocking streams that, unlike the JDK's sockets, tells an end by close_notify from one without. */
final class TlsLayer {
    private final SSLEngine engine;
    private final InputStream in;
    private final OutputStream out;
    private ByteBuffer received = ByteBuffer.allocate(64 * 1024).flip();
    private ByteBuffer plain = ByteBuffer.allocate(64 * 1024).flip();

    TlsLayer(SSLEngine engine, InputStream in, OutputStream out) {
        this.engine = engine;
        this.in = in;
        this.out = out;
    }

    /** Shakes hands. */
    void handshake() throws IOException {
        engine.beginHandshake();
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> send(ByteBuffer.allocate(0));
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!unwrap()) {
                        throw new EOFException("close_notify in the handshake");
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    return;
                }
            }
        }
    }

    /** An octet; -1 after close_notify. */
    int read() throws IOException {
        while (!plain.hasRemaining()) {
            if (!unwrap()) {
                return -1;
            }
        }
        return plain.get() & 0xff;
    }

    /** Octets that were read already. */
    int read(byte[] into, int at, int length) throws IOException {
        int first = read();
        if (first < 0) {
            return -1;
        }
        into[at] = (byte) first;
        int more = Math.min(length - 1, plain.remaining());
        plain.get(into, at + 1, more);
        return more + 1;
    }

    void write(byte[] octets) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(octets);
        while (left.hasRemaining()) {
            send(left);
        }
    }

    void closeNotify() throws IOException {
        engine.closeOutbound();
        send(ByteBuffer.allocate(0));
    }

    private void send(ByteBuffer from) throws IOException {
        ByteBuffer wrapped = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(from, wrapped);
        out.write(wrapped.array(), 0, wrapped.position());
        out.flush();
    }

    // False after close_notify; an end without it is an EOFException.
    private boolean unwrap() throws IOException {
        while (true) {
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                engine.getDelegatedTask().run();
                continue;
            }
            plain.compact();
            SSLEngineResult result = engine.unwrap(received, plain);
            plain.flip();
            switch (result.getStatus()) {
                case OK -> {
                    if (plain.hasRemaining() || engine.getHandshakeStatus() != HandshakeStatus.NEED_UNWRAP) {
                        return true;
                    }
                }
                case CLOSED -> {
                    return false;
                }
                case BUFFER_UNDERFLOW -> receive();
                case BUFFER_OVERFLOW -> throw new IOException("plain text without room");
            }
        }
    }

    private void receive() throws IOException {
        received.compact();
        int count = in.read(received.array(), received.position(), received.remaining());
        if (count < 0) {
            throw new EOFException("end without close_notify");
        }
        received.position(received.position() + count).flip();
    }
}
