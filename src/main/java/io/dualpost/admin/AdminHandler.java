package io.dualpost.admin;

import io.dualpost.admin.Answers.Readiness;
import io.dualpost.admin.Answers.Scrape;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests of one connection; each exchange, and each wait for the next, has the same patience. */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);
    private static final String TEXT = "text/plain; charset=utf-8";
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

    private final Answers answers;
    private final Duration patience;
    private @Nullable Future<?> deadline;

    AdminHandler(Answers answers, Duration patience) {
        this.answers = answers;
        this.patience = patience;
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
        FullHttpResponse response = answer(context.channel(), request);
        answers.answered().accept(path(request), response.status().code());
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("x-content-type-options", "nosniff")
                .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, "default-src 'none'");
        if (request.decoderResult().isFailure()) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        context.writeAndFlush(response).addListener(done -> {
            if (context.channel().isActive()) {
                expect(context);
            }
        });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
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

    private FullHttpResponse answer(Channel channel, FullHttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return text(request.decoderResult().cause() instanceof TooLongFrameException
                    ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                    : HttpResponseStatus.BAD_REQUEST);
        }
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1 || (hosts.isEmpty() && request.protocolVersion().equals(HttpVersion.HTTP_1_1))) {
            return text(HttpResponseStatus.BAD_REQUEST);
        }
        if (!hosts.isEmpty() && !HostHeader.names(hosts.getFirst(), local(channel))) {
            return text(HttpResponseStatus.MISDIRECTED_REQUEST);
        }
        try {
            return route(request);
        } catch (RuntimeException fault) {
            LOG.error("admin: no answer to {}", request.uri(), fault);
            return text(HttpResponseStatus.INTERNAL_SERVER_ERROR);
        }
    }

    private FullHttpResponse route(FullHttpRequest request) {
        String path = path(request);
        if (!List.of("/", "/metrics", "/live", "/ready").contains(path)) {
            return text(HttpResponseStatus.NOT_FOUND);
        }
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            FullHttpResponse refused = text(HttpResponseStatus.METHOD_NOT_ALLOWED);
            refused.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
            return refused;
        }
        return switch (path) {
            case "/metrics" -> metrics(request.headers().get(HttpHeaderNames.ACCEPT, ""));
            case "/live" -> response(HttpResponseStatus.OK, TEXT, "live\n");
            case "/ready" -> ready();
            default -> response(HttpResponseStatus.OK, "text/html; charset=utf-8", INDEX);
        };
    }

    private static String path(FullHttpRequest request) {
        int query = request.uri().indexOf('?');
        return query < 0 ? request.uri() : request.uri().substring(0, query);
    }

    private FullHttpResponse metrics(String accept) {
        Scrape scrape = answers.metrics().apply(accept);
        FullHttpResponse response = response(HttpResponseStatus.OK, scrape.contentType(), scrape.body());
        response.headers().set(HttpHeaderNames.VARY, "Accept, Accept-Encoding");
        return response;
    }

    private FullHttpResponse ready() {
        Readiness readiness = answers.readiness().get();
        return response(readiness.ready() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
                "application/json", readiness.json());
    }

    private static InetAddress local(Channel channel) {
        return ((InetSocketAddress) channel.localAddress()).getAddress();
    }

    private static FullHttpResponse text(HttpResponseStatus status) {
        return response(status, TEXT, status + "\n");
    }

    private static FullHttpResponse response(HttpResponseStatus status, String contentType, String body) {
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status,
                Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        return response;
    }
}
