package io.dualpost.session;

import io.dualpost.connect.Transport;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Closes a channel so that the last words arrive: a close while the other end still talks becomes a reset, and a reset
 * takes away what was on its way. So our direction is closed first, and what still comes is let go by for a while.
 */
final class LingeringClose extends ChannelInboundHandlerAdapter {
    private static final long LINGER_SECONDS = 2;
    private static final long STALL_SECONDS = 15;

    private static final Hold HOLD = new Hold();

    private final Channel channel;
    private Future<?> timer = Deadline.NO_TIMER;
    private boolean out;

    private LingeringClose(Channel channel) {
        this.channel = channel;
    }

    /** Closes the channel after its last words; all its handlers but that for TLS are done with it. */
    static void close(Channel channel) {
        close(channel, true);
    }

    /** The same without close_notify, so that what was said does not look whole. */
    static void truncate(Channel channel) {
        channel.flush();
        close(channel, false);
    }

    /** Closes our direction when all that was written is out: with TLS by close_notify first, then by FIN. */
    static void shutdownOutput(Channel channel) {
        shutdownOutput(channel, () -> {
        });
    }

    /** Closes the channel by a reset, at once and without close_notify, so that nothing looks whole. */
    static void reset(Channel channel) {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        // TLS would still say close_notify; before there is any handler, there is nothing to go around.
        Optional.ofNullable(channel.pipeline().firstContext()).ifPresentOrElse(ChannelHandlerContext::close,
                channel::close);
    }

    private static void close(Channel channel, boolean whole) {
        if (!channel.isActive()) {
            channel.close();
            return;
        }
        ChannelPipeline pipeline = channel.pipeline();
        while (pipeline.last() != null && !(whole && pipeline.last() instanceof SslHandler)) {
            pipeline.removeLast();
        }
        LingeringClose lingering = new LingeringClose(channel);
        pipeline.addLast(lingering);
        shutdownOutput(channel, lingering::linger);
        if (!lingering.out) {
            lingering.watch(Long.MAX_VALUE);
        }
        channel.config().setAutoRead(true);
    }

    private static void shutdownOutput(Channel channel, Runnable done) {
        Optional<SslHandler> tls = Optional.ofNullable(channel.pipeline().get(SslHandler.class));
        if (tls.isPresent()) {
            // TLS forgets what it was not told to flush, but its last words and close_notify go well in one packet.
            channel.pipeline().addFirst(HOLD);
            channel.flush();
            Future<?> said = tls.get().closeOutbound();
            channel.pipeline().remove(HOLD);
            channel.pipeline().firstContext().flush();
            said.addListener(_ -> shutdown(channel, done));
        } else {
            shutdown(channel, done);
        }
    }

    private static void shutdown(Channel channel, Runnable done) {
        // Netty's own shutdown drops what is still queued, so it waits behind an empty write.
        Optional.ofNullable(channel.pipeline().firstContext())
                .ifPresent(first -> first.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> {
                    if (channel.isActive() && Transport.shutdownOutput(channel)) {
                        done.run();
                    } else {
                        channel.close();
                    }
                }));
    }

    /** Everything is out; the other end may have been the first to close. */
    private void linger() {
        out = true;
        if (channel instanceof DuplexChannel duplex && duplex.isInputShutdown()) {
            channel.close();
        } else {
            // Nothing is left to say, so the other end's FIN may close the channel by itself.
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
            schedule(channel::close, LINGER_SECONDS);
        }
    }

    /** Gives up on a peer that takes nothing more of what is queued for it. */
    private void watch(long before) {
        schedule(() -> {
            long left = Optional.ofNullable(channel.unsafe().outboundBuffer())
                    .map(ChannelOutboundBuffer::totalPendingWriteBytes).orElse(0L);
            if (left < before) {
                watch(left);
            } else {
                channel.close();
            }
        }, STALL_SECONDS);
    }

    private void schedule(Runnable task, long seconds) {
        timer.cancel(false);
        timer = channel.eventLoop().schedule(task, seconds, TimeUnit.SECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        timer.cancel(false);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        // Before our own direction is closed there are last words on their way, whatever the other end does.
        if (event instanceof ChannelInputShutdownEvent && channel instanceof DuplexChannel duplex
                && duplex.isOutputShutdown()) {
            context.channel().close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.channel().close();
    }

    /** Keeps what is written from the socket as long as it stands first in the pipeline. */
    @Sharable
    private static final class Hold extends ChannelOutboundHandlerAdapter {
        @Override
        public void flush(ChannelHandlerContext context) {
            // Whoever takes this handler away flushes.
        }
    }
}
