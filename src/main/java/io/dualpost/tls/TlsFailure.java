package io.dualpost.tls;

import io.netty.handler.ssl.NotSslRecordException;

/** Why TLS failed, in words that are fit for a log. */
public final class TlsFailure {
    private TlsFailure() {}

    /**
     * What was wrong with a certificate, or else the engine's own words. Octets that the other end sent instead of TLS may
     * be a password, so they are never part of it.
     */
    public static String reason(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 16; depth++) {
            if (cause instanceof BackendCertificateProblem problem) {
                return String.valueOf(problem.getMessage());
            }
            if (cause instanceof NotSslRecordException) {
                return "octets that are no TLS record";
            }
            cause = cause.getCause();
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
