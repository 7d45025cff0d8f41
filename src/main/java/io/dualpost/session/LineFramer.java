package io.dualpost.session;

import io.dualpost.mail.Event;
import io.dualpost.mail.Line;
import io.dualpost.mail.LineEndings;
import io.dualpost.mail.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Cuts octets into lines, one for each time it is asked. What was not asked for stays octets: whatever it holds when TLS is
 * to start was put there by somebody else, and whatever it holds when the relay starts goes on untouched.
 */
final class LineFramer {
    private final LineEndings lineEndings;
    private final boolean secret;
    private ByteBuf held = Unpooled.EMPTY_BUFFER;
    private int searched;
    private boolean skipping;

    /**
     * @param lineEndings whether a lone LF ends a line
     * @param secret      whether the lines may hold secrets
     */
    LineFramer(LineEndings lineEndings, boolean secret) {
        this.lineEndings = lineEndings;
        this.secret = secret;
    }

    /** Takes octets, and the buffer with them. */
    void add(ByteBufAllocator allocator, ByteBuf octets) {
        if (!held.isReadable()) {
            held.release();
            held = octets;
            searched = 0;
            return;
        }
        ByteBuf merged = allocator.buffer(held.readableBytes() + octets.readableBytes());
        merged.writeBytes(held).writeBytes(octets);
        held.release();
        octets.release();
        held = merged;
    }

    /** Whether nothing is held. */
    boolean isEmpty() {
        return !held.isReadable();
    }

    /** What is held, to be read on; stays the framer's. */
    ByteBuf held() {
        searched = 0;
        return held;
    }

    /** Gives up what is held, and the buffer with it. */
    ByteBuf take() {
        ByteBuf taken = held;
        held = Unpooled.EMPTY_BUFFER;
        searched = 0;
        return taken;
    }

    /**
     * The next line or what came in its place; nothing, if more octets are needed.
     *
     * @param limit octets that a line may have, without its CRLF
     */
    Optional<Event> next(int limit) {
        Optional<Event> next = cut(limit);
        settle();
        return next;
    }

    /** Gives back the buffer if all of it was read: a session that idles needs none. */
    void settle() {
        if (!held.isReadable()) {
            take().release();
        }
    }

    private Optional<Event> cut(int limit) {
        while (held.isReadable()) {
            int start = held.readerIndex();
            int end = held.forEachByte(start + searched, held.readableBytes() - searched, ByteProcessor.FIND_LF);
            if (end < 0) {
                searched = held.readableBytes();
                if (!skipping && searched <= limit + 1) {
                    return Optional.empty();
                }
                // The rest of a line that is too long is let go by, however long it gets.
                boolean first = !skipping;
                skipping = true;
                take().release();
                return first ? Optional.of(new Event.Malformed(Refusal.LINE_TOO_LONG)) : Optional.empty();
            }
            searched = 0;
            held.readerIndex(end + 1);
            if (skipping) {
                skipping = false;
                continue;
            }
            return Optional.of(line(start, end, limit));
        }
        return Optional.empty();
    }

    private Event line(int start, int lineFeed, int limit) {
        boolean bare = lineFeed == start || held.getByte(lineFeed - 1) != '\r';
        int length = lineFeed - start - (bare ? 0 : 1);
        if (length > limit) {
            return new Event.Malformed(Refusal.LINE_TOO_LONG);
        }
        if ((bare && lineEndings == LineEndings.REJECT)
                || ByteBufUtil.indexOf(held, start, start + length, (byte) '\r') >= 0
                || ByteBufUtil.indexOf(held, start, start + length, (byte) 0) >= 0) {
            return new Event.Malformed(Refusal.BAD_OCTETS);
        }
        String octets = held.toString(start, length, StandardCharsets.ISO_8859_1);
        return new Event.Said(secret ? Line.secret(octets) : Line.of(octets));
    }
}
