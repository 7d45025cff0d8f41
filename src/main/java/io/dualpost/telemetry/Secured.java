package io.dualpost.telemetry;

/**
 * What TLS with a client came to.
 *
 * @param version as the field spells it: {@code TLSv1.3}
 * @param cipher  the suite's name by IANA
 * @param resumed whether it went on from an earlier session, without a certificate
 */
public record Secured(String version, String cipher, boolean resumed) {}
