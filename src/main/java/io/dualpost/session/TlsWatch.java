package io.dualpost.session;

import io.dualpost.tls.ClientHello;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.function.Consumer;

/** Puts TLS first in a pipeline, watches one handshake and leaves when it is over. */
final class TlsWatch extends ChannelInboundHandlerAdapter {
    private final Consumer<ClientHello> hello;
    private final Runnable done;
    private final Consumer<Throwable> failed;
    private boolean over;

    private TlsWatch(Consumer<ClientHello> hello, Runnable done, Consumer<Throwable> failed) {
        this.hello = hello;
        this.done = done;
        this.failed = failed;
    }

    /**
     * Starts TLS on a channel.
     *
     * @param tls    the handler that does it
     * @param hello  takes the client's first words, on the server side
     * @param done   called when TLS is on
     * @param failed called when it will not be
     */
    static void start(Channel channel, ChannelHandler tls, Consumer<ClientHello> hello, Runnable done,
            Consumer<Throwable> failed) {
        channel.pipeline().addFirst(new TlsWatch(hello, done, failed)).addFirst(tls);
        channel.read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        switch (event) {
            case ClientHello said -> hello.accept(said);
            case SslHandshakeCompletionEvent completed -> {
                over = true;
                if (completed.isSuccess()) {
                    context.pipeline().remove(this);
                    done.run();
                } else {
                    failed.accept(completed.cause());
                }
            }
            case ChannelInputShutdownEvent _ -> context.pipeline().firstContext().close();
            default -> context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // After the completion event it tells nothing new; before a ClientHello that event may never come, nor does it for a
        // fault of our own.
        if (over && !Breakage.isOwnFault(cause)) {
            return;
        }
        if (Breakage.isOwnFault(cause) || context.pipeline().get(io.netty.handler.ssl.SslHandler.class) == null) {
            failed.accept(cause);
        }
    }
}
