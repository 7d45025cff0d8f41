package io.dualpost.tls;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** A stretch of the message, read from the front; every length is checked before it is believed. */
final class Octets {
    private final ByteBuf buffer;
    private final int end;
    private int index;

    Octets(ByteBuf buffer, int index, int end) {
        this.buffer = buffer;
        this.index = index;
        this.end = end;
    }

    boolean isEmpty() {
        return index == end;
    }

    void skip(int count) throws MalformedHello {
        if (count > end - index) {
            throw new MalformedHello((end - index) + " octets left (expected: at least " + count + ")");
        }
        index += count;
    }

    int number8() throws MalformedHello {
        skip(1);
        return buffer.getUnsignedByte(index - 1);
    }

    int number16() throws MalformedHello {
        skip(2);
        return buffer.getUnsignedShort(index - 2);
    }

    Octets vector8(String what) throws MalformedHello {
        return vector(number8(), what);
    }

    Octets vector16(String what) throws MalformedHello {
        return vector(number16(), what);
    }

    Octets vector16(String what, int number) throws MalformedHello {
        int length = number16();
        // The text is made only where it is said.
        return vector(length, length > end - index ? what + " " + number : what);
    }

    Octets only8(String what) throws MalformedHello {
        Octets inner = vector8(what);
        end(what);
        return inner;
    }

    Octets only16(String what) throws MalformedHello {
        Octets inner = vector16(what);
        end(what);
        return inner;
    }

    void end(String what) throws MalformedHello {
        if (!isEmpty()) {
            throw new MalformedHello((end - index) + " octets after " + what + " (expected: none)");
        }
    }

    Octets atLeast(int count, String what) throws MalformedHello {
        if (end - index < count) {
            throw new MalformedHello(what + " of " + (end - index) + " octets (expected: at least " + count + ")");
        }
        return this;
    }

    Octets numbers16(String what) throws MalformedHello {
        atLeast(2, what);
        if ((end - index) % 2 != 0) {
            throw new MalformedHello(what + " of " + (end - index) + " octets (expected: an even number)");
        }
        return this;
    }

    /** Whether one of these is among the numbers of two octets that are left. */
    boolean holds(int... numbers) {
        for (int at = index; at < end; at += 2) {
            int here = buffer.getUnsignedShort(at);
            for (int number : numbers) {
                if (here == number) {
                    return true;
                }
            }
        }
        return false;
    }

    String text() {
        return buffer.toString(index, end - index, StandardCharsets.ISO_8859_1);
    }

    private Octets vector(int length, String what) throws MalformedHello {
        if (length > end - index) {
            throw new MalformedHello(what + " of " + length + " octets, " + (end - index) + " left");
        }
        index += length;
        return new Octets(buffer, index - length, index);
    }
}
