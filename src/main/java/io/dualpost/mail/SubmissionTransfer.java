package io.dualpost.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The watched relay of submission after login. Commands are judged one by one: mail commands pass as they are, what only
 * the proxy may say to a backend that trusts it (XCLIENT, XFORWARD, AUTH, STARTTLS) is answered here. Answers stay in
 * order: what the proxy itself answers waits until the backend owes nothing.
 *
 * @param rules what holds for the whole relay
 * @param owed  answers that the backend owes for commands passed on, apart from the one that is awaited
 * @param await what must come before the next command is taken
 * @param mood  what else is known
 */
record SubmissionTransfer(Rules rules, int owed, Await await, Mood mood) implements Dialogue {
    private static final int OWED_AT_MOST = 100;
    private static final int MISTAKES = 20;
    // BDAT is not passed as it came.
    private static final Set<String> LONG = Set.of("MAIL", "RCPT", "BDAT");

    /** What holds for the whole relay: the policy for line endings, and what the backend announced after login. */
    record Rules(LineEndings lineEndings, boolean chunking) {}

    /**
     * @param open     whether a mail transaction may be under way
     * @param draining whether the proxy wants the session to end between two transactions
     * @param parted   whether the backend has said 421
     * @param mistakes commands refused by the proxy so far
     */
    record Mood(boolean open, boolean draining, boolean parted, int mistakes) {
        Mood opened(boolean now) {
            return new Mood(now, draining, parted, mistakes);
        }
    }

    /** What must come before the next command of the client is taken. */
    sealed interface Await {
        /** Nothing. */
        record Nothing() implements Await {}

        /** The answer to DATA. */
        record Data() implements Await {}

        /** The end of content; whether it completes the message, and whether the backend has answered already. */
        record Streaming(boolean last, boolean answered) implements Await {}

        /** The answer to a whole message. */
        record Verdict() implements Await {}

        /** The answer to EHLO, as far as it is there. */
        record Hello(List<String> lines) implements Await {}

        /** The answer to QUIT. */
        record Farewell() implements Await {}

        /** All answers that the backend owes; then the proxy says this. */
        record Settled(Refusal refusal, boolean ends) implements Await {}
    }

    private static final Await NOTHING = new Await.Nothing();

    static SubmissionTransfer begin(LineEndings lineEndings, Offer offer) {
        return new SubmissionTransfer(new Rules(lineEndings, offer.has("CHUNKING")), 0, NOTHING,
                new Mood(false, false, false, 0));
    }

    @Override
    public boolean listens() {
        return await instanceof Await.Nothing && owed < OWED_AT_MOST;
    }

    // RFC 5321 section 4.5.3.1.4 gives 512; extensions add to MAIL and RCPT (SIZE, BODY, SMTPUTF8, DSN, AUTH) about 700.
    // A backend that cuts a longer line in two would answer twice, and take its second half for a command.
    @Override
    public int lineLimit() {
        return 1534;
    }

    @Override
    public Step on(Event event) {
        return switch (event) {
            case Event.Said(Line line) -> said(line);
            case Event.Malformed(Refusal refusal) -> refuse(refusal, false);
            case Event.Heard(Line line) -> heard(line);
            case Event.Streamed(boolean clean) -> streamed(clean);
            case Event.Troubled(Refusal refusal, String _) -> troubled(refusal);
            default -> end(Refusal.INTERNAL, Cause.INTERNAL);
        };
    }

    private Step said(Line line) {
        Command command = Command.of(line);
        if (line.octets().length() > 510 && !LONG.contains(command.verb())) {
            return refuse(Refusal.LINE_TOO_LONG, false);
        }
        return switch (command.verb()) {
            case "MAIL" -> passed(line, mood.opened(true));
            case "RSET" -> passed(line, mood.opened(false));
            case "RCPT", "NOOP", "VRFY", "EXPN", "HELP" -> passed(line, mood);
            case "DATA" -> awaiting(new Await.Data(), new Action.Pass(line));
            case "BDAT" -> chunk(Chunk.parse(command.trimmed()));
            case "EHLO", "HELO" -> awaiting(new Await.Hello(List.of()), new Action.Pass(line));
            case "QUIT" -> awaiting(new Await.Farewell(), new Action.Pass(line));
            case "AUTH", "STARTTLS" -> refuse(Refusal.BAD_SEQUENCE, false);
            case "XCLIENT", "XFORWARD", "ETRN", "TURN", "ATRN", "BURL", "SEND", "SOML", "SAML" ->
                refuse(Refusal.NOT_IMPLEMENTED, false);
            // An unknown command may bring octets that are no commands; a backend that knows it would see another
            // dialogue than the proxy.
            default -> refuse(Refusal.UNKNOWN_COMMAND, false);
        };
    }

    private Step chunk(Optional<Chunk> chunk) {
        if (chunk.isEmpty()) {
            return refuse(Refusal.BAD_ARGUMENT, true);
        }
        // To a backend without CHUNKING the octets of the chunk would be commands, said by a peer that it trusts.
        if (!rules.chunking()) {
            return refuse(Refusal.NOT_IMPLEMENTED, true);
        }
        return awaiting(new Await.Streaming(chunk.get().last(), false),
                new Action.Pass(chunk.get().command()),
                new Action.Stream(new Content.Chunk(chunk.get().octets())));
    }

    private Step heard(Line line) {
        String text = line.octets();
        Optional<Integer> code = code(text);
        if (code.isEmpty() || !isDue(code.get())) {
            return end(Refusal.BACKEND_LOST, Cause.BACKEND_CLOSE);
        }
        boolean last = text.length() == 3 || text.charAt(3) == ' ';
        SubmissionTransfer now = code.get() == 421
                ? with(new Mood(mood.open, mood.draining, true, mood.mistakes))
                : this;
        if (owed > 0) {
            return now.settledBy(line, last);
        }
        return switch (await) {
            case Await.Data() -> now.data(line, last, code.get());
            case Await.Streaming(boolean whole, boolean _) -> now.early(line, last, whole);
            case Await.Verdict() -> last
                    ? now.with(now.mood.opened(false)).free(new Action.Say(line), message(line))
                    : Step.to(now, new Action.Say(line));
            case Await.Hello(List<String> lines) -> now.hello(lines, line, last);
            case Await.Farewell() -> last
                    ? Step.to(Ended.ENDED, new Action.Say(line), new Action.End(Cause.QUIT))
                    : Step.to(now, new Action.Say(line));
            case Await.Nothing(),Await.Settled(Refusal _, boolean _) -> Step.to(now, new Action.Say(line));
        };
    }

    // Out of turn comes only 421 (RFC 5321 section 3.8); "go ahead" for anything but DATA would make commands of content.
    private boolean isDue(int code) {
        if (code / 100 == 3) {
            return code == 354 && owed == 0 && await instanceof Await.Data;
        }
        boolean asked = switch (await) {
            case Await.Nothing() -> false;
            case Await.Streaming(boolean _, boolean answered) -> !answered;
            default -> true;
        };
        return code == 421 || owed > 0 || asked;
    }

    /** The backend answers before all content has gone through; what it says of a whole message is the verdict. */
    private Step early(Line line, boolean last, boolean whole) {
        if (!last) {
            return Step.to(this, new Action.Say(line));
        }
        Await answered = new Await.Streaming(whole, true);
        return whole && await instanceof Await.Streaming(boolean _, boolean before) && !before
                ? awaiting(answered, new Action.Say(line), message(line))
                : awaiting(answered, new Action.Say(line));
    }

    private static Action message(Line answer) {
        return new Action.Message(answer.octets().startsWith("2"));
    }

    private Step settledBy(Line line, boolean last) {
        if (!last) {
            return Step.to(this, new Action.Say(line));
        }
        SubmissionTransfer next = new SubmissionTransfer(rules, owed - 1, await, mood);
        if (next.owed == 0 && await instanceof Await.Settled(Refusal refusal, boolean ends)) {
            Action own = new Action.Say(refusal.words(Protocol.SUBMISSION));
            return ends
                    ? Step.to(Ended.ENDED, new Action.Say(line), own, new Action.End(Cause.PROTOCOL_ERROR))
                    : next.free(new Action.Say(line), own);
        }
        return await instanceof Await.Nothing
                ? next.free(new Action.Say(line))
                : Step.to(next, new Action.Say(line));
    }

    private Step data(Line line, boolean last, int code) {
        if (!last) {
            return Step.to(this, new Action.Say(line));
        }
        return code == 354
                ? awaiting(new Await.Streaming(true, false), new Action.Say(line),
                        new Action.Stream(new Content.Dotted(rules.lineEndings())))
                : free(new Action.Say(line));
    }

    // After login the backend announces anew, for its own eyes: what a client must not have is left out again.
    private Step hello(List<String> before, Line line, boolean last) {
        List<String> lines = new ArrayList<>(before);
        lines.add(line.octets());
        if (!last) {
            return lines.size() > 128
                    ? end(Refusal.BACKEND_LOST, Cause.BACKEND_CLOSE)
                    : Step.to(new SubmissionTransfer(rules, owed, new Await.Hello(lines), mood));
        }
        String code = line.octets().substring(0, 3);
        List<String> texts = new ArrayList<>(List.of(text(lines.getFirst())));
        SubmissionTransfer next = this;
        if (code.equals("250")) {
            Offer offer = Offer.of(lines.stream().skip(1).map(SubmissionTransfer::text).toList())
                    .kept(Protocol.SUBMISSION);
            texts.addAll(offer.lines());
            // The newest announcement holds, and a session that was begun anew by EHLO has no transaction.
            next = new SubmissionTransfer(new Rules(rules.lineEndings, offer.has("CHUNKING")), owed, await,
                    mood.opened(false));
        }
        List<Action> actions = new ArrayList<>();
        SubmissionFront.multiline(code, texts).forEach(said -> actions.add(new Action.Say(Line.of(said))));
        return next.free(actions.toArray(Action[]::new));
    }

    private Step streamed(boolean clean) {
        if (!(await instanceof Await.Streaming(boolean last, boolean answered))) {
            return end(Refusal.INTERNAL, Cause.INTERNAL);
        }
        if (!clean && answered) {
            return Step.to(Ended.ENDED, new Action.End(Cause.PROTOCOL_ERROR));
        }
        if (!clean) {
            return end(Refusal.BARE_LINE_ENDING, Cause.PROTOCOL_ERROR);
        }
        if (answered) {
            return with(mood.opened(mood.open && !last)).free();
        }
        return last
                ? awaiting(new Await.Verdict())
                : Step.to(new SubmissionTransfer(rules, owed + 1, NOTHING, mood));
    }

    private Step troubled(Refusal refusal) {
        if (refusal == Refusal.DRAINING) {
            SubmissionTransfer draining = with(new Mood(mood.open, true, mood.parted, mood.mistakes));
            return await instanceof Await.Nothing ? draining.free() : Step.to(draining);
        }
        Cause cause = Desk.cause(refusal);
        // A backend may close instead of answering QUIT, but nothing before it.
        if (await instanceof Await.Farewell && owed == 0 && cause == Cause.BACKEND_CLOSE) {
            return Step.to(Ended.ENDED, new Action.End(Cause.QUIT));
        }
        return mood.parted ? Step.to(Ended.ENDED, new Action.End(cause))
                : end(cause == Cause.BACKEND_CLOSE ? Refusal.BACKEND_LOST : refusal, cause);
    }

    private Step refuse(Refusal refusal, boolean ends) {
        boolean spent = mood.mistakes + 1 >= MISTAKES;
        boolean over = ends || spent;
        Refusal said = spent && !ends ? Refusal.TOO_MANY_ERRORS : refusal;
        SubmissionTransfer next = with(new Mood(mood.open, mood.draining, mood.parted, mood.mistakes + 1));
        if (owed > 0) {
            return next.awaiting(new Await.Settled(said, over));
        }
        return over
                ? end(said, Cause.PROTOCOL_ERROR)
                : Step.to(next, new Action.Say(said.words(Protocol.SUBMISSION)));
    }

    private Step passed(Line line, Mood then) {
        return Step.to(new SubmissionTransfer(rules, owed + 1, NOTHING, then), new Action.Pass(line));
    }

    private Step awaiting(Await what, Action... actions) {
        return Step.to(new SubmissionTransfer(rules, owed, what, mood), actions);
    }

    /** Nothing is awaited any more; the moment for a draining proxy to say goodbye. */
    private Step free(Action... actions) {
        if (mood.draining && !mood.open && owed == 0) {
            List<Action> all = new ArrayList<>(List.of(actions));
            all.add(new Action.Say(Refusal.DRAINING.words(Protocol.SUBMISSION)));
            all.add(new Action.End(Cause.SHUTDOWN));
            return new Step(Ended.ENDED, all);
        }
        return awaiting(NOTHING, actions);
    }

    private SubmissionTransfer with(Mood other) {
        return new SubmissionTransfer(rules, owed, await, other);
    }

    private static Step end(Refusal refusal, Cause cause) {
        return Step.to(Ended.ENDED, new Action.Say(refusal.words(Protocol.SUBMISSION)), new Action.End(cause));
    }

    private static String text(String replyLine) {
        return replyLine.length() > 4 ? replyLine.substring(4) : "";
    }

    /** The code of a reply line, if it is one (RFC 5321 section 4.2). */
    static Optional<Integer> code(String text) {
        boolean sound = text.length() >= 3 && text.substring(0, 3).matches("[2-5][0-9]{2}")
                && (text.length() == 3 || text.charAt(3) == ' ' || text.charAt(3) == '-');
        return sound ? Optional.of(Integer.parseInt(text.substring(0, 3))) : Optional.empty();
    }
}
