package io.dualpost.session;

import io.dualpost.address.Addresses;
import io.dualpost.address.Family;
import io.dualpost.connect.Transport;
import io.dualpost.telemetry.ListenerMeters;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listening socket: one address, one family, one port. Sessions outlive it. */
public final class ListenerSocket {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerSocket.class);
    private static final int BACKLOG = 1024;

    private final Terms terms;
    private final InetAddress address;
    private final Channel channel;
    private final Set<Session> sessions;

    private ListenerSocket(Terms terms, InetAddress address, Channel channel, Set<Session> sessions) {
        this.terms = terms;
        this.address = address;
        this.channel = channel;
        this.sessions = sessions;
    }

    /**
     * Binds and listens.
     *
     * @param address the one to listen on; a wildcard stands for all of its family, never for both
     * @throws IOException if that does not work, with the address, the family and the listener in its message
     */
    public static ListenerSocket open(Transport transport, EventLoopGroup loops, Terms terms, InetAddress address)
            throws IOException {
        Set<Session> sessions = ConcurrentHashMap.newKeySet();
        Family family = Family.of(address);
        return listening(terms, address, sessions,
                bootstrap(loops, terms, family, sessions).channelFactory(() -> transport.server(family))
                        .option(ChannelOption.SO_REUSEADDR, true).option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .bind(new InetSocketAddress(address, terms.listener().port())));
    }

    /**
     * Accepts at a socket that listens already.
     *
     * @param address    where it listens
     * @param descriptor its number; closed together with this
     * @throws IOException if that does not work, with the address, the family and the listener in its message
     */
    public static ListenerSocket adopt(Transport transport, EventLoopGroup loops, Terms terms, InetAddress address,
            int descriptor) throws IOException {
        Set<Session> sessions = ConcurrentHashMap.newKeySet();
        return listening(terms, address, sessions, bootstrap(loops, terms, Family.of(address), sessions)
                .channelFactory(() -> transport.adopted(descriptor)).register());
    }

    private static ServerBootstrap bootstrap(EventLoopGroup loops, Terms terms, Family family, Set<Session> sessions) {
        return new ServerBootstrap().group(loops).handler(new AcceptWatch(terms.meters(), family))
                .childOption(ChannelOption.AUTO_READ, false).childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true).childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel client) {
                        client.pipeline().addLast(new Arrival(terms, sessions));
                    }
                });
    }

    private static ListenerSocket listening(Terms terms, InetAddress address, Set<Session> sessions,
            ChannelFuture open) throws IOException {
        Family family = Family.of(address);
        if (!open.awaitUninterruptibly().isSuccess()) {
            throw new IOException("listener " + terms.listener().name() + ": cannot listen on "
                    + Addresses.text(address, terms.listener().port()) + " (" + family + "): "
                    + open.cause().getMessage(), open.cause());
        }
        terms.meters().up(family, true);
        return new ListenerSocket(terms, address, open.channel(), sessions);
    }

    /** The address and port, the port also where the system chose it. */
    public InetSocketAddress local() {
        return new InetSocketAddress(address, ((InetSocketAddress) channel.localAddress()).getPort());
    }

    /** The family of the address. */
    public Family family() {
        return Family.of(address);
    }

    /** The name of the listener that this socket belongs to. */
    public String listener() {
        return terms.listener().name();
    }

    /** Stops accepting; sessions go on. */
    public void close() {
        channel.close().awaitUninterruptibly();
        terms.meters().up(family(), false);
    }

    /** Asks every session to end as soon as its protocol allows. */
    public void drain() {
        sessions.forEach(session -> session.later(session::drain));
    }

    /** Ends every session now. */
    public void kill() {
        sessions.forEach(session -> session.later(session::kill));
    }

    /** Sessions that came by this socket and are still open. */
    public int sessions() {
        return sessions.size();
    }

    /** Counts what keeps connections from being accepted; Netty then waits a second before it goes on. */
    private static final class AcceptWatch extends ChannelInboundHandlerAdapter {
        private final ListenerMeters meters;
        private final Family family;

        AcceptWatch(ListenerMeters meters, Family family) {
            this.meters = meters;
            this.family = family;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            meters.acceptFailed(family, Breakage.acceptError(cause));
            LOG.warn("listener {}: a connection over {} could not be accepted: {}", meters.name(), family,
                    cause.getMessage());
            context.fireExceptionCaught(cause);
        }
    }

    /** Waits for a client's channel to be ready, makes the session and leaves. */
    private static final class Arrival extends ChannelInboundHandlerAdapter {
        private final Terms terms;
        private final Set<Session> sessions;

        Arrival(Terms terms, Set<Session> sessions) {
            this.terms = terms;
            this.sessions = sessions;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            Channel client = context.channel();
            context.pipeline().remove(this);
            // A client may be gone before it was accepted; then there is nobody to make a session for.
            if (client.remoteAddress() == null) {
                client.close();
                return;
            }
            Session session = new Session(terms, client);
            sessions.add(session);
            client.closeFuture().addListener(_ -> sessions.remove(session));
            session.start();
        }
    }
}
