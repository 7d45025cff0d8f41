package io.dualpost.tls;

import io.dualpost.telemetry.Secured;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import java.lang.ref.Cleaner;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What does the cryptography of TLS. */
public enum TlsEngine {
    /**
     * Google's BoringSSL inside the process, by Netty's tcnative. Contexts and engines are counted, not finalized: a
     * finalizer per session would be felt.
     */
    BORINGSSL("boringssl", SslProvider.OPENSSL_REFCNT),
    /** The Java platform's own: about four times slower in handshakes. */
    JDK("jdk", SslProvider.JDK);

    private static final Cleaner CLEANER = Cleaner.create();
    private static final Logger LOG = LoggerFactory.getLogger(TlsEngine.class);

    static {
        // BoringSSL never renegotiates; the JDK must be told, once, before its first handshake (RFC 9325 section 3.5).
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    private final String label;
    private final SslProvider provider;

    TlsEngine(String label, SslProvider provider) {
        this.label = label;
        this.provider = provider;
    }

    /** BoringSSL where it runs, else the JDK with a warning that says why. */
    public static TlsEngine best() {
        return Best.ENGINE;
    }

    /** Netty's name for it. */
    public SslProvider provider() {
        return provider;
    }

    /** Frees contexts when their owner is gone; sessions still open keep theirs until they end. */
    static void freeWith(Object owner, List<SslContext> contexts) {
        List<SslContext> owned = List.copyOf(contexts);
        CLEANER.register(owner, () -> owned.forEach(ReferenceCountUtil::release));
    }

    /** What a handshake that was just completed came to. */
    public static Secured secured(SSLEngine engine) {
        SSLSession session = engine.getSession();
        // The JDK does not tell; there a session that is older than the connection was resumed by its own cache, which a
        // server of ours does not use for tickets.
        boolean resumed = engine instanceof ReferenceCountedOpenSslEngine native_
                && SSL.isSessionReused(native_.sslPointer());
        return new Secured(session.getProtocol(), session.getCipherSuite(), resumed);
    }

    /** As logs and metrics spell it. */
    public String label() {
        return label;
    }

    /** Decided once, so warned of once. */
    private static final class Best {
        static final TlsEngine ENGINE = decide();

        private static TlsEngine decide() {
            if (OpenSsl.isAvailable()) {
                return BORINGSSL;
            }
            LOG.warn("tls: BoringSSL does not run here, the JDK's slower TLS does its work: {}",
                    String.valueOf(OpenSsl.unavailabilityCause()));
            return JDK;
        }
    }
}
