package io.dualpost.tls;

import io.dualpost.address.Addresses;
import io.dualpost.route.Backend;
import io.dualpost.route.Pool;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * TLS towards the backends of one pool: TLS 1.2 and 1.3 with forward secrecy and AEAD only; chain and host name are always
 * verified (RFC 9525). The context is freed when nobody holds this object any more.
 */
public final class BackendTls {
    private final SslContext context;
    private final Optional<String> name;

    private BackendTls(SslContext context, Optional<String> name) {
        this.context = context;
        this.name = name;
        TlsEngine.freeWith(this, List.of(context));
    }

    /**
     * Makes the context.
     *
     * @throws TlsProblem if the pool's authorities cannot be read
     */
    public static BackendTls of(TlsEngine engine, Pool pool) throws TlsProblem {
        try {
            return new BackendTls(SslContextBuilder.forClient()
                    .sslProvider(engine.provider())
                    .protocols(CipherSuites.PROTOCOLS)
                    .ciphers(CipherSuites.ALL, SupportedCipherSuiteFilter.INSTANCE)
                    .trustManager(new BackendTrust(Authorities.trust(pool.trust().authorities())))
                    .endpointIdentificationAlgorithm("HTTPS")
                    .build(), pool.trust().name());
        } catch (SSLException e) {
            throw new TlsProblem("pool " + pool.name() + ": TLS refused by " + engine.label() + ": " + e.getMessage(),
                    e);
        }
    }

    /**
     * A fresh handler for a connection to a backend; it begins the handshake as soon as it is in the pipeline of an
     * active channel. The name to verify is the pool's own or else the backend's host; it is also sent by SNI (RFC 6066
     * section 3), unless it is an address. The handshake has no time limit in it. Why it failed is told by
     * {@link TlsFailure#reason}.
     */
    public SslHandler handler(ByteBufAllocator allocator, Backend backend) {
        String expected = name.orElse(backend.endpoint().host());
        try {
            SslHandler handler = context.newHandler(allocator, expected, backend.endpoint().port());
            indication(expected).ifPresent(sni -> {
                SSLParameters parameters = handler.engine().getSSLParameters();
                parameters.setServerNames(List.of(sni));
                handler.engine().setSSLParameters(parameters);
            });
            handler.setHandshakeTimeoutMillis(0);
            handler.setCloseNotifyFlushTimeoutMillis(3_000);
            handler.setCloseNotifyReadTimeoutMillis(0);
            return handler;
        } finally {
            Reference.reachabilityFence(this); // The context must not be freed before the engine holds its own share.
        }
    }

    private static Optional<SNIServerName> indication(String expected) {
        if (Addresses.literal(expected).isPresent()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SNIHostName(expected));
        } catch (IllegalArgumentException _) {
            return Optional.empty(); // An underscore in it; verification will say that no certificate can be for it.
        }
    }
}
