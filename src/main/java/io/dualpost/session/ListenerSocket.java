package io.dualpost.session;

import io.dualpost.address.Addresses;
import io.dualpost.address.Family;
import io.dualpost.connect.Transport;
import io.dualpost.gate.Withdrawal;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listening socket: one address, one family, one port. Sessions outlive it. */
public final class ListenerSocket {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerSocket.class);
    private static final int BACKLOG = 1024;

    /** How long what already waits in the kernel's queue may keep the socket open. */
    private static final int LAST_ACCEPTS = 20;

    private final Transport transport;
    private final EventLoopGroup loops;
    private final Terms terms;
    private final InetAddress address;
    private final Optional<Integer> descriptor;
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private volatile Optional<Channel> channel = Optional.empty();
    private volatile int port;

    private ListenerSocket(Transport transport, EventLoopGroup loops, Terms terms, InetAddress address,
            Optional<Integer> descriptor) {
        this.transport = transport;
        this.loops = loops;
        this.terms = terms;
        this.address = address;
        this.descriptor = descriptor;
        this.port = terms.listener().port();
    }

    /**
     * A socket that does not listen yet.
     *
     * @param address the one to listen on; a wildcard stands for all of its family, never for both
     */
    public static ListenerSocket of(Transport transport, EventLoopGroup loops, Terms terms, InetAddress address) {
        return new ListenerSocket(transport, loops, terms, address, Optional.empty());
    }

    /**
     * A socket that somebody else opened, and that listens already.
     *
     * @param address    where it listens
     * @param descriptor its number; closed together with this
     */
    public static ListenerSocket passed(Transport transport, EventLoopGroup loops, Terms terms, InetAddress address,
            int descriptor) {
        return new ListenerSocket(transport, loops, terms, address, Optional.of(descriptor));
    }

    /**
     * Binds and listens, if it does not yet. To be called by one thread at a time, as {@link #close} is.
     *
     * @throws IOException if that does not work, with the address, the family and the listener in its message
     */
    public void listen() throws IOException {
        if (channel.isPresent()) {
            return;
        }
        ServerBootstrap bootstrap = bootstrap();
        ChannelFuture open = descriptor.isPresent()
                ? bootstrap.channelFactory(() -> transport.adopted(descriptor.get())).register()
                : bootstrap.channelFactory(() -> transport.server(family())).option(ChannelOption.SO_REUSEADDR, true)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG).bind(new InetSocketAddress(address, port));
        if (!open.awaitUninterruptibly().isSuccess()) {
            throw new IOException("listener " + listener() + ": cannot listen on " + Addresses.text(address, port)
                    + " (" + family() + "): " + open.cause().getMessage(), open.cause());
        }
        port = ((InetSocketAddress) open.channel().localAddress()).getPort();
        channel = Optional.of(open.channel());
        terms.meters().up(family(), true);
    }

    private ServerBootstrap bootstrap() {
        return new ServerBootstrap().group(loops).handler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel server) {
                if (family() == Family.IPV6) {
                    transport.narrow(server, terms.ipv6().policy().mss()).ifPresent(why -> LOG.warn(
                            "listener {}: MSS of IPv6 connections cannot be set: {}; a path-MTU hole will swallow large"
                                    + " packets unless the system's routes or nftables set it",
                            listener(), why));
                }
                server.pipeline().addLast(new AcceptWatch(terms.meters(), family()));
            }
        }).childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.SO_KEEPALIVE, true).childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel client) {
                        client.pipeline().addLast(new Arrival(terms, sessions));
                    }
                });
    }

    /** The address and port, the port also where the system chose it. */
    public InetSocketAddress local() {
        return new InetSocketAddress(address, port);
    }

    /** The family of the address. */
    public Family family() {
        return Family.of(address);
    }

    /** The name of the listener that this socket belongs to. */
    public String listener() {
        return terms.listener().name();
    }

    /** The name of the service that it belongs to. */
    public String service() {
        return terms.service().name();
    }

    /** Whether somebody else opened it: then closing it does not make the kernel refuse anybody. */
    public boolean isPassed() {
        return descriptor.isPresent();
    }

    /** Whether it listens now. */
    public boolean isOpen() {
        return channel.isPresent();
    }

    /** Why it does not listen, for its meters; empty: it does. */
    public void withdrawn(Optional<Withdrawal.Reason> why) {
        terms.meters().withdrawn(family(), why);
    }

    /** Accepts what waits already, and stops; sessions go on, and it may listen again. */
    public void close() {
        channel.ifPresent(open -> {
            open.eventLoop().execute(() -> closeEmpty(open, LAST_ACCEPTS));
            open.closeFuture().awaitUninterruptibly();
            terms.meters().up(family(), false);
        });
        channel = Optional.empty();
    }

    // Whoever still waits in the queue would be reset by the close, having connected already.
    private static void closeEmpty(Channel open, int patience) {
        if (patience > 0 && Transport.backlog(open) > 0) {
            open.eventLoop().schedule(() -> closeEmpty(open, patience - 1), 1, TimeUnit.MILLISECONDS);
        } else {
            var _ = open.close();
        }
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
