package io.dualpost.mail;

import java.util.Optional;

/**
 * What a dialogue with a backend is born with; without credentials it is a probe.
 *
 * @param tls         when TLS begins
 * @param forwarding  how the backend learns of the client
 * @param identity    what it may learn
 * @param credentials what to log in with
 * @param known       what a probe has learned of the backend; nothing, as long as there was none
 */
public record BackTerms(TlsMode tls, Forwarding forwarding, Optional<Identity> identity,
        Optional<Credentials> credentials, Offer known) {
    /** The backend is set up wrongly or breaks the protocol. */
    static Step fault(String detail) {
        return troubled(Refusal.BACKEND_FAULT, detail);
    }

    /** The backend does not serve just now. */
    static Step unavailable(String detail) {
        return troubled(Refusal.BACKEND_UNAVAILABLE, detail);
    }

    /** The backend serves, but not this user now. */
    static Step postponed(Refusal refusal, String detail) {
        return Step.to(Ended.ENDED, new Action.Tell(new Event.Postponed(refusal, detail)));
    }

    private static Step troubled(Refusal refusal, String detail) {
        return Step.to(Ended.ENDED, new Action.Tell(new Event.Troubled(refusal, detail)));
    }
}
