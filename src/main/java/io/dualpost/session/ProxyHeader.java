package io.dualpost.session;

import io.dualpost.address.Addresses;
import io.dualpost.address.Family;
import io.dualpost.address.Peer;
import io.dualpost.mail.Forwarding;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyMessageEncoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** PROXY headers, versions 1 and 2: read from trusted senders, written to backends. */
final class ProxyHeader extends ChannelInboundHandlerAdapter {
    private static final int TLV_OCTETS = 4096;
    private static final String KEEP_OPEN = "keep-open";

    private final Peer socket;
    private final Consumer<Peer> claimed;
    private final Consumer<String> failed;
    private final List<ByteBuf> behind = new ArrayList<>(1);
    private Optional<Optional<Peer>> header = Optional.empty();

    private ProxyHeader(Peer socket, Consumer<Peer> claimed, Consumer<String> failed) {
        this.socket = socket;
        this.claimed = claimed;
        this.failed = failed;
    }

    /**
     * Awaits a header as the first thing on a channel. Octets behind it stay in order for whoever reads next.
     *
     * @param claimed takes the peer as the header claims it; for LOCAL and UNKNOWN the socket's own
     * @param failed  takes why there is no sound header
     */
    static void await(Channel channel, Peer socket, Consumer<Peer> claimed, Consumer<String> failed) {
        channel.pipeline().addLast(KEEP_OPEN, new KeepOpen()).addLast(new HAProxyMessageDecoder(TLV_OCTETS, true))
                .addLast(new ProxyHeader(socket, claimed, failed));
        channel.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HAProxyMessage read) {
            header = Optional.of(peer(read));
            read.release();
        } else {
            behind.add((ByteBuf) message);
        }
    }

    // Only now the decoder is gone and gave up what it held, which is for whoever stands first in the pipeline then.
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (header.isEmpty()) {
            context.read();
            return;
        }
        ChannelPipeline pipeline = context.pipeline();
        List<ByteBuf> rest = List.copyOf(behind);
        behind.clear();
        pipeline.remove(KEEP_OPEN);
        pipeline.remove(this);
        header.get().ifPresentOrElse(claimed, () -> failed.accept("a PROXY header with addresses that are none"));
        rest.forEach(pipeline::fireChannelRead);
        pipeline.fireChannelReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            context.pipeline().firstContext().close();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        behind.forEach(ByteBuf::release);
        behind.clear();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        failed.accept("no PROXY header: " + cause.getMessage());
    }

    private Optional<Peer> peer(HAProxyMessage message) {
        return switch (message.command() == HAProxyCommand.LOCAL
                ? HAProxyProxiedProtocol.UNKNOWN
                : message.proxiedProtocol()) {
            case UNKNOWN -> Optional.of(socket);
            case TCP4, TCP6 -> Addresses.literal(message.sourceAddress())
                    .flatMap(source -> Addresses.literal(message.destinationAddress())
                            .map(destination -> socket.claiming(new InetSocketAddress(source, message.sourcePort()),
                                    new InetSocketAddress(destination, message.destinationPort()),
                                    message.sourceAddress())));
            default -> Optional.empty();
        };
    }

    /**
     * Writes the header for a client, or, without one, for the proxy itself, as its probes need it; nothing if the pool is
     * not to have one.
     */
    static void write(Channel channel, Forwarding forwarding, Optional<Peer> client) {
        if (forwarding != Forwarding.PROXY_V1 && forwarding != Forwarding.PROXY_V2) {
            return;
        }
        HAProxyProtocolVersion version = forwarding == Forwarding.PROXY_V1
                ? HAProxyProtocolVersion.V1
                : HAProxyProtocolVersion.V2;
        Peer peer = client.orElseGet(() -> Peer.direct((InetSocketAddress) channel.localAddress(),
                (InetSocketAddress) channel.remoteAddress()));
        InetAddress source = peer.address();
        InetAddress destination = peer.destination().getAddress();
        // One header has one family: a client known by a header of its own may have come to an address of the other one.
        boolean same = Family.of(source) == Family.of(destination);
        HAProxyMessage message = new HAProxyMessage(version, HAProxyCommand.PROXY,
                peer.family() == Family.IPV4 ? HAProxyProxiedProtocol.TCP4 : HAProxyProxiedProtocol.TCP6,
                Addresses.text(source), Addresses.text(same ? destination : source), peer.source().getPort(),
                peer.destination().getPort());
        channel.pipeline().addFirst(HAProxyMessageEncoder.INSTANCE);
        channel.writeAndFlush(message);
        channel.pipeline().remove(HAProxyMessageEncoder.INSTANCE);
    }

    /** The decoder would close the channel by itself; but how a session ends, and why, is the session's. */
    private static final class KeepOpen extends ChannelOutboundHandlerAdapter {
        @Override
        public void close(ChannelHandlerContext context, ChannelPromise promise) {
            promise.setSuccess();
        }
    }
}
