package io.dualpost.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Waits for the ClientHello, judges it, and makes way for the SslHandler with the right certificate. */
final class HelloHandler extends SslClientHelloHandler<ClientHello> {
    /** Ten times what today's largest clients send; nobody may make us keep more before the handshake. */
    private static final int LONGEST_HELLO = 16 * 1024;
    private static final byte DECODE_ERROR = 50;
    private static final byte NO_APPLICATION_PROTOCOL = 120;
    /** Stands for input that is no ClientHello: the SslHandler then says what is wrong with it. */
    private static final ClientHello NONE = new ClientHello(Optional.empty(), List.of(), false, Set.of());

    private final ServerTls tls;
    private final String defaultHost;
    private boolean over;

    HelloHandler(ServerTls tls, String defaultHost) {
        super(LONGEST_HELLO);
        this.tls = tls;
        this.defaultHost = defaultHost;
    }

    /** The channel has no auto-read; further input is asked for by the decoder beneath, the first by us. */
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            ctx.read();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.fireChannelActive();
        ctx.read();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ReferenceCountUtil.release(message);
        promise.tryFailure(new IllegalStateException("write before the TLS handshake (expected: after)"));
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (over) {
            in.skipBytes(in.readableBytes());
            return;
        }
        super.decode(ctx, in, out);
    }

    @Override
    protected Future<ClientHello> lookup(ChannelHandlerContext ctx, @Nullable ByteBuf body) {
        if (body == null) {
            return ctx.executor().newSucceededFuture(NONE);
        }
        try {
            ClientHello hello = ClientHello.parse(body);
            ctx.fireUserEventTriggered(hello);
            if (!hello.alpn().isEmpty() && !hello.alpn().contains(tls.alpn())) {
                return ctx.executor().newFailedFuture(new AlpnMismatch(hello.alpn(), tls.alpn()));
            }
            return ctx.executor().newSucceededFuture(hello);
        } catch (MalformedHello e) {
            return ctx.executor().newFailedFuture(e);
        }
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, Future<ClientHello> looked) {
        over = true;
        if (ctx.isRemoved() || !ctx.channel().isActive()) {
            return; // Whoever heard of the ClientHello has ended the session.
        }
        if (looked.isSuccess()) {
            makeWay(ctx, looked.getNow());
        } else {
            refuse(ctx, looked.cause());
        }
    }

    private void makeWay(ChannelHandlerContext ctx, ClientHello hello) {
        SslHandler handler = tls.handler(hello, defaultHost, ctx.alloc());
        boolean placed = false;
        try {
            ctx.pipeline().replace(this, ctx.name(), handler);
            placed = true;
        } finally {
            if (!placed) {
                ReferenceCountUtil.safeRelease(handler.engine());
            }
        }
    }

    private void refuse(ChannelHandlerContext ctx, Throwable cause) {
        byte alert = cause instanceof AlpnMismatch ? NO_APPLICATION_PROTOCOL : DECODE_ERROR;
        // A record (RFC 8446 section 5.1) of type alert with the version that all clients know, level fatal.
        ChannelFuture alerted = ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {21, 3, 3, 0, 2, 2, alert}));
        ctx.fireUserEventTriggered(new SslHandshakeCompletionEvent(cause));
        alerted.addListener(ChannelFutureListener.CLOSE);
    }
}
