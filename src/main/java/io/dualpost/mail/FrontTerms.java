package io.dualpost.mail;

/**
 * What a front dialogue is born with.
 *
 * @param startTls       whether TLS can be started on this listener
 * @param plaintextLogin whether a login without TLS is taken
 * @param offer          capabilities of the backends, as far as clients may have them
 * @param lineEndings    what becomes of a bare CR or LF
 */
public record FrontTerms(boolean startTls, boolean plaintextLogin, Offer offer, LineEndings lineEndings) {}
