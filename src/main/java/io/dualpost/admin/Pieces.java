package io.dualpost.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;
import java.util.Iterator;

/** A body that is made while it is sent, as fast as the client reads. */
final class Pieces implements ChunkedInput<ByteBuf> {
    private static final int CHUNK = 16_384;

    private final Iterator<String> pieces;
    private final Runnable progress;
    private long sent;

    /**
     * Nothing is sent yet.
     *
     * @param progress is told of each chunk
     */
    Pieces(Iterator<String> pieces, Runnable progress) {
        this.pieces = pieces;
        this.progress = progress;
    }

    /** The next octets; not many more than a chunk. */
    @Override
    public ByteBuf readChunk(ByteBufAllocator allocator) {
        return next(allocator);
    }

    @Override
    @Deprecated
    public ByteBuf readChunk(ChannelHandlerContext context) {
        return next(context.alloc());
    }

    private ByteBuf next(ByteBufAllocator allocator) {
        progress.run();
        StringBuilder text = new StringBuilder();
        while (pieces.hasNext() && text.length() < CHUNK) {
            text.append(pieces.next());
        }
        ByteBuf octets = ByteBufUtil.writeUtf8(allocator, text);
        sent += octets.readableBytes();
        return octets;
    }

    @Override
    public boolean isEndOfInput() {
        return !pieces.hasNext();
    }

    @Override
    public long length() {
        return -1;
    }

    @Override
    public long progress() {
        return sent;
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
