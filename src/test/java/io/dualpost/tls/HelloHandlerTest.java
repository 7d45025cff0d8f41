package io.dualpost.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HelloHandlerTest {
    private static final String POP = "pop.example.jp";
    private static ServerTls tls;

    @BeforeAll
    static void set() throws Exception {
        tls = ServerTls.of(TlsEngine.best(),
                DevelopmentAuthority.create(InstantSource.system()).issue(List.of(POP)), List.of(POP), "pop3",
                new TicketKeys());
    }

    @Test
    void nothingLeavesInClearOnceTheHandlerIsThere() {
        EmbeddedChannel channel = new EmbeddedChannel(tls.handler(POP));
        ByteBuf greeting = Unpooled.copiedBuffer(HelloBytes.ascii("+OK\r\n"));

        assertThatThrownBy(() -> channel.writeOutbound(greeting)).isInstanceOf(IllegalStateException.class)
                .hasMessage("write before the TLS handshake (expected: after)");

        assertThat(greeting.refCnt()).isZero();
        assertThat(channel.<Object>readOutbound()).isNull();
        channel.finishAndReleaseAll();
    }

    @Test
    void addedToAnOpenChannelItAsksForInput() {
        List<String> asked = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelOutboundHandlerAdapter() {
            @Override
            public void read(ChannelHandlerContext ctx) {
                asked.add("read");
                ctx.read();
            }
        });
        channel.config().setAutoRead(false);
        asked.clear();

        channel.pipeline().addLast("tls", tls.handler(POP));
        assertThat(asked).hasSize(1);

        byte[] record = new HelloBytes().record();
        channel.writeInbound(Unpooled.wrappedBuffer(record, 0, 20));
        assertThat(asked).hasSize(2);
        channel.finishAndReleaseAll();
    }

    @Test
    void itMakesWayUnderItsOwnName() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast("before", new ChannelInboundHandlerAdapter());
        channel.pipeline().addLast("tls", tls.handler(POP));
        channel.pipeline().addLast("after", new ChannelInboundHandlerAdapter());

        channel.writeInbound(Unpooled.wrappedBuffer(wellFormed()));

        assertThat(channel.pipeline().names()).startsWith("before", "tls", "after");
        assertThat(channel.pipeline().get("tls")).isInstanceOf(SslHandler.class);
        channel.finishAndReleaseAll();
    }

    @Test
    void whoeverHearsOfTheClientHelloMayCloseTheChannel() {
        List<Object> heard = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel(tls.handler(POP), new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                if (event instanceof ClientHello) {
                    heard.add(event);
                    ctx.channel().close().syncUninterruptibly();
                }
            }
        });

        channel.writeOneInbound(Unpooled.wrappedBuffer(wellFormed())).syncUninterruptibly();
        channel.runPendingTasks();

        assertThat(heard).hasSize(1);
        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.<Object>readOutbound()).as("a handshake with nobody").isNull();
        channel.finishAndReleaseAll();
    }

    @Test
    void aClientHelloTooLongIsRefusedBeforeItIsKept() {
        List<Object> events = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel(tls.handler(POP), new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                events.add(event);
            }
        });

        assertThatThrownBy(() -> channel
                .writeInbound(Unpooled.wrappedBuffer(HelloBytes.record(new byte[] {1, 0, 0x40, 1, 3, 3}))))
                .isInstanceOf(TooLongFrameException.class);

        assertThat(events).filteredOn(SslHandshakeCompletionEvent.class::isInstance).singleElement()
                .extracting(event -> ((SslHandshakeCompletionEvent) event).isSuccess()).isEqualTo(false);
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    private static byte[] wellFormed() {
        return new HelloBytes().serverName(POP).signatures(0x0403).groups(23)
                .extension(11, new byte[] {1, 0}).record();
    }
}
