package io.dualpost.connect;

import io.dualpost.address.Endpoint;
import io.dualpost.address.Family;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reaches an endpoint: its literal address, or every address of its name, one after the other. Works on the caller's
 * event loop alone; names are asked of the system's hosts file and name servers and kept as long as their TTL allows.
 */
public final class Dialer {
    private final Transport transport;
    private final DnsServerAddressStreamProvider nameServers;
    private final ConcurrentHashMap<EventLoop, DnsNameResolver> resolvers = new ConcurrentHashMap<>();

    /** A dialer for loops of this transport. */
    public Dialer(Transport transport) {
        this(transport, DnsServerAddressStreamProviders.platformDefault());
    }

    /** The same with other name servers than the system's, for tests. */
    Dialer(Transport transport, DnsServerAddressStreamProvider nameServers) {
        this.transport = transport;
        this.nameServers = nameServers;
    }

    /** Sees what dialling meets on its way. */
    public interface Watch {
        /** The endpoint has these addresses, of whichever family. */
        void found(List<InetAddress> addresses);

        /** The endpoint's name has no address, or could not be looked up. */
        void notFound();

        /** The SYN goes to this address. */
        void dialing(InetAddress address);

        /** This address did not answer, or said no. */
        void failed(InetAddress address, Throwable cause);
    }

    /**
     * Connects.
     *
     * @param loop     carries the channel and the answer
     * @param endpoint where to
     * @param only     the one family to dial, if not whichever works
     * @param patience for all addresses together; each gets the same part of it
     * @param watch    told of each step, on the loop
     * @return the open channel, which has no handler yet and does not read by itself; or why no address could be reached
     */
    public Future<Channel> dial(EventLoop loop, Endpoint endpoint, Optional<Family> only, Duration patience,
            Watch watch) {
        Promise<Channel> answer = loop.newPromise();
        Optional<InetAddress> literal = endpoint.literal();
        if (literal.isPresent()) {
            new Attempt(loop, endpoint, watched(List.of(literal.get()), only, watch), patience, watch, answer).next(0);
            return answer;
        }
        resolver(loop).resolveAll(endpoint.host()).addListener((Future<List<InetAddress>> found) -> {
            if (found.isSuccess()) {
                new Attempt(loop, endpoint, watched(found.getNow(), only, watch), patience, watch, answer).next(0);
            } else {
                watch.notFound();
                answer.tryFailure(found.cause());
            }
        });
        return answer;
    }

    private static List<InetAddress> watched(List<InetAddress> found, Optional<Family> only, Watch watch) {
        watch.found(found);
        return found.stream().filter(address -> only.isEmpty() || only.get() == Family.of(address)).toList();
    }

    /** Gives up the sockets to name servers. */
    public void close() {
        resolvers.values().forEach(DnsNameResolver::close);
    }

    /** One call of {@link #dial}, once the addresses are known. */
    private final class Attempt {
        private final EventLoop loop;
        private final Endpoint endpoint;
        private final List<InetAddress> addresses;
        private final int millisEach;
        private final Watch watch;
        private final Promise<Channel> answer;

        Attempt(EventLoop loop, Endpoint endpoint, List<InetAddress> addresses, Duration patience, Watch watch,
                Promise<Channel> answer) {
            this.loop = loop;
            this.endpoint = endpoint;
            this.addresses = addresses;
            this.millisEach = (int) Math.max(1, patience.toMillis() / Math.max(1, addresses.size()));
            this.watch = watch;
            this.answer = answer;
        }

        void next(int at) {
            if (at >= addresses.size()) {
                answer.tryFailure(
                        new ConnectException(endpoint + ": no address found (expected: an A or AAAA record)"));
                return;
            }
            InetAddress address = addresses.get(at);
            watch.dialing(address);
            SocketChannel channel;
            try {
                channel = transport.socket(Family.of(address));
            } catch (ChannelException none) {
                failed(at, none);
                return;
            }
            channel.config().setConnectTimeoutMillis(millisEach);
            // It has no handlers until it is connected; only the kernel fills its buffers before.
            loop.register(channel).addListener(registered -> {
                if (registered.isSuccess()) {
                    channel.connect(new InetSocketAddress(address, endpoint.port()))
                            .addListener(done -> connected(at, channel, done));
                } else {
                    failed(at, registered.cause());
                }
            });
        }

        private void connected(int at, Channel channel, Future<?> done) {
            if (!done.isSuccess()) {
                channel.close();
                failed(at, done.cause());
            } else if (!answer.trySuccess(channel)) {
                channel.close();
            }
        }

        private void failed(int at, Throwable cause) {
            watch.failed(addresses.get(at), cause);
            if (answer.isDone()) {
                return;
            }
            if (at + 1 < addresses.size()) {
                next(at + 1);
            } else {
                answer.tryFailure(cause);
            }
        }
    }

    private DnsNameResolver resolver(EventLoop loop) {
        return resolvers.computeIfAbsent(loop, own -> new DnsNameResolverBuilder(own)
                .datagramChannelType(transport.datagram()).nameServerProvider(nameServers)
                .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
                .build());
    }
}
