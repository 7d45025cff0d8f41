package io.dualpost.config;

import java.util.Optional;

/** A text is not what a key takes. */
final class Unfit extends Exception {
    private static final long serialVersionUID = 1;

    /** Nothing to say beyond what was expected. */
    Unfit() {}

    /** There is a cure to name. */
    Unfit(String hint) {
        super(hint);
    }

    /** The cure. */
    Optional<String> hint() {
        return Optional.ofNullable(getMessage());
    }
}
