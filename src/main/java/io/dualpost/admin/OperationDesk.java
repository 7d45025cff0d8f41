package io.dualpost.admin;

import io.dualpost.address.Prefix;
import io.dualpost.admin.Operations.Disable;
import io.dualpost.gate.RefusedNetworks;
import io.dualpost.telemetry.Json;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what operators ask and order: reads by GET, orders by POST, each with the parameters that it takes. */
final class OperationDesk {
    private static final Logger LOG = LoggerFactory.getLogger(OperationDesk.class);
    private static final List<String> READ = List.of("GET", "HEAD");
    private static final List<String> ORDER = List.of("POST");
    private static final Duration WHILE = Duration.ofHours(1);

    /** One thing that can be asked. */
    private record Route(List<String> methods, List<String> parameters, Answering answering) {}

    private interface Answering {
        Stream<String> answer(Parameters parameters, Format format) throws Rejected, IOException;
    }

    private final Operations operations;
    private final Map<String, Route> routes = Map.of(
            "/status", new Route(READ, List.of(), (_, format) -> status(format)),
            "/family", new Route(READ, List.of("family", "service"), this::family),
            "/family/disable", new Route(ORDER, List.of("family", "service", "for", "persist"), this::disable),
            "/family/enable", new Route(ORDER, List.of("family", "service"), this::enable),
            "/gate", new Route(READ, List.of(), (_, format) -> gate(format)),
            "/gate/add", new Route(ORDER, List.of("prefix", "for"), this::add),
            "/gate/remove", new Route(ORDER, List.of("prefix"), this::remove),
            "/gate/explain", new Route(READ, List.of("address"), this::explain),
            "/rescue", new Route(READ, List.of(), (_, format) -> rescue(format)));

    OperationDesk(Operations operations) {
        this.operations = operations;
    }

    Reply answer(Caller caller, FullHttpRequest request) {
        int question = request.uri().indexOf('?');
        String path = question < 0 ? request.uri() : request.uri().substring(0, question);
        Route route = routes.get(path);
        if (route == null) {
            return Reply.bare(HttpResponseStatus.NOT_FOUND);
        }
        Optional<Reply> otherwise = Reply.otherThan(route.methods(), request.method().name());
        if (otherwise.isPresent()) {
            return otherwise.get();
        }
        Format format = Format.of(request.headers().get(HttpHeaderNames.ACCEPT, ""));
        try {
            if (format == Format.CSV && !path.equals("/rescue")) {
                throw new Rejected(HttpResponseStatus.NOT_ACCEPTABLE,
                        "accept: text/csv (expected: application/json or text/plain; only /rescue is a CSV file)");
            }
            byte[] query = request.uri().substring(question < 0 ? request.uri().length() : question + 1)
                    .getBytes(StandardCharsets.UTF_8);
            byte[] body = ByteBufUtil.getBytes(request.content());
            boolean order = route.methods().equals(ORDER);
            Parameters.read(order ? "query" : "body", order ? query : body, List.of());
            if (order && body.length > 0 && !isForm(request)) {
                throw new Rejected(HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, "content-type: "
                        + request.headers().get(HttpHeaderNames.CONTENT_TYPE, "none") + " (expected: "
                        + HttpHeaderValues.APPLICATION_X_WWW_FORM_URLENCODED + ")");
            }
            Parameters asked = Parameters.read(order ? "body" : "query", order ? body : query, route.parameters());
            Stream<String> answer = route.answering().answer(asked, format);
            if (order) {
                LOG.info("admin: {} ordered {} {}", caller, path.substring(1).replace('/', ' '), asked);
            }
            return new Reply(HttpResponseStatus.OK, format.contentType(), Map.of(HttpHeaderNames.VARY, "Accept"),
                    answer.iterator());
        } catch (Rejected e) {
            return refusal(e.status(), format, e.words());
        } catch (IOException e) {
            LOG.warn("admin: {} ordered {}, and it failed", caller, path, e);
            return refusal(HttpResponseStatus.INTERNAL_SERVER_ERROR, format, String.valueOf(e.getMessage()));
        }
    }

    /** The answer to somebody who may not ask. */
    Reply stranger(Caller caller) {
        return refusal(HttpResponseStatus.FORBIDDEN, Format.TEXT, caller
                + " may not operate this proxy (expected: root, the user of the proxy, or a member of the group that is"
                + " configured for it)");
    }

    private static Reply refusal(HttpResponseStatus status, Format format, String words) {
        return format == Format.JSON
                ? Reply.of(status, format.contentType(), new Json().put("error", words) + "\n")
                : Reply.of(status, Reply.TEXT, words + "\n");
    }

    private static boolean isForm(FullHttpRequest request) {
        CharSequence type = HttpUtil.getMimeType(request);
        return type != null && HttpHeaderValues.APPLICATION_X_WWW_FORM_URLENCODED.contentEqualsIgnoreCase(type);
    }

    private Stream<String> status(Format format) {
        Status status = operations.status().get();
        return format == Format.JSON ? Stream.of(status.json()) : status.text();
    }

    private Stream<String> family(Parameters asked, Format format) throws Rejected {
        if (asked.text("family").isPresent()) {
            asked.family();
        }
        return family(service(asked), format);
    }

    private Stream<String> family(Optional<String> service, Format format) {
        FamilyReport all = operations.ipv6().list().get();
        FamilyReport asked = new FamilyReport(all.services().stream()
                .filter(line -> service.isEmpty() || line.service().equals(service.get())).toList());
        return format == Format.JSON ? Stream.of(asked.json()) : asked.text();
    }

    private Stream<String> disable(Parameters asked, Format format) throws Rejected, IOException {
        asked.family();
        Optional<String> service = service(asked);
        operations.ipv6().disable().carryOut(new Disable(service, asked.time("for"), asked.truth("persist")));
        return family(service, format);
    }

    private Stream<String> enable(Parameters asked, Format format) throws Rejected, IOException {
        asked.family();
        Optional<String> service = service(asked);
        operations.ipv6().enable().carryOut(service);
        return family(service, format);
    }

    private Optional<String> service(Parameters asked) throws Rejected {
        Optional<String> service = asked.text("service");
        List<String> known = operations.ipv6().list().get().services().stream().map(FamilyReport.Line::service)
                .toList();
        if (service.isPresent() && !known.contains(service.get())) {
            throw new Rejected(HttpResponseStatus.NOT_FOUND, "service: \"" + service.get() + "\" (expected: "
                    + (known.isEmpty() ? "none; no service has an IPv6 address" : String.join(" or ", known)) + ")");
        }
        return service;
    }

    private Stream<String> gate(Format format) {
        GateReport report = operations.gate().list().get();
        return format == Format.JSON ? report.json() : report.text();
    }

    private Stream<String> add(Parameters asked, Format format) throws Rejected {
        Prefix prefix = asked.prefix();
        Duration time = asked.time("for").orElse(WHILE);
        if (!operations.gate().add().test(prefix, time)) {
            throw new Rejected(HttpResponseStatus.CONFLICT, "prefix: " + prefix + " would be one too many; "
                    + RefusedNetworks.ADDED + " were added (expected: some are removed first)");
        }
        return only(prefix, format);
    }

    private Stream<String> remove(Parameters asked, Format format) throws Rejected {
        Prefix prefix = asked.prefix();
        if (operations.gate().remove().test(prefix)) {
            return only(prefix, format);
        }
        boolean fixed = operations.gate().list().get().networks().stream().map(GateReport.Line::entry)
                .anyMatch(entry -> entry.origin() == RefusedNetworks.Origin.STATIC && entry.prefix().equals(prefix));
        throw fixed
                ? new Rejected(HttpResponseStatus.CONFLICT, "prefix: " + prefix
                        + " is in the configuration (expected: it is removed there)")
                : new Rejected(HttpResponseStatus.NOT_FOUND, "prefix: " + prefix
                        + " was neither added nor learned (expected: a network of the list)");
    }

    private Stream<String> only(Prefix prefix, Format format) {
        GateReport all = operations.gate().list().get();
        GateReport asked = new GateReport(all.mode(), all.kernel(),
                all.networks().stream().filter(line -> line.entry().prefix().equals(prefix)).toList());
        return format == Format.JSON ? asked.json() : asked.text();
    }

    private Stream<String> explain(Parameters asked, Format format) throws Rejected {
        AddressReport report = new AddressReport(asked.address(), operations.gate().explain().apply(asked.address()),
                operations.ipv6().list().get());
        return format == Format.JSON ? Stream.of(report.json()) : report.text();
    }

    private Stream<String> rescue(Format format) {
        RescueReport report = new RescueReport(operations.rescue().get());
        return switch (format) {
            case JSON -> report.json();
            case TEXT -> report.text();
            case CSV -> report.csv();
        };
    }
}
