package io.dualpost.session;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
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

    /** Closes the channel after its last words; all its handlers but that for TLS are done with it. */
    static void close(Channel channel) {
        close(channel, true);
    }

    /** The same without close_notify, so that what was said does not look whole. */
    static void truncate(Channel channel) {
        channel.flush();
        close(channel, false);
    }

    private static void close(Channel channel, boolean whole) {
        if (!channel.isActive()) {
            channel.close();
            return;
        }
        channel.pipeline().toMap().values().stream().filter(handler -> !(whole && handler instanceof SslHandler))
                .forEach(channel.pipeline()::remove);
        channel.pipeline().addLast(new LingeringClose());
        shutdownOutput(channel);
        var timer = channel.eventLoop().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
        channel.closeFuture().addListener(_ -> timer.cancel(false));
        channel.config().setAutoRead(true);
    }

    /** Closes our direction when all that was written is out: with TLS by close_notify first, then by FIN. */
    static void shutdownOutput(Channel channel) {
        Optional<SslHandler> tls = Optional.ofNullable(channel.pipeline().get(SslHandler.class));
        if (tls.isPresent()) {
            tls.get().closeOutbound().addListener(_ -> shutdown(channel));
        } else {
            shutdown(channel);
        }
    }

    /** Closes the channel by a reset, at once and without close_notify, so that nothing looks whole. */
    static void reset(Channel channel) {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.pipeline().firstContext().close();
    }

    private static void shutdown(Channel channel) {
        // Netty's own shutdown drops what is still queued, so it waits behind an empty write.
        channel.pipeline().firstContext().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> {
            if (channel instanceof DuplexChannel duplex && channel.isActive()) {
                duplex.shutdownOutput();
            } else {
                channel.close();
            }
        });
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
