package io.dualpost.admin;

import io.dualpost.address.Endpoint;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.compression.StandardCompressionOptions;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Metrics and health over HTTP/1.1; on a unix socket also what operators ask and order. Has one thread, shared with no
 * session, so that a slow scrape never delays mail.
 */
public final class AdminServer implements AutoCloseable {
    static final int CONNECTIONS = 64;
    private static final int REQUEST_LINE = 2048;
    private static final int REQUEST_HEADERS = 8192;
    private static final int REQUEST_BODY = 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final EventLoopGroup loop;
    private final ChannelGroup clients;
    private final Channel listener;
    private final Optional<SocketFile> file;

    private AdminServer(EventLoopGroup loop, ChannelGroup clients, Channel listener, Optional<SocketFile> file) {
        this.loop = loop;
        this.clients = clients;
        this.listener = listener;
        this.file = file;
    }

    /**
     * Listens, and answers from now on.
     *
     * @param listen where; port 0 lets the system choose
     * @throws IOException if the address is not one of this machine or the port is taken; the message says which and why
     */
    public static AdminServer open(Endpoint listen, Answers answers) throws IOException {
        return open(listen, answers, PATIENCE);
    }

    /** The same with another time for one exchange, for tests. */
    static AdminServer open(Endpoint listen, Answers answers, Duration patience) throws IOException {
        InetAddress address = InetAddress.getByName(listen.host());
        EventLoopGroup loop = loop(NioIoHandler.newFactory());
        ChannelGroup clients = new DefaultChannelGroup("admin", loop.next(), true);
        ServerBootstrap server = new ServerBootstrap().group(loop).channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true).option(ChannelOption.SO_BACKLOG, CONNECTIONS)
                .childHandler(welcome(clients, _ -> new AdminHandler(answers, patience)));
        ChannelFuture bound = server.bind(new InetSocketAddress(address, listen.port())).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            end(loop);
            throw new IOException("admin: cannot listen on " + listen + ": " + bound.cause().getMessage()
                    + " (expected: an address of this machine and a free port)", bound.cause());
        }
        return new AdminServer(loop, clients, bound.channel(), Optional.empty());
    }

    /**
     * Listens on a unix socket for root, the user of this process and the members of a group, and answers from now on. The
     * file is removed at {@link #close}.
     *
     * @param socket where; the file of a proxy that is dead is replaced
     * @param group  by its name or number
     * @throws IOException if that does not work, or another proxy listens there; the message says why
     */
    public static AdminServer open(Path socket, Optional<String> group, Answers answers, Operations operations)
            throws IOException {
        return open(socket, group, answers, operations, PATIENCE);
    }

    /** The same with another time for one exchange, for tests. */
    static AdminServer open(Path socket, Optional<String> group, Answers answers, Operations operations,
            Duration patience) throws IOException {
        if (!Epoll.isAvailable()) {
            throw new IOException("admin socket: who connects cannot be told without epoll: "
                    + Epoll.unavailabilityCause());
        }
        SocketFile file = SocketFile.create(socket, group, CONNECTIONS);
        EventLoopGroup loop = loop(EpollIoHandler.newFactory());
        ChannelGroup clients = new DefaultChannelGroup("admin", loop.next(), true);
        OperationDesk desk = new OperationDesk(operations);
        ServerBootstrap server = new ServerBootstrap().group(loop)
                // By its number, so that Netty does not remove the file: it may be another's by then.
                .channelFactory(() -> new EpollServerDomainSocketChannel(file.socket().intValue(), true))
                .childHandler(welcome(clients, client -> new AdminHandler(answers, patience, desk,
                        Caller.of((EpollDomainSocketChannel) client, file))));
        ChannelFuture registered = server.register().awaitUninterruptibly();
        if (!registered.isSuccess()) {
            end(loop);
            file.remove();
            throw new IOException("admin socket: cannot listen on " + socket + ": " + registered.cause().getMessage(),
                    registered.cause());
        }
        return new AdminServer(loop, clients, registered.channel(), Optional.of(file));
    }

    /** The port that it listens on; 0 if it is a unix socket. */
    public int port() {
        return listener.localAddress() instanceof InetSocketAddress address ? address.getPort() : 0;
    }

    /** Ends the listener, every connection and the thread. */
    @Override
    public void close() {
        file.ifPresent(SocketFile::remove);
        listener.close().awaitUninterruptibly();
        clients.close().awaitUninterruptibly();
        end(loop);
    }

    private static EventLoopGroup loop(IoHandlerFactory handlers) {
        return new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("admin", true), handlers);
    }

    private static void end(EventLoopGroup loop) {
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    /** Makes what answers one client. */
    private interface Reception {
        AdminHandler receive(Channel client) throws IOException;
    }

    private static ChannelInitializer<Channel> welcome(ChannelGroup clients, Reception reception) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel client) throws IOException {
                if (clients.size() >= CONNECTIONS) {
                    var _ = client.close();
                    return;
                }
                AdminHandler handler = reception.receive(client);
                clients.add(client);
                client.pipeline().addLast("codec", new HttpServerCodec(REQUEST_LINE, REQUEST_HEADERS, REQUEST_BODY))
                        .addLast("keep-alive", new HttpServerKeepAliveHandler())
                        .addLast("gzip", new HttpContentCompressor(1024, StandardCompressionOptions.gzip()))
                        .addLast("whole", new HttpObjectAggregator(REQUEST_BODY, true))
                        .addLast("pieces", new ChunkedWriteHandler()).addLast("admin", handler);
            }
        };
    }
}
