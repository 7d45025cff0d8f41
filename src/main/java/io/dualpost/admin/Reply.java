package io.dualpost.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An answer before it is put on the wire.
 *
 * @param headers beside those that every answer has
 * @param body    in pieces that are made while they are sent; in UTF-8
 */
record Reply(HttpResponseStatus status, String contentType, Map<CharSequence, String> headers,
        Iterator<String> body) {
    static final String TEXT = "text/plain; charset=utf-8";

    static Reply of(HttpResponseStatus status, String contentType, String body) {
        return new Reply(status, contentType, Map.of(), List.of(body).iterator());
    }

    /** Only what the status says. */
    static Reply bare(HttpResponseStatus status) {
        return of(status, TEXT, status + "\n");
    }

    Reply with(CharSequence name, String value) {
        return new Reply(status, contentType, Map.of(name, value), body);
    }

    /** Says which methods a path takes, if this is none of them. */
    static Optional<Reply> otherThan(List<String> allowed, String method) {
        return allowed.contains(method)
                ? Optional.empty()
                : Optional.of(bare(HttpResponseStatus.METHOD_NOT_ALLOWED).with("allow", String.join(", ", allowed)));
    }
}
