package io.dualpost.connect;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.Socket;
import io.dualpost.address.Family;
import io.dualpost.gate.PathReading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.spi.SelectorProvider;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How sockets are driven: Linux's epoll where its native part loads, else the JDK's NIO. */
public enum Transport {
    /** Native epoll; the only one with an IPv6 socket of its own at the wildcard address. */
    EPOLL,
    /** The JDK's selector. */
    NIO;

    private static final Logger LOG = LoggerFactory.getLogger(Transport.class);
    private static final ChannelOption<Integer> IPV6_V6ONLY = new IntegerUnixChannelOption("IPV6_V6ONLY", 41, 26);
    private static final ChannelOption<Integer> TCP_MAXSEG = new IntegerUnixChannelOption("TCP_MAXSEG", 6, 2);
    private static final ChannelOption<Integer> TCP_SYNCNT = new IntegerUnixChannelOption("TCP_SYNCNT", 6, 7);
    private static final ChannelOption<ByteBuffer> TCP_INFO = new RawUnixChannelOption("TCP_INFO", 6, 11, 232);
    /** What a backend sends is mail, or the answer before it: reads take 8 KiB and may learn to take more. */
    private static final RecvByteBufAllocator MAIL_SIZED = new AdaptiveRecvByteBufAllocator(8192, 8192, 65536);
    // In struct tcp_info (linux/tcp.h); a kernel that does not know a field leaves it zero.
    private static final int RETRANSMITS = 2;
    private static final int UNACKED = 24;
    private static final int SACKED = 28;
    private static final int RESENT = 100;
    private static final int RECEIVED = 128;
    private static final int OUT_OF_ORDER = 224;

    /** The best one here; says in the log when it is not epoll, and why. */
    public static Transport best() {
        if (Epoll.isAvailable()) {
            return EPOLL;
        }
        LOG.warn("epoll is not available, NIO takes its place: {}", String.valueOf(Epoll.unavailabilityCause()));
        return NIO;
    }

    /** Event loops, so many; 0: one for each processor. */
    public EventLoopGroup loops(int threads) {
        IoHandlerFactory handlers = this == EPOLL ? SteadyEpoll.factory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
                handlers);
    }

    /** A listening socket of one family. */
    public ServerChannel server(Family family) {
        SocketProtocolFamily protocol = family == Family.IPV4 ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        if (this == NIO) {
            return new NioServerSocketChannel(SelectorProvider.provider(), protocol);
        }
        EpollServerSocketChannel channel = new EpollServerSocketChannel(protocol);
        if (family == Family.IPV6) {
            channel.config().setOption(IPV6_V6ONLY, 1);
        }
        return channel;
    }

    /** A listening socket that somebody else opened, by its number; only epoll can. */
    public ServerChannel adopted(int descriptor) {
        if (this == NIO) {
            throw new IllegalStateException("transport: NIO (expected: EPOLL, to take over a descriptor)");
        }
        return new EpollServerSocketChannel(descriptor);
    }

    /**
     * Makes IPv6 connections of a listening socket fit through every path (RFC 8200 section 5), and lets half-open ones
     * go after 3 s; a client's own SYN brings them back.
     *
     * @param mss octets of a segment; 0 leaves it to the interface
     * @return why it does not work, if it does not
     */
    public Optional<String> narrow(Channel server, int mss) {
        if (this == NIO) {
            return mss == 0 ? Optional.empty() : Optional.of("transport NIO cannot set it");
        }
        try {
            server.config().setOption(TCP_SYNCNT, 1);
            if (mss > 0) {
                server.config().setOption(TCP_MAXSEG, mss);
            }
            return Optional.empty();
        } catch (ChannelException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
    }

    /** What the kernel knows of a connection's path; only epoll can ask. */
    public static Optional<PathReading> path(Channel client) {
        return info(client).map(info -> new PathReading(info.getInt(UNACKED), info.getInt(SACKED),
                info.get(RETRANSMITS) & 0xff, info.getInt(OUT_OF_ORDER), info.getLong(RECEIVED), info.getInt(RESENT)));
    }

    /** Connections that a listening socket has not handed over yet; 0 where that cannot be asked. */
    public static int backlog(Channel server) {
        // Of a listening socket this field is the length of its queue.
        return info(server).map(info -> info.getInt(UNACKED)).orElse(0);
    }

    /**
     * Closes our direction of a connection on which nothing waits to be written.
     *
     * @return whether the connection was still there
     */
    public static boolean shutdownOutput(Channel channel) {
        if (channel instanceof EpollSocketChannel epoll && epoll.fd() instanceof Socket socket) {
            // Netty's own way makes an exception each time, for writers that might still come.
            try {
                socket.shutdown(false, true);
                return true;
            } catch (IOException | NotYetConnectedException gone) {
                LOG.debug("{} was gone before its end: {}", channel, String.valueOf(gone.getMessage()));
                return false;
            }
        }
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
            return true;
        }
        return false;
    }

    private static Optional<ByteBuffer> info(Channel channel) {
        if (!(channel instanceof EpollSocketChannel) && !(channel instanceof EpollServerSocketChannel)) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(channel.config().getOption(TCP_INFO))
                    .map(info -> info.order(ByteOrder.nativeOrder()));
        } catch (ChannelException closed) {
            LOG.debug("no TCP_INFO of {}: {}", channel, closed.getMessage());
            return Optional.empty();
        }
    }

    /** A socket to a backend's address of this family. */
    SocketChannel socket(Family family) {
        SocketProtocolFamily protocol = family == Family.IPV4 ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        SocketChannel channel = this == EPOLL
                ? new EpollSocketChannel(protocol)
                : new NioSocketChannel(SelectorProvider.provider(), protocol);
        // TCP_NODELAY is Netty's own default.
        channel.config().setAutoRead(false).setAllowHalfClosure(true).setKeepAlive(true)
                .setRecvByteBufAllocator(MAIL_SIZED);
        return channel;
    }

    /** A socket to a name server. */
    Class<? extends DatagramChannel> datagram() {
        return this == EPOLL ? EpollDatagramChannel.class : NioDatagramChannel.class;
    }

}
