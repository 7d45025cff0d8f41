package io.dualpost.connect;

import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.dualpost.address.Family;
import java.nio.channels.spi.SelectorProvider;
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
        IoHandlerFactory handlers = this == EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
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

    /** A socket to a backend. */
    public Class<? extends SocketChannel> socket() {
        return this == EPOLL ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** A socket to a name server. */
    Class<? extends DatagramChannel> datagram() {
        return this == EPOLL ? EpollDatagramChannel.class : NioDatagramChannel.class;
    }

}
