package io.dualpost.mail;

import java.util.List;

/**
 * What a front dialogue is born with.
 *
 * @param startTls       whether TLS can be started on this listener
 * @param plaintextLogin whether a login without TLS is taken
 * @param offer          capabilities of the backends, as far as clients may have them
 * @param atMost         keywords that may be offered, before and after login; empty: all that a proxy can keep
 * @param lineEndings    what becomes of a bare CR or LF
 */
public record FrontTerms(boolean startTls, boolean plaintextLogin, Offer offer, List<String> atMost,
        LineEndings lineEndings) {
    /** Copies the list. */
    public FrontTerms {
        atMost = List.copyOf(atMost);
    }
}
