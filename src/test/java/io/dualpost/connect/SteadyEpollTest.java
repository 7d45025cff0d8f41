package io.dualpost.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Family;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.UnixChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SteadyEpollTest {
    private final EventLoopGroup loops = Transport.EPOLL.loops(1);
    private final EventLoop loop = loops.next();

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void aChannelThatGetsTheNumberOfOneThatEndedInTheSameRoundIsNotToldOfThatEnd() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Integer> old = new CompletableFuture<>();
            CompletableFuture<Integer> young = new CompletableFuture<>();
            CompletableFuture<String> heard = new CompletableFuture<>();
            CountDownLatch reads = new CountDownLatch(1);
            Channel first = connected(server);
            Socket firstPeer = server.accept();
            Channel second = connected(server);
            Socket secondPeer = server.accept();
            first.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    ((ByteBuf) message).release();
                    old.complete(((UnixChannel) second).fd().intValue());
                    second.close();
                    SocketChannel next = Transport.EPOLL.socket(Family.IPV4);
                    young.complete(((UnixChannel) next).fd().intValue());
                    loop.register(next);
                    next.connect(server.getLocalSocketAddress())
                            .addListener(_ -> {
                                next.pipeline().addLast(new Ears(heard));
                                next.read();
                                reads.countDown();
                            });
                }
            });
            loop.submit(() -> first.read()).get();
            second.read();

            // While the loop is held, both events come to wait for it, in this order.
            CountDownLatch held = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            loop.execute(() -> {
                held.countDown();
                await(go);
            });
            held.await();
            firstPeer.getOutputStream().write('x');
            secondPeer.close();
            go.countDown();
            try (Socket thirdPeer = server.accept()) {
                reads.await();
                // Rounds in which it could take an end for its own.
                for (int round = 0; round < 3; round++) {
                    loop.submit(() -> true).get();
                }
                thirdPeer.getOutputStream().write("+OK\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(heard.get(5, TimeUnit.SECONDS)).isEqualTo("+OK\r\n");
            }
            assertThat(young.get()).as("the descriptor, without which this proves nothing").isEqualTo(old.get());
            firstPeer.close();
        }
    }

    private Channel connected(ServerSocket server) throws Exception {
        SocketChannel channel = Transport.EPOLL.socket(Family.IPV4);
        loop.register(channel).get();
        channel.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort())).get();
        return channel;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Completes with the first words. */
    private static final class Ears extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<String> heard;

        Ears(CompletableFuture<String> heard) {
            this.heard = heard;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf octets = (ByteBuf) message;
            heard.complete(octets.toString(StandardCharsets.US_ASCII));
            octets.release();
        }
    }
}
