package io.dualpost.session;

import io.dualpost.mail.Content;
import io.dualpost.mail.ContentScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;

/** Message content on its way to the other side: slices of what was read, and copies only of what is short. */
final class ContentStream {
    private final Content content;
    private final ContentScanner scanner;
    private long left;

    ContentStream(Content content) {
        this.content = content;
        this.scanner = new ContentScanner(content instanceof Content.Dotted dotted
                ? dotted.lineEndings()
                : io.dualpost.mail.LineEndings.NORMALIZE);
        this.left = switch (content) {
            case Content.Chunk(long octets) -> octets;
            case Content.Discarded(long octets) -> octets;
            case Content.Dotted _ -> Long.MAX_VALUE;
        };
    }

    /** Whether the content is through. */
    boolean ended() {
        return content instanceof Content.Dotted ? scanner.ended() : left == 0;
    }

    /** Whether all of it went to the other side. */
    boolean clean() {
        return scanner.clean();
    }

    /** Whether octets go to the other side at all. */
    boolean goesOn() {
        return !(content instanceof Content.Discarded);
    }

    /**
     * Reads from the buffer what belongs to the content and writes it to the other side, unflushed; the buffer stays the
     * caller's.
     */
    void move(ByteBuf in, Channel to) {
        if (content instanceof Content.Dotted) {
            scan(in, to);
            return;
        }
        int part = (int) Math.min(left, in.readableBytes());
        left -= part;
        if (goesOn() && part > 0) {
            to.write(in.readRetainedSlice(part), to.voidPromise());
        } else {
            in.skipBytes(part);
        }
    }

    private void scan(ByteBuf in, Channel to) {
        int start = in.readerIndex();
        int length = in.readableBytes();
        // Index 0 of the view is the reader's index of the buffer, or of a copy where the buffer has several parts.
        java.nio.ByteBuffer view = in.nioBufferCount() == 1
                ? in.internalNioBuffer(start, length).slice()
                : in.nioBuffer(start, length);
        Passage passage = new Passage(in, start, to);
        int end = scanner.scan(view, 0, length, passage);
        passage.writeCopied();
        in.skipBytes(end);
    }

    /**
     * Writes what passes. Short pieces go together, as a copy: until it has left, a write takes some hundred octets of
     * memory, which a client that sends nothing but lone CRs could else make us spend on each of them.
     */
    private static final class Passage implements ContentScanner.Sink {
        private static final int LONG = 512;

        private final ByteBuf in;
        private final int start;
        private final Channel to;
        private ByteBuf copied = Unpooled.EMPTY_BUFFER;

        Passage(ByteBuf in, int start, Channel to) {
            this.in = in;
            this.start = start;
            this.to = to;
        }

        @Override
        public void pass(int from, int until) {
            if (until - from < LONG) {
                copied().writeBytes(in, start + from, until - from);
                return;
            }
            writeCopied();
            to.write(in.retainedSlice(start + from, until - from), to.voidPromise());
        }

        @Override
        public void insert(byte[] octets) {
            copied().writeBytes(octets);
        }

        void writeCopied() {
            if (copied.isReadable()) {
                to.write(copied, to.voidPromise());
                copied = Unpooled.EMPTY_BUFFER;
            }
        }

        private ByteBuf copied() {
            if (!copied.isReadable()) {
                copied = to.alloc().buffer(LONG);
            }
            return copied;
        }
    }
}
