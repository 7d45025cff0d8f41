package io.dualpost.session;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Closes a channel so that the last words arrive: a close while the other end still talks becomes a reset, and a reset
 * takes away what was on its way. So our direction is closed first, and what still comes is let go by for a while.
 */
final class LingeringClose extends ChannelInboundHandlerAdapter {
    private static final long LINGER_SECONDS = 2;

    private LingeringClose() {}

    /** Closes the channel, which must have no other handler left but that for TLS. */
    static void close(Channel channel) {
        channel.pipeline().addLast(new LingeringClose());
        Optional<SslHandler> tls = Optional.ofNullable(channel.pipeline().get(SslHandler.class));
        if (tls.isPresent()) {
            tls.get().closeOutbound().addListener(_ -> shutdown(channel));
        } else {
            shutdown(channel);
        }
        var timer = channel.eventLoop().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
        channel.closeFuture().addListener(_ -> timer.cancel(false));
        channel.config().setAutoRead(true);
    }

    private static void shutdown(Channel channel) {
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        } else {
            channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            context.channel().close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.channel().close();
    }
}
