package io.dualpost.probe;

import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Lets any certificate pass and remembers it. A probe sends nothing that a stranger may not have, and it is to show what
 * is wrong with a certificate as well as what comes after; {@link Trust} judges it afterwards.
 */
final class ChainWitness extends X509ExtendedTrustManager {
    private List<X509Certificate> chain = List.of();
    private String type = "";

    /** The chain that was shown, the leaf first. */
    List<X509Certificate> chain() {
        return chain;
    }

    /** The kind of key exchange, as a trust manager is told it. */
    String type() {
        return type;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String exchange, Socket socket) {
        checkServerTrusted(shown, exchange);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String exchange, SSLEngine engine) {
        checkServerTrusted(shown, exchange);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String exchange) {
        chain = List.of(shown);
        type = exchange;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String exchange, Socket socket) {
        checkClientTrusted(shown, exchange);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String exchange, SSLEngine engine) {
        checkClientTrusted(shown, exchange);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String exchange) {
        throw new IllegalStateException("a client's certificate (expected: none, this is a client)");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
