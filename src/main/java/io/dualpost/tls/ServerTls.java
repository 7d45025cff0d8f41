package io.dualpost.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.OpenSslX509KeyManagerFactory;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.ref.Reference;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/**
 * TLS towards the clients of one service: TLS 1.2 and 1.3 with forward secrecy and AEAD only (RFC 9325 section 4.2), the
 * certificate chosen by SNI and by what the client takes, no client certificate (RFC 8314 section 4.2), no renegotiation.
 * Contexts are made once, for all event loops, and freed when nobody holds this object any more.
 */
public final class ServerTls {
    private final CertificateChoice choice;
    private final List<SslContext> contexts;
    private final String alpn;

    private ServerTls(List<Certificate> certificates, List<SslContext> contexts, String alpn) {
        this.choice = new CertificateChoice(certificates);
        this.contexts = List.copyOf(contexts);
        this.alpn = alpn;
        TlsEngine.freeWith(this, this.contexts);
    }

    /**
     * Makes the contexts.
     *
     * @param certificates all that may be shown; the order decides between equals
     * @param hosts        the service's host names; each must be covered by a certificate
     * @param alpn         the one application protocol that clients may offer (RFC 7301)
     * @throws TlsProblem if a host is not covered, or the engine refuses a certificate
     */
    public static ServerTls of(TlsEngine engine, List<Certificate> certificates, List<String> hosts, String alpn,
            TicketKeys tickets) throws TlsProblem {
        return of(engine, certificates, hosts, alpn, tickets, SystemSigner::system);
    }

    /** The same, with another library for RSA keys than the system's, or none. */
    static ServerTls of(TlsEngine engine, List<Certificate> certificates, List<String> hosts, String alpn,
            TicketKeys tickets, Supplier<Optional<LibCrypto>> crypto) throws TlsProblem {
        for (String host : hosts) {
            if (certificates.stream().noneMatch(certificate -> certificate.covers(host))) {
                throw new TlsProblem("certificates: none for " + host + " (expected: one that names it)");
            }
        }
        if (certificates.isEmpty()) {
            throw new TlsProblem("certificates: none (expected: at least one)");
        }
        ServerTls tls = new ServerTls(certificates, contexts(engine, certificates, alpn, tickets, crypto), alpn);
        tickets.join(tls);
        return tls;
    }

    /**
     * A fresh handler, to be put first in a pipeline. It asks for input by itself as long as the handshake lasts,
     * fires the {@link ClientHello} as a user event, and replaces itself by an {@link SslHandler} under its own name. A
     * handshake ends as Netty's always do: with an {@code SslHandshakeCompletionEvent} unless the client goes away before
     * its ClientHello; after a failure the channel is closed. There is no time limit in it.
     *
     * <p>An {@link AlpnMismatch} and a {@link MalformedHello} are answered by the fitting alert. After STARTTLS the answer
     * is written before this handler is added; whatever is written through it before the handshake began fails, so
     * nothing meant for TLS leaves in clear.
     *
     * @param defaultHost whose certificate is shown to clients that name no host, or one without certificate
     */
    public ChannelHandler handler(String defaultHost) {
        return new HelloHandler(this, defaultHost);
    }

    String alpn() {
        return alpn;
    }

    SslHandler handler(ClientHello hello, String defaultHost, ByteBufAllocator allocator) {
        try {
            SslHandler handler = contexts.get(choice.pick(hello, defaultHost)).newHandler(allocator);
            handler.setHandshakeTimeoutMillis(0);
            handler.setCloseNotifyFlushTimeoutMillis(3_000);
            handler.setCloseNotifyReadTimeoutMillis(0);
            return handler;
        } finally {
            Reference.reachabilityFence(this); // The contexts must not be freed before the engine holds its own share.
        }
    }

    void apply(OpenSslSessionTicketKey[] keys) {
        try {
            for (SslContext context : contexts) {
                if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
                    sessions.setTicketKeys(keys);
                }
            }
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private static List<SslContext> contexts(TlsEngine engine, List<Certificate> certificates, String alpn,
            TicketKeys tickets, Supplier<Optional<LibCrypto>> crypto) throws TlsProblem {
        List<SslContext> contexts = new ArrayList<>();
        for (Certificate certificate : certificates) {
            try {
                contexts.add(context(identity(engine, certificate, crypto), engine, alpn, tickets));
            } catch (SSLException | IllegalArgumentException e) {
                contexts.forEach(ReferenceCountUtil::release);
                throw new TlsProblem(certificate.file() + ": refused by " + engine.label() + ": " + e.getMessage(), e);
            }
        }
        return contexts;
    }

    /** With an RSA key either BoringSSL signs by itself, or the system's OpenSSL for it. */
    private static SslContextBuilder identity(TlsEngine engine, Certificate certificate,
            Supplier<Optional<LibCrypto>> crypto) throws SSLException {
        X509Certificate[] chain = certificate.chain().toArray(X509Certificate[]::new);
        if (engine == TlsEngine.BORINGSSL && certificate.key() instanceof RSAPrivateKey) {
            Optional<SystemSigner> signer = crypto.get().flatMap(library -> SystemSigner.of(library, certificate));
            if (signer.isPresent()) {
                try {
                    // Without tasks tcnative calls the signer with an argument too few, and the process dies.
                    return SslContextBuilder.forServer(OpenSslX509KeyManagerFactory.newKeyless(chain))
                            .option(OpenSslContextOption.USE_TASKS, true)
                            .option(OpenSslContextOption.PRIVATE_KEY_METHOD, signer.get());
                } catch (GeneralSecurityException | IOException e) {
                    throw new SSLException(e.getMessage(), e);
                }
            }
        }
        // Its key lives in a key store of Netty's for a moment; that of the default type takes 3 ms to lock and unlock it.
        return SslContextBuilder.forServer(certificate.key(), chain).keyStoreType("JKS");
    }

    private static SslContext context(SslContextBuilder identity, TlsEngine engine, String alpn, TicketKeys tickets)
            throws SSLException {
        SslContext context = identity
                .sslProvider(engine.provider())
                .protocols(CipherSuites.PROTOCOLS)
                .ciphers(CipherSuites.ALL, SupportedCipherSuiteFilter.INSTANCE)
                .trustManager(new TrustNobody())
                .sessionTimeout(TicketKeys.LIFETIME_SECONDS)
                // OpenSSL's side of Netty knows no other behaviours; a mismatch never gets this far.
                .applicationProtocolConfig(new ApplicationProtocolConfig(Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, alpn))
                .build();
        if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
            sessions.setSessionCacheEnabled(false);
            sessions.setSessionIdContext(tickets.service());
        }
        return context;
    }
}
