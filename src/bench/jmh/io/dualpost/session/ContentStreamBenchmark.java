package io.dualpost.session;

import io.dualpost.Benchmarked;
import io.dualpost.mail.Content;
import io.dualpost.mail.LineEndings;
import io.dualpost.mail.MessageText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** A message that came in one read on its way to a backend that takes all at once. */
public class ContentStreamBenchmark extends Benchmarked {
    @Param
    public MessageText text = MessageText.MAIL;

    private final Channel backend = new EmbeddedChannel(new Taker());
    private final ByteBuf octets = PooledByteBufAllocator.DEFAULT.directBuffer(MessageText.SIZE);

    private static final class Taker extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            ReferenceCountUtil.release(message);
        }
    }

    @Setup
    public void write() {
        octets.writeBytes(text.octets());
    }

    @Benchmark
    public boolean move() {
        ContentStream stream = new ContentStream(new Content.Dotted(LineEndings.NORMALIZE));
        octets.readerIndex(0);
        stream.move(octets, backend);
        return stream.ended();
    }
}
