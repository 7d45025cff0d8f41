package io.dualpost.mail;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Finds the end of dotted message content in a stream of octets and keeps its line endings whole, without copying: what
 * may pass comes as ranges of the buffer that was scanned.
 *
 * <p>Only CRLF, dot, CRLF ends a message (RFC 5321 section 4.1.1.4). A lone LF becomes CRLF, a lone CR a space; a line
 * that is a lone dot but has not a true CRLF on both sides gets a second dot, so that it stays content at every backend,
 * also at one that takes a lone LF for a line's end. Octets that may turn out to be part of an end are held back until it
 * is clear.
 */
public final class ContentScanner {
    /** Takes what may pass, in order. */
    public interface Sink {
        /** Octets of the scanned buffer, from (inclusive) and to (exclusive). */
        void pass(int from, int to);

        /** Octets that are not in the buffer; must not be changed. */
        void insert(byte[] octets);
    }

    /** Where in a line the scanner is; BARE: behind a lone LF. What a state holds back has not passed yet. */
    private enum State {
        LINE(0), CR(1), START(0), DOT(1), DOT_CR(2), BARE_START(0), BARE_DOT(1), BARE_DOT_CR(2);

        /** Octets held back. */
        final int held;

        State(int held) {
            this.held = held;
        }
    }

    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] NONE = {};
    private static final byte[] CRLF = octets("\r\n");
    private static final byte[] SPACE = octets(" ");
    private static final byte[] DOT = octets(".");
    private static final byte[] DOT_SPACE = octets(". ");
    private static final byte[] STUFFED = octets("..\r\n");
    private static final byte[] END = octets(".\r\n");

    private final LineEndings policy;
    private State state = State.START;
    private boolean ended;
    private boolean bare;

    /** A scanner at the start of a message. */
    public ContentScanner(LineEndings policy) {
        this.policy = policy;
    }

    /** Whether the end of the message has been scanned. */
    public boolean ended() {
        return ended;
    }

    /** Whether the content met the policy; where it does not, nothing passes any more, the end included. */
    public boolean clean() {
        return !bare || policy == LineEndings.NORMALIZE;
    }

    /**
     * Scans octets.
     *
     * @param in   read by index; position and limit stay as they are
     * @param from index of the first octet to scan
     * @param to   index behind the last one
     * @param sink takes what may pass
     * @return the index behind the last octet that belongs to the message: {@code to}, unless the message ended before
     */
    public int scan(ByteBuffer in, int from, int to, Sink sink) {
        // What is held back from the buffer before is not in this one.
        boolean carried = state.held > 0;
        int run = from;
        int i = from;
        while (i < to) {
            if (state.held == 0) {
                carried = false;
                i = state == State.LINE ? lineEnd(in, i, to) : i;
                if (i == to) {
                    break;
                }
                byte octet = in.get(i);
                // Nearly every line of nearly every message.
                if (octet == '\r' && i + 2 < to && in.get(i + 1) == '\n' && isPlain(in.get(i + 2))) {
                    state = State.LINE;
                    i += 3;
                    continue;
                }
                if (octet == '\n') {
                    emit(sink, run, i, CRLF);
                    run = i + 1;
                }
                state = unheld(octet);
                i++;
                continue;
            }
            byte octet = in.get(i);
            if (octet == '\r' && (state == State.DOT || state == State.BARE_DOT)) {
                state = state == State.DOT ? State.DOT_CR : State.BARE_DOT_CR;
                i++;
                run = carried ? i : run;
                continue;
            }
            boolean taken = octet == '\n';
            byte[] replaced = taken ? atLineFeed() : atOther();
            if (replaced.length > 0) {
                emit(sink, run, carried ? run : i - state.held, replaced);
                run = taken ? i + 1 : i;
            } else if (carried) {
                emit(sink, run, run, taken ? state == State.CR ? CRLF : END : DOT);
                run = taken ? i + 1 : i;
            }
            advance(taken);
            i += taken ? 1 : 0;
            if (ended) {
                emit(sink, run, i, NONE);
                return i;
            }
        }
        emit(sink, run, carried ? run : to - state.held, NONE);
        return to;
    }

    /** The state behind an octet where nothing is held back. */
    private State unheld(byte octet) {
        return switch (octet) {
            case '\n' -> {
                bare = true;
                yield State.BARE_START;
            }
            case '\r' -> State.CR;
            case '.' -> state == State.START ? State.DOT : state == State.BARE_START ? State.BARE_DOT : State.LINE;
            default -> State.LINE;
        };
    }

    /** What takes the place of the held octets and a LF; empty where they may pass. */
    private byte[] atLineFeed() {
        return switch (state) {
            case DOT, BARE_DOT, BARE_DOT_CR -> STUFFED;
            default -> NONE;
        };
    }

    /** What takes the place of the held octets before any other octet; empty where they may pass. */
    private byte[] atOther() {
        return switch (state) {
            case CR -> SPACE;
            case DOT_CR, BARE_DOT_CR -> DOT_SPACE;
            default -> NONE;
        };
    }

    private void advance(boolean lineFeed) {
        boolean loneCr = !lineFeed && (state == State.CR || state == State.DOT_CR || state == State.BARE_DOT_CR);
        boolean loneLf = lineFeed && (state == State.DOT || state == State.BARE_DOT);
        bare |= loneCr || loneLf || (lineFeed && state == State.BARE_DOT_CR);
        ended = lineFeed && state == State.DOT_CR;
        state = !lineFeed ? State.LINE : loneLf ? State.BARE_START : State.START;
    }

    private void emit(Sink sink, int from, int to, byte[] inserted) {
        if (!clean()) {
            return;
        }
        if (to > from) {
            sink.pass(from, to);
        }
        if (inserted.length > 0) {
            sink.insert(inserted);
        }
    }

    /** The index of the next CR or LF, or {@code to}; eight octets at a time. */
    private static int lineEnd(ByteBuffer in, int from, int to) {
        int i = from;
        for (; i + 8 <= to; i += 8) {
            for (long found = low((long) WORD.get(in, i)); found != 0; found &= found - 1) {
                int at = i + Long.numberOfTrailingZeros(found) / 8;
                if (isLineEnd(in.get(at))) {
                    return at;
                }
            }
        }
        while (i < to && !isLineEnd(in.get(i))) {
            i++;
        }
        return i;
    }

    /** A bit in each of the word's octets that is a CR or lower; also in some that follow on one. */
    private static long low(long word) {
        return (word - 0x0e0e0e0e0e0e0e0eL) & ~word & 0x8080808080808080L;
    }

    private static boolean isLineEnd(byte octet) {
        return octet == '\r' || octet == '\n';
    }

    /** Whether a line that begins with this octet is neither empty nor an end, nor has anything to be replaced yet. */
    private static boolean isPlain(byte octet) {
        return octet != '.' && !isLineEnd(octet);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
