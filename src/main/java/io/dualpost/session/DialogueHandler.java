package io.dualpost.session;

import io.dualpost.mail.Action;
import io.dualpost.mail.Dialogue;
import io.dualpost.mail.Event;
import io.dualpost.mail.Line;
import io.dualpost.mail.LineEndings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * Runs a dialogue on a channel: gives it one line at a time, performs what it asks for, and asks for the next line only
 * when all of that is done and the dialogue listens. The channel does not read by itself.
 */
final class DialogueHandler extends ChannelInboundHandlerAdapter {
    private static final int CRLF = '\r' << 8 | '\n';

    private final Channel channel;
    private final Side side;
    private final LineFramer framer;
    private final Queue<Event> events = new ArrayDeque<>(2);
    private Dialogue dialogue;
    private Optional<ContentStream> stream = Optional.empty();
    private ByteBuf out = Unpooled.EMPTY_BUFFER;
    private boolean driving;
    private boolean reading;
    private boolean passed;
    private boolean heard;
    private boolean inputEnded;
    private boolean over;

    /**
     * @param channel     the channel whose last handler this becomes
     * @param lineEndings whether a lone LF ends a line
     * @param secret      whether lines of the other end may hold secrets
     */
    DialogueHandler(Channel channel, Side side, Dialogue dialogue, LineEndings lineEndings, boolean secret) {
        this.channel = channel;
        this.side = side;
        this.dialogue = dialogue;
        this.framer = new LineFramer(lineEndings, secret);
    }

    /** Something happened to the dialogue from outside its channel. */
    void on(Event event) {
        events.add(event);
        drive();
    }

    /** The other side's channel takes content again. */
    void resume() {
        drive();
    }

    /** Whether message content is on its way: a moment at which no words can be said. */
    boolean isStreaming() {
        return stream.isPresent();
    }

    /** Leaves the channel; gives up what was said and not yet taken. */
    Relay.Early detach() {
        flush();
        over = true;
        ByteBuf rest = framer.take();
        channel.pipeline().remove(this);
        return new Relay.Early(rest, inputEnded);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf octets = (ByteBuf) message;
        if (over) {
            octets.release();
            return;
        }
        reading = true;
        side.moved(octets.readableBytes(), 0);
        framer.add(channel.alloc(), octets);
        drive();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false;
        drive();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable() && !over) {
            side.writable();
            drive();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            inputEnded = true;
            drive();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!over) {
            side.closed();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!over) {
            side.broken(cause);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        over = true;
        framer.take().release();
        out.release();
        out = Unpooled.EMPTY_BUFFER;
    }

    private void drive() {
        if (driving || over) {
            return;
        }
        driving = true;
        try {
            for (Optional<Event> next = next(); next.isPresent(); next = over ? Optional.empty() : next()) {
                step(next.get());
            }
        } finally {
            driving = false;
        }
        if (!reading && !over) {
            flush();
        }
    }

    private Optional<Event> next() {
        if (!events.isEmpty()) {
            return Optional.of(events.remove());
        }
        if (stream.isPresent()) {
            return streamed(stream.get());
        }
        // What a line leads to is written to either side, so it waits until both take it.
        if (!dialogue.listens() || !channel.isWritable() || !side.other().isWritable()) {
            return Optional.empty();
        }
        Optional<Event> line = framer.next(dialogue.lineLimit());
        if (line.isEmpty()) {
            more(true);
        } else if (!heard) {
            heard = true;
            side.heard();
        }
        return line;
    }

    private Optional<Event> streamed(ContentStream content) {
        int held = framer.held().readableBytes();
        content.move(framer.held(), side.other());
        if (content.goesOn()) {
            side.content(held - framer.held().readableBytes());
            passed = true;
        }
        framer.settle();
        if (!content.ended()) {
            more(!content.goesOn() || side.other().isWritable());
            return Optional.empty();
        }
        stream = Optional.empty();
        side.streamed();
        return Optional.of(new Event.Streamed(content.clean()));
    }

    private void more(boolean wanted) {
        if (inputEnded) {
            flush();
            side.closed();
        } else if (wanted) {
            channel.read();
        }
    }

    private void step(Event event) {
        var step = dialogue.on(event);
        dialogue = step.next();
        for (Action action : step.actions()) {
            if (over) {
                return;
            }
            perform(action);
        }
    }

    private void perform(Action action) {
        switch (action) {
            case Action.Say(Line line) -> say(line);
            case Action.Refuse refuse -> {
                say(refuse.words());
                side.refused(refuse.refusal());
            }
            case Action.StartTls _ -> {
                flush();
                if (framer.isEmpty()) {
                    side.startTls();
                } else {
                    side.injected();
                }
            }
            case Action.Stream(var content) -> stream = Optional.of(new ContentStream(content));
            case Action.Pass _ -> {
                side.perform(action);
                passed = true;
            }
            case Action.Relay _,Action.End _,Action.Tell _ -> {
                flush();
                side.perform(action);
            }
            case Action.Seek _,Action.Message _ -> side.perform(action);
        }
    }

    private void say(Line line) {
        if (out.capacity() == 0) {
            out = channel.alloc().buffer(256);
        }
        out.writeCharSequence(line.octets(), java.nio.charset.StandardCharsets.ISO_8859_1);
        out.writeShort(CRLF);
    }

    private void flush() {
        if (out.isReadable()) {
            side.moved(0, out.readableBytes());
            channel.writeAndFlush(out, channel.voidPromise());
            out = Unpooled.EMPTY_BUFFER;
        }
        if (passed) {
            passed = false;
            side.other().flush();
        }
    }
}
