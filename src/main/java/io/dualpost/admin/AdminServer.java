package io.dualpost.admin;

import io.dualpost.address.Endpoint;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.compression.StandardCompressionOptions;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Metrics and health over HTTP/1.1. Has one thread, shared with no session, so that a slow scrape never delays mail.
 */
public final class AdminServer implements AutoCloseable {
    static final int CONNECTIONS = 64;
    private static final int REQUEST_LINE = 2048;
    private static final int REQUEST_HEADERS = 8192;
    private static final int REQUEST_BODY = 1024;

    private final EventLoopGroup loop;
    private final ChannelGroup clients;
    private final Channel listener;

    private AdminServer(EventLoopGroup loop, ChannelGroup clients, Channel listener) {
        this.loop = loop;
        this.clients = clients;
        this.listener = listener;
    }

    /**
     * Listens, and answers from now on.
     *
     * @param listen where; port 0 lets the system choose
     * @throws IOException if the address is not one of this machine or the port is taken; the message says which and why
     */
    public static AdminServer open(Endpoint listen, Answers answers) throws IOException {
        return open(listen, answers, Duration.ofSeconds(10));
    }

    /** The same with another time for one exchange, for tests. */
    static AdminServer open(Endpoint listen, Answers answers, Duration patience) throws IOException {
        InetAddress address = InetAddress.getByName(listen.host());
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("admin", true),
                NioIoHandler.newFactory());
        ChannelGroup clients = new DefaultChannelGroup("admin", loop.next(), true);
        ServerBootstrap server = new ServerBootstrap().group(loop).channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true).option(ChannelOption.SO_BACKLOG, CONNECTIONS)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel client) {
                        welcome(client, clients, answers, patience);
                    }
                });
        ChannelFuture bound = server.bind(new InetSocketAddress(address, listen.port())).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            end(loop);
            throw new IOException("admin: cannot listen on " + listen + ": " + bound.cause().getMessage()
                    + " (expected: an address of this machine and a free port)", bound.cause());
        }
        return new AdminServer(loop, clients, bound.channel());
    }

    /** The port that it listens on. */
    public int port() {
        return listener.localAddress() instanceof InetSocketAddress address ? address.getPort() : 0;
    }

    /** Ends the listener, every connection and the thread. */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        clients.close().awaitUninterruptibly();
        end(loop);
    }

    private static void end(EventLoopGroup loop) {
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private static void welcome(SocketChannel client, ChannelGroup clients, Answers answers, Duration patience) {
        if (clients.size() >= CONNECTIONS) {
            var _ = client.close();
            return;
        }
        clients.add(client);
        client.pipeline().addLast("codec", new HttpServerCodec(REQUEST_LINE, REQUEST_HEADERS, REQUEST_BODY))
                .addLast("keep-alive", new HttpServerKeepAliveHandler())
                .addLast("gzip", new HttpContentCompressor(1024, StandardCompressionOptions.gzip()))
                .addLast("whole", new HttpObjectAggregator(REQUEST_BODY, true))
                .addLast("admin", new AdminHandler(answers, patience));
    }
}
