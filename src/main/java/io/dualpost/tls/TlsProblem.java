package io.dualpost.tls;

/** TLS cannot be set up as asked; the message says where, what was found and what was expected. */
public final class TlsProblem extends Exception {
    private static final long serialVersionUID = 1L;

    TlsProblem(String message) {
        super(message);
    }

    TlsProblem(String message, Throwable cause) {
        super(message, cause);
    }
}
