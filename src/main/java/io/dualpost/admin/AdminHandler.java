package io.dualpost.admin;

import io.dualpost.admin.Answers.Readiness;
import io.dualpost.admin.Answers.Scrape;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests of one connection; each exchange, and each wait for the next, has the same patience. */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);
    private static final String INDEX = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Dualpost</title></head>
            <body><h1>Dualpost</h1>
            <ul>
            <li><a href="/metrics">metrics</a>, for Prometheus</li>
            <li><a href="/live">live</a>: the process runs</li>
            <li><a href="/ready">ready</a>: it takes sessions, or why not</li>
            </ul></body></html>
            """;

    /** Who may order what, and who asks. */
    private record Operator(OperationDesk desk, Caller caller) {}

    private final Answers answers;
    private final Duration patience;
    private final Optional<Operator> operator;
    private boolean answering;
    private @Nullable Future<?> deadline;

    /** Somebody who may only read. */
    AdminHandler(Answers answers, Duration patience) {
        this.answers = answers;
        this.patience = patience;
        this.operator = Optional.empty();
    }

    /** Somebody at the unix socket. */
    AdminHandler(Answers answers, Duration patience, OperationDesk desk, Caller caller) {
        this.answers = answers;
        this.patience = patience;
        this.operator = Optional.of(new Operator(desk, caller));
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        expect(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        expect(context);
        // Answers to a client that asks on without reading would be kept for it; nobody but an attacker does so.
        if (answering) {
            var _ = context.close();
            return;
        }
        answering = true;
        Reply reply = answer(context.channel(), request);
        answers.answered().accept(path(request), reply.status().code());
        send(context, request, reply).addListener(done -> {
            answering = false;
            if (!done.isSuccess()) {
                // What is left of the answer would be taken for all of it.
                var _ = context.close();
            } else if (context.channel().isActive()) {
                expect(context);
            }
        });
    }

    private ChannelFuture send(ChannelHandlerContext context, FullHttpRequest request, Reply reply) {
        Pieces body = new Pieces(reply.body(), () -> expect(context));
        ByteBuf first = body.readChunk(context.alloc());
        boolean whole = body.isEndOfInput();
        HttpResponse response = whole
                ? new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, reply.status(), first)
                : new DefaultHttpResponse(HttpVersion.HTTP_1_1, reply.status());
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, reply.contentType())
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE).set("x-content-type-options", "nosniff")
                .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, "default-src 'none'");
        reply.headers().forEach(response.headers()::set);
        if (request.decoderResult().isFailure() || isStranger()) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        if (whole) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, first.readableBytes());
            return context.writeAndFlush(response);
        }
        // To a client of HTTP/1.0 the end of the connection is the end of the body.
        HttpUtil.setTransferEncodingChunked(response, request.protocolVersion().equals(HttpVersion.HTTP_1_1));
        context.write(response);
        context.write(new DefaultHttpContent(first));
        return context.writeAndFlush(new HttpChunkedInput(body));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException || cause instanceof PrematureChannelClosureException) {
            LOG.debug("admin connection broken by {}", context.channel().remoteAddress(), cause);
        } else {
            LOG.warn("admin connection of {} ended", context.channel().remoteAddress(), cause);
        }
        var _ = context.close();
    }

    private void expect(ChannelHandlerContext context) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        deadline = context.executor().schedule(() -> {
            var _ = context.close();
        }, patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private boolean isStranger() {
        return operator.isPresent() && !operator.get().caller().admitted();
    }

    private Reply answer(Channel channel, FullHttpRequest request) {
        if (isStranger()) {
            LOG.warn("admin: {} was refused", operator.get().caller());
            return operator.get().desk().stranger(operator.get().caller());
        }
        if (request.decoderResult().isFailure()) {
            return Reply.bare(request.decoderResult().cause() instanceof TooLongFrameException
                    ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                    : HttpResponseStatus.BAD_REQUEST);
        }
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1 || (hosts.isEmpty() && request.protocolVersion().equals(HttpVersion.HTTP_1_1))) {
            return Reply.bare(HttpResponseStatus.BAD_REQUEST);
        }
        // No browser reaches a unix socket, so any name will do there.
        if (!hosts.isEmpty() && channel.localAddress() instanceof InetSocketAddress local
                && !HostHeader.names(hosts.getFirst(), local.getAddress())) {
            return Reply.bare(HttpResponseStatus.MISDIRECTED_REQUEST);
        }
        try {
            return route(request);
        } catch (RuntimeException fault) {
            LOG.error("admin: no answer to {}", request.uri(), fault);
            return Reply.bare(HttpResponseStatus.INTERNAL_SERVER_ERROR);
        }
    }

    private Reply route(FullHttpRequest request) {
        String path = path(request);
        if (!List.of("/", "/metrics", "/live", "/ready").contains(path)) {
            return operator.map(who -> who.desk().answer(who.caller(), request))
                    .orElseGet(() -> Reply.bare(HttpResponseStatus.NOT_FOUND));
        }
        return Reply.otherThan(List.of("GET", "HEAD"), request.method().name()).orElseGet(() -> switch (path) {
            case "/metrics" -> metrics(request.headers().get(HttpHeaderNames.ACCEPT, ""));
            case "/live" -> Reply.of(HttpResponseStatus.OK, Reply.TEXT, "live\n");
            case "/ready" -> ready();
            default -> Reply.of(HttpResponseStatus.OK, "text/html; charset=utf-8", INDEX);
        });
    }

    private static String path(FullHttpRequest request) {
        int query = request.uri().indexOf('?');
        return query < 0 ? request.uri() : request.uri().substring(0, query);
    }

    private Reply metrics(String accept) {
        Scrape scrape = answers.metrics().apply(accept);
        return Reply.of(HttpResponseStatus.OK, scrape.contentType(), scrape.body())
                .with(HttpHeaderNames.VARY, "Accept, Accept-Encoding");
    }

    private Reply ready() {
        Readiness readiness = answers.readiness().get();
        return Reply.of(readiness.ready() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
                "application/json", readiness.json());
    }
}
