package io.dualpost.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What a front dialogue knows in every state before login.
 *
 * @param host     the name this side goes by
 * @param mistakes bad commands so far
 * @param failures failed logins so far
 */
record Desk(Protocol protocol, FrontTerms terms, String host, boolean secure, int mistakes, int failures) {
    private static final int MISTAKES = 10;
    private static final int FAILURES = 5;

    boolean takesLogin() {
        return secure || terms.plaintextLogin();
    }

    boolean offersTls() {
        return terms.startTls() && !secure;
    }

    Desk secured(String name) {
        return new Desk(protocol, terms, name, true, mistakes, failures);
    }

    Action say(Refusal refusal) {
        return new Action.Refuse(refusal, protocol);
    }

    /** Refuses and goes on, or ends the session when there have been too many mistakes. */
    Step mistake(Refusal refusal, Function<Desk, Dialogue> next) {
        if (mistakes + 1 >= MISTAKES) {
            return end(Refusal.TOO_MANY_ERRORS, Cause.PROTOCOL_ERROR);
        }
        return Step.to(next.apply(new Desk(protocol, terms, host, secure, mistakes + 1, failures)), say(refusal));
    }

    /** Refuses a login and goes on, or ends the session when too many have failed. */
    Step failure(Refusal refusal, Function<Desk, Dialogue> next) {
        if (failures + 1 >= FAILURES) {
            Refusal others = refusal.blame() == Refusal.Blame.BACKEND
                    ? Refusal.BACKEND_LOST
                    : Refusal.TOO_MANY_ERRORS;
            return end(refusal == Refusal.BAD_CREDENTIALS ? Refusal.TOO_MANY_FAILURES : others,
                    Cause.LOGIN_FAILURES);
        }
        return Step.to(next.apply(new Desk(protocol, terms, host, secure, mistakes, failures + 1)), say(refusal));
    }

    /** What every state does when trouble comes from outside: says so and ends. */
    Step troubled(Event.Troubled troubled) {
        return end(troubled.refusal(), cause(troubled.refusal()));
    }

    /** Why a session ends that trouble from outside ends. */
    static Cause cause(Refusal trouble) {
        return switch (trouble) {
            case TIMED_OUT -> Cause.TIMEOUT;
            case DRAINING -> Cause.SHUTDOWN;
            case SESSION_LIMIT, PREFIX_LIMIT -> Cause.LIMIT;
            default -> trouble.blame() == Refusal.Blame.BACKEND ? Cause.BACKEND_CLOSE : Cause.INTERNAL;
        };
    }

    Step end(Refusal refusal, Cause cause) {
        return Step.to(Ended.ENDED, say(refusal), new Action.End(cause));
    }

    /** A step that says several lines. */
    static Step saying(Dialogue next, List<String> lines) {
        List<Action> actions = new ArrayList<>(lines.size());
        lines.forEach(line -> actions.add(new Action.Say(Line.of(line))));
        return new Step(next, actions);
    }
}
