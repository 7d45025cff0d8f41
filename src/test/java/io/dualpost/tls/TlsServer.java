package io.dualpost.tls;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A loopback server without auto-read that greets after the handshake and remembers what it was told. */
final class TlsServer implements AutoCloseable {
    static final String GREETING = "+OK";

    private final MultiThreadIoEventLoopGroup loop;
    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Channel channel;

    /** Reads as much at once as comes. */
    TlsServer(ServerTls tls, String defaultHost) {
        this(tls, defaultHost, 4096);
    }

    /** Reads so many octets at once. */
    TlsServer(ServerTls tls, String defaultHost, int octets) {
        this(tls, defaultHost, octets, 1);
    }

    /** With so many event loops. */
    TlsServer(ServerTls tls, String defaultHost, int octets, int loops) {
        loop = new MultiThreadIoEventLoopGroup(loops, NioIoHandler.newFactory());
        ServerBootstrap bootstrap = new ServerBootstrap().group(loop).channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(octets).maxMessagesPerRead(1))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel client) {
                        clients.add(client);
                        client.pipeline().addLast("tls", tls.handler(defaultHost)).addLast(new Greeter());
                    }
                });
        channel = bootstrap.bind(InetAddress.getLoopbackAddress(), 0).syncUninterruptibly().channel();
    }

    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** The next event of this kind; others before it are passed over. */
    <T> T next(Class<T> kind) throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            Object event = events.poll(10, TimeUnit.SECONDS);
            if (event == null) {
                break;
            }
            if (kind.isInstance(event)) {
                return kind.cast(event);
            }
        }
        throw new AssertionError("no " + kind.getSimpleName() + " within 10 s");
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        clients.close().syncUninterruptibly();
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Greeter extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            events.add(event);
            if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
                ByteBuf greeting = ctx.alloc().buffer();
                greeting.writeCharSequence(GREETING + "\r\n", StandardCharsets.US_ASCII);
                ctx.writeAndFlush(greeting).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
                ctx.read();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            events.add(((ByteBuf) message).toString(StandardCharsets.US_ASCII));
            ReferenceCountUtil.release(message);
            ctx.read();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            events.add(cause);
        }
    }
}
