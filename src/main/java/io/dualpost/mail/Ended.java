package io.dualpost.mail;

/** A dialogue that is over; it hears nothing more. */
enum Ended implements Dialogue {
    ENDED;

    @Override
    public Step on(Event event) {
        return Step.to(this);
    }

    @Override
    public boolean listens() {
        return false;
    }
}
