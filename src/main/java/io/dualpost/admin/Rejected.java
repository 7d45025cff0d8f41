package io.dualpost.admin;

import io.netty.handler.codec.http.HttpResponseStatus;

/** What an operator asks for cannot be had; the message says what was found and what was expected. */
final class Rejected extends Exception {
    private static final long serialVersionUID = 1;

    private final transient HttpResponseStatus status;

    Rejected(HttpResponseStatus status, String message) {
        super(message);
        this.status = status;
    }

    /** A parameter is not what it should be. */
    static Rejected parameter(String name, String found, String expected) {
        return new Rejected(HttpResponseStatus.BAD_REQUEST, name + ": " + found + " (expected: " + expected + ")");
    }

    HttpResponseStatus status() {
        return status;
    }

    String words() {
        return String.valueOf(getMessage());
    }
}
