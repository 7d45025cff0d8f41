package io.dualpost.mail;

import java.util.List;

/** What comes of an event: the dialogue from now on, and what it asks for, in order. */
public record Step(Dialogue next, List<Action> actions) {
    /** Copies the list. */
    public Step {
        actions = List.copyOf(actions);
    }

    /** The dialogue goes on as {@code next} and asks for these actions. */
    public static Step to(Dialogue next, Action... actions) {
        return new Step(next, List.of(actions));
    }
}
