package io.dualpost.session;

import io.dualpost.address.Addresses;
import io.dualpost.address.Family;
import io.dualpost.address.Peer;
import io.dualpost.mail.Forwarding;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyMessageEncoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Consumer;

/** PROXY headers, versions 1 and 2: read from trusted senders, written to backends. */
final class ProxyHeader extends SimpleChannelInboundHandler<HAProxyMessage> {
    private static final int TLV_OCTETS = 4096;

    private final Peer socket;
    private final Consumer<Peer> claimed;
    private final Consumer<String> failed;

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
        channel.pipeline().addLast(new HAProxyMessageDecoder(TLV_OCTETS, true))
                .addLast(new ProxyHeader(socket, claimed, failed));
        channel.read();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HAProxyMessage message) {
        Optional<Peer> peer = peer(message);
        context.pipeline().remove(this);
        if (peer.isPresent()) {
            claimed.accept(peer.get());
        } else {
            failed.accept("a PROXY header with addresses that are none");
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.read();
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
                                    new InetSocketAddress(destination, message.destinationPort()))));
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
}
