package io.dualpost.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;

/**
 * One direction of the POP3 relay: what its channel reads goes to the other one, which reads no faster than this one
 * writes.
 */
final class Relay extends ChannelInboundHandlerAdapter {
    /** QUIT and CRLF, in any case of letters. */
    private static final long QUIT = 0x51554954_0d0aL;
    private static final long ANY_CASE = 0xdfdfdfdf_ffffL;
    /** Octets of one round of reading that may wait for its end; a slow other side is noticed so early. */
    private static final int FLUSH_AT = 64 * 1024;

    private final Session session;
    private final boolean fromClient;
    private final Channel from;
    private final Channel to;
    private long tail;
    private int gathered;
    private boolean ended;

    Relay(Session session, boolean fromClient, Channel from, Channel to) {
        this.session = session;
        this.fromClient = fromClient;
        this.from = from;
        this.to = to;
    }

    /**
     * What one side said before the relay began.
     *
     * @param octets for the other side
     * @param ended  whether it will say no more
     */
    record Early(ByteBuf octets, boolean ended) {}

    /** Lets the octets go, both ways; what either side said early goes first. */
    static void start(Session session, Channel client, Channel server, Early fromClient, Early fromServer) {
        Relay up = new Relay(session, true, client, server);
        Relay down = new Relay(session, false, server, client);
        client.pipeline().addLast(up);
        server.pipeline().addLast(down);
        // What the client said early was counted when it came.
        up.move(fromClient.octets, 0);
        down.move(fromServer.octets, fromServer.octets.readableBytes());
        client.flush();
        server.flush();
        client.config().setAutoRead(true);
        server.config().setAutoRead(true);
        if (fromClient.ended) {
            up.end();
        }
        if (fromServer.ended) {
            down.end();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf octets = (ByteBuf) message;
        gathered += octets.readableBytes();
        move(octets, octets.readableBytes());
        if (gathered >= FLUSH_AT) {
            flush();
        }
    }

    private void move(ByteBuf octets, int uncounted) {
        session.relayed(fromClient, uncounted, fromClient && saysQuit(octets));
        to.write(octets, to.voidPromise());
    }

    private void flush() {
        gathered = 0;
        to.flush();
        if (!to.isWritable()) {
            from.config().setAutoRead(false);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!fromClient && session.saidQuit()) {
            // The FIN comes with the last words, and is seen in this round: one packet then says both, and a client that
            // closes at once does not answer our close_notify with a reset.
            context.executor().execute(this::flush);
        } else {
            flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (from.isWritable()) {
            to.config().setAutoRead(true);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            end();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        ended = true;
        flush();
        session.relayBroken(fromClient, cause);
    }

    private void end() {
        if (!ended) {
            ended = true;
            session.relayEnded(fromClient);
        }
    }

    /** Whether a QUIT is the last that came, in however many parts. */
    private boolean saysQuit(ByteBuf octets) {
        for (int i = Math.max(octets.readerIndex(), octets.writerIndex() - 6); i < octets.writerIndex(); i++) {
            tail = tail << 8 | octets.getUnsignedByte(i);
        }
        return (tail & ANY_CASE) == QUIT;
    }
}
