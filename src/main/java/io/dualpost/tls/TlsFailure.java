package io.dualpost.tls;

import io.dualpost.telemetry.HandshakeFailure;
import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.security.SignatureException;

/** Why TLS failed, in words that are fit for a log. */
public final class TlsFailure {
    private TlsFailure() {}

    /** What kind of failure it was, of a handshake with a client. */
    public static HandshakeFailure kind(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 16; depth++) {
            switch (cause) {
                case NotSslRecordException _ -> {
                    return HandshakeFailure.NO_TLS;
                }
                case MalformedHello _ -> {
                    return HandshakeFailure.NO_TLS;
                }
                case AlpnMismatch _ -> {
                    return HandshakeFailure.ALPN_MISMATCH;
                }
                case ClosedChannelException _ -> {
                    return HandshakeFailure.CLOSED;
                }
                default -> cause = cause.getCause();
            }
        }
        return kind(String.valueOf(failure.getMessage()));
    }

    // The engines tell it in words only: BoringSSL's reasons, and those of the JDK.
    private static HandshakeFailure kind(String words) {
        if (words.contains("_ALERT_") || words.contains("fatal alert")) {
            return HandshakeFailure.CLIENT_ALERT;
        }
        if (words.contains("UNSUPPORTED_PROTOCOL") || words.contains("WRONG_VERSION_NUMBER")
                || words.contains("Client requested protocol") || words.contains("protocol version")) {
            return HandshakeFailure.NO_SHARED_VERSION;
        }
        if (words.contains("NO_SHARED_CIPHER") || words.contains("NO_COMMON_SIGNATURE")
                || words.contains("cipher suites in common")) {
            return HandshakeFailure.NO_SHARED_CIPHER;
        }
        if (words.contains("reset by peer") || words.contains("Connection reset") || words.contains("Broken pipe")) {
            return HandshakeFailure.RESET;
        }
        return words.contains("closed") ? HandshakeFailure.CLOSED : HandshakeFailure.OTHER;
    }

    /**
     * What was wrong with a certificate or its signature, or else the engine's own words. Octets that the other end sent instead of TLS may
     * be a password, so they are never part of it.
     */
    public static String reason(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 16; depth++) {
            if (cause instanceof BackendCertificateProblem problem) {
                return String.valueOf(problem.getMessage());
            }
            if (cause instanceof SignatureException unsigned) {
                return "signature: " + unsigned.getMessage();
            }
            if (cause instanceof NotSslRecordException) {
                return "octets that are no TLS record";
            }
            cause = cause.getCause();
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
