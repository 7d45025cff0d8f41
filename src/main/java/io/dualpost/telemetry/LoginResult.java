package io.dualpost.telemetry;

import io.dualpost.mail.Refusal;
import java.util.Locale;

/** What became of a login that was worth a try. */
public enum LoginResult {
    /** The backend took it. */
    OK,
    /** The backend did not take user and password. */
    BAD_CREDENTIALS,
    /** The mailbox is in use, or it was too soon, or the account is out of order. */
    REFUSED,
    /** No backend could be asked. */
    BACKEND_UNAVAILABLE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The result that a refusal stands for. */
    public static LoginResult of(Refusal refusal) {
        return switch (refusal) {
            case BAD_CREDENTIALS -> BAD_CREDENTIALS;
            case IN_USE, LOGIN_DELAY, BACKEND_PERMANENT -> REFUSED;
            default -> BACKEND_UNAVAILABLE;
        };
    }

    /** As metrics and records spell it. */
    public String label() {
        return label;
    }
}
