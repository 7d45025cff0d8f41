package io.dualpost.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A netlink socket of the C library, as the JDK has none. For one thread. */
final class NetlinkSocket implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDTIMEO = 21;
    private static final int MSG_TRUNC = 0x20;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    /** The kernel fills up to this in one datagram. */
    private static final int DATAGRAM = 32 << 10;

    /** The functions of the C library, looked up when the first socket is opened. */
    private static final class Library {
        static final StructLayout STATE = Linker.Option.captureStateLayout();
        static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
        static final MethodHandle SOCKET = function("socket",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        static final MethodHandle SETSOCKOPT = function("setsockopt",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
        static final MethodHandle SENDTO = function("sendto",
                FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
        static final MethodHandle RECV = function("recv",
                FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
        static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

        private Library() {}

        /** The start script and the jar's manifest allow it. */
        @SuppressWarnings("restricted")
        private static MethodHandle function(String name, FunctionDescriptor signature) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), signature,
                    Linker.Option.captureCallState("errno"));
        }
    }

    private final Arena arena;
    private final MemorySegment state;
    private final MemorySegment datagram;
    private final int descriptor;

    private NetlinkSocket(Arena arena, int protocol) throws IOException {
        this.arena = arena;
        this.state = arena.allocate(Library.STATE);
        this.datagram = arena.allocate(DATAGRAM);
        this.descriptor = (int) checked("socket", () -> (int) Library.SOCKET.invokeExact(state, AF_NETLINK,
                SOCK_RAW_CLOEXEC, protocol));
    }

    /**
     * Opens one; the kernel is its only peer.
     *
     * @param patience for each datagram, either way
     */
    static NetlinkSocket open(int protocol, Duration patience) throws IOException {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            throw new IOException("this is not Linux");
        }
        Arena arena = Arena.ofConfined();
        try {
            NetlinkSocket socket = new NetlinkSocket(arena, protocol);
            try {
                socket.limit(SO_RCVTIMEO, patience);
                socket.limit(SO_SNDTIMEO, patience);
                return socket;
            } catch (IOException e) {
                socket.release();
                throw e;
            }
        } catch (IOException | RuntimeException | LinkageError e) {
            arena.close();
            throw e;
        }
    }

    /** Sends one datagram to the kernel. */
    void send(byte[] octets) throws IOException {
        try (Arena here = Arena.ofConfined()) {
            MemorySegment message = here.allocateFrom(JAVA_BYTE, octets);
            // struct sockaddr_nl: family, padding, port 0 (the kernel), no groups.
            MemorySegment kernel = here.allocate(12, 4);
            kernel.set(JAVA_SHORT, 0, (short) AF_NETLINK);
            long sent = checked("sendto", () -> (long) Library.SENDTO.invokeExact(state, descriptor, message,
                    message.byteSize(), 0, kernel, (int) kernel.byteSize()));
            if (sent != octets.length) {
                throw new IOException("sendto: " + sent + " octets (expected: " + octets.length + ")");
            }
        }
    }

    /** Waits for one datagram; it is good until the next call. */
    ByteBuffer receive() throws IOException {
        long received = checked("recv", () -> (long) Library.RECV.invokeExact(state, descriptor, datagram,
                datagram.byteSize(), MSG_TRUNC));
        if (received <= 0 || received > datagram.byteSize()) {
            throw new IOException("recv: " + received + " octets (expected: 1 to " + datagram.byteSize() + ")");
        }
        return datagram.asSlice(0, received).asByteBuffer();
    }

    private void limit(int option, Duration patience) throws IOException {
        try (Arena here = Arena.ofConfined()) {
            MemorySegment time = here.allocate(JAVA_LONG, 2);
            time.setAtIndex(JAVA_LONG, 0, patience.toSeconds());
            time.setAtIndex(JAVA_LONG, 1, patience.toNanosPart() / 1000);
            checked("setsockopt", () -> (int) Library.SETSOCKOPT.invokeExact(state, descriptor, SOL_SOCKET, option,
                    time, (int) time.byteSize()));
        }
    }

    private interface Call {
        long call() throws Throwable;
    }

    private long checked(String name, Call call) throws IOException {
        long result = once(call);
        while (result == -EINTR) {
            result = once(call);
        }
        if (result == -EAGAIN) {
            throw new IOException(name + ": the kernel does not answer in time");
        }
        if (result < 0) {
            throw new IOException(name + ": errno " + -result);
        }
        return result;
    }

    /** What came of it, or the number of the error below zero. */
    private long once(Call call) {
        try {
            long result = call.call();
            return result >= 0 ? result : -(int) Library.ERRNO.get(state, 0L);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Never twice: the number may already be another's. */
    private void release() throws IOException {
        long result = once(() -> (int) Library.CLOSE.invokeExact(state, descriptor));
        if (result < 0) {
            throw new IOException("close: errno " + -result);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            release();
        } finally {
            arena.close();
        }
    }
}
