package io.dualpost.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Endpoint;
import io.dualpost.address.Family;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DialerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final InetAddress V4 = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress V6 = InetAddress.ofLiteral("::1");

    private List<AutoCloseable> opened = List.of();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final Dialer.Watch watch = new Dialer.Watch() {
        @Override
        public void found(List<InetAddress> addresses) {
            seen.add("found " + addresses.stream().map(InetAddress::getHostAddress).toList());
        }

        @Override
        public void notFound() {
            seen.add("not found");
        }

        @Override
        public void dialing(InetAddress address) {
            seen.add("dialing " + address.getHostAddress());
        }

        @Override
        public void failed(InetAddress address, Throwable cause) {
            seen.add("failed " + address.getHostAddress());
        }
    };

    private Future<Channel> dial(Transport transport, String host, int port) throws IOException {
        return dial(transport, host, port, Optional.empty());
    }

    private Future<Channel> dial(Transport transport, String host, int port, Optional<Family> only)
            throws IOException {
        NameServer names = NameServer.open(V4, V6);
        EventLoopGroup loops = transport.loops(1);
        Dialer dialer = new Dialer(transport, names.provider());
        opened = List.of(names, dialer::close,
                () -> loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly());
        return dialer.dial(loops.next(), new Endpoint(host, port), only, PATIENCE, watch).awaitUninterruptibly();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable open : opened) {
            open.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLiteralIsReachedInEitherFamily(Transport transport) throws Exception {
        for (InetAddress address : List.of(V4, V6)) {
            try (ServerSocket server = new ServerSocket(0, 5, address)) {
                Channel channel = dial(transport, address.getHostAddress(), server.getLocalPort()).getNow();
                assertThat(((InetSocketAddress) channel.remoteAddress()).getAddress()).isEqualTo(address);
                assertThat(channel.config().isAutoRead()).isFalse();
                channel.close().awaitUninterruptibly();
            }
            close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whereTheFirstAddressOfANameRefusesTheNextOneIsTried(Transport transport) throws Exception {
        for (InetAddress only : List.of(V4, V6)) {
            try (ServerSocket server = new ServerSocket(0, 5, only)) {
                Channel channel = dial(transport, "mailbox.example", server.getLocalPort()).getNow();
                assertThat(((InetSocketAddress) channel.remoteAddress()).getAddress()).isEqualTo(only);
                channel.close().awaitUninterruptibly();
            }
            close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneFamilyAloneIsDialledOnDemandAndEveryStepIsSeen(Family only) throws Exception {
        InetAddress wanted = only == Family.IPV4 ? V4 : V6;
        try (ServerSocket other = new ServerSocket(0, 5, only == Family.IPV4 ? V6 : V4)) {
            assertThat(dial(Transport.best(), "mailbox.example", other.getLocalPort(), Optional.of(only)).isSuccess())
                    .isFalse();
        }
        assertThat(seen).containsExactly("found [127.0.0.1, 0:0:0:0:0:0:0:1]", "dialing " + wanted.getHostAddress(),
                "failed " + wanted.getHostAddress());
    }

    @Test
    void aNameWithoutAddressIsSaidToHaveNone() throws IOException {
        EventLoopGroup loops = Transport.best().loops(1);
        NameServer names = NameServer.open();
        Dialer dialer = new Dialer(Transport.best(), names.provider());
        opened = List.of(names, dialer::close,
                () -> loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly());
        assertThat(dialer.dial(loops.next(), new Endpoint("nowhere.example", 110), Optional.empty(), PATIENCE, watch)
                .awaitUninterruptibly()
                .cause()).hasMessageContaining("nowhere.example");
        assertThat(seen).containsExactly("not found");
    }

    @ParameterizedTest
    @EnumSource
    void whereNobodyListensTheReasonNamesTheAddress(Transport transport) throws IOException {
        int free;
        try (ServerSocket server = new ServerSocket(0, 5, V6)) {
            free = server.getLocalPort();
        }
        Future<Channel> answer = dial(transport, "::1", free);
        assertThat(answer.isSuccess()).isFalse();
        assertThat(answer.cause()).hasMessageContaining("refused").hasMessageContaining(":" + free);
    }
}
