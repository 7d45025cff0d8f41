package io.dualpost.route;

import io.dualpost.mail.Forwarding;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Backends of equal worth: whichever answers will do.
 *
 * @param name     as the configuration calls it
 * @param protocol what the backends speak
 * @param servers  at least one
 * @param tls      when TLS begins towards them
 * @param trust    how their certificates are verified; of no use with {@link TlsMode#NONE}
 * @param identity how they learn who the client is
 * @param offer    capabilities to offer clients at most, as keywords in upper case; empty: all that the backends have
 */
public record Pool(String name, Protocol protocol, List<Backend> servers, TlsMode tls, Trust trust,
        Forwarding identity, List<String> offer) {
    /** Copies the lists. */
    public Pool {
        servers = List.copyOf(servers);
        offer = List.copyOf(offer);
    }

    /**
     * How a backend's certificate is verified.
     *
     * @param authorities PEM file of the authorities to trust instead of the Java platform's own
     * @param name        the name that the certificate must carry instead of the configured host
     */
    public record Trust(Optional<Path> authorities, Optional<String> name) {}
}
