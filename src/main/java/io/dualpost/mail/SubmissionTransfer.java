package io.dualpost.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The watched relay of submission after login. Commands are judged one by one: mail commands pass as they are, what only
 * the proxy may say to a backend that trusts it (XCLIENT, XFORWARD, AUTH, STARTTLS) is answered here. Answers stay in
 * order: what the proxy itself answers waits until the backend owes nothing. Commands and answers are judged in one file,
 * though it is long, because each half only makes sense beside the other.
 *
 * @param rules what holds for the whole relay
 * @param owed  answers that the backend owes for commands passed on, apart from the one that is awaited
 * @param await what must come before the next command is taken
 * @param mood  what else is known
 */
record SubmissionTransfer(Rules rules, int owed, Await await, Mood mood) implements Dialogue {
    private static final int OWED_AT_MOST = 100;
    private static final int MISTAKES = 20;
    private static final Await NOTHING = new Await.Nothing();
    // BDAT is not passed as it came.
    private static final Set<String> LONG = Set.of("MAIL", "RCPT", "BDAT");

    /** What holds until the next EHLO: the policy for line endings, what may be offered, and whether BDAT is taken. */
    record Rules(LineEndings lineEndings, List<String> atMost, boolean chunking) {}

    /**
     * @param open     whether a mail transaction may be under way
     * @param chunked  whether part of a message has gone, and more is to come
     * @param draining whether the proxy wants the session to end between two transactions
     * @param parted   whether the backend has said 421
     * @param mistakes commands refused by the proxy so far
     */
    record Mood(boolean open, boolean chunked, boolean draining, boolean parted, int mistakes) {
        Mood opened(boolean now) {
            return new Mood(now, chunked && now, draining, parted, mistakes);
        }
    }

    static SubmissionTransfer begin(FrontTerms terms, Offer offer) {
        boolean chunking = offer.kept(Protocol.SUBMISSION, terms.atMost()).has("CHUNKING");
        return new SubmissionTransfer(new Rules(terms.lineEndings(), terms.atMost(), chunking), 0, NOTHING,
                new Mood(false, false, false, false, 0));
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
            case "RSET" -> new Step(passed(line, mood.opened(false)).next(),
                    abandoning(List.of(new Action.Pass(line))));
            case "RCPT", "NOOP", "VRFY", "EXPN", "HELP" -> passed(line, mood);
            case "DATA" -> awaiting(new Await.Data(), new Action.Pass(line));
            case "BDAT" -> chunk(Chunk.parse(command.trimmed()));
            case "EHLO", "HELO" -> awaiting(new Await.Hello(List.of()), new Action.Pass(line));
            case "QUIT" -> awaiting(new Await.Farewell(), new Action.Pass(line));
            case "AUTH", "STARTTLS" -> refuse(Refusal.BAD_SEQUENCE, false);
            // An unknown command may bring octets that are no commands; a backend that knows it would see another
            // dialogue than the proxy.
            default -> refuse(command.refusal(), false);
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
        Optional<ReplyLine> sound = ReplyLine.of(line).filter(reply -> isDue(reply.code()));
        if (sound.isEmpty()) {
            return end(Refusal.BACKEND_LOST, Cause.BACKEND_CLOSE);
        }
        ReplyLine reply = sound.get();
        SubmissionTransfer now = reply.code() == 421
                ? with(new Mood(mood.open, mood.chunked, mood.draining, true, mood.mistakes))
                : this;
        if (await instanceof Await.Hello(List<ReplyLine> lines) && owed == 0) {
            return now.hello(lines, reply);
        }
        return reply.last() ? now.answered(reply) : Step.to(now, new Action.Say(line));
    }

    private Step answered(ReplyLine reply) {
        Action say = new Action.Say(reply.line());
        if (owed > 0) {
            return settledBy(say);
        }
        return switch (await) {
            case Await.Data() -> reply.code() == 354
                    ? awaiting(new Await.Streaming(true, false), say,
                            new Action.Stream(new Content.Dotted(rules.lineEndings())))
                    : free(say);
            case Await.Streaming(boolean whole, boolean before) -> whole && !before
                    ? awaiting(new Await.Streaming(true, true), say, message(reply))
                    : awaiting(new Await.Streaming(whole, true), say);
            case Await.Verdict() -> with(mood.opened(false)).free(say, message(reply));
            // A backend that does not like its QUIT goes on (RFC 5321 section 4.1.1.10 allows no argument).
            case Await.Farewell() -> reply.code() / 100 == 2 || reply.code() == 421
                    ? Step.to(Ended.ENDED, say, new Action.End(Cause.QUIT))
                    : free(say);
            case Await.Hello _,Await.Nothing _,Await.Settled _ -> Step.to(this, say);
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

    private static Action message(ReplyLine answer) {
        return new Action.Message(Verdict.of(answer.code()));
    }

    private Step settledBy(Action say) {
        SubmissionTransfer next = new SubmissionTransfer(rules, owed - 1, await, mood);
        if (next.owed == 0 && await instanceof Await.Settled(Refusal refusal, boolean ends)) {
            Action own = no(refusal);
            return ends
                    ? Step.to(Ended.ENDED, say, own, new Action.End(Cause.PROTOCOL_ERROR))
                    : next.free(say, own);
        }
        return await instanceof Await.Nothing ? next.free(say) : Step.to(next, say);
    }

    // After login the backend announces anew, for its own eyes: what a client must not have is left out again.
    private Step hello(List<ReplyLine> before, ReplyLine reply) {
        List<ReplyLine> lines = new ArrayList<>(before);
        lines.add(reply);
        if (!reply.last()) {
            return lines.size() > 128
                    ? end(Refusal.BACKEND_LOST, Cause.BACKEND_CLOSE)
                    : awaiting(new Await.Hello(lines));
        }
        if (reply.code() != 250) {
            return free(lines.stream().map(line -> new Action.Say(line.line())).toArray(Action[]::new));
        }
        Offer offer = Offer.of(lines.stream().skip(1).map(ReplyLine::text).toList())
                .kept(Protocol.SUBMISSION, rules.atMost);
        List<String> texts = new ArrayList<>(List.of(lines.getFirst().text()));
        texts.addAll(offer.lines());
        // The newest announcement holds, and a session that was begun anew by EHLO has no transaction.
        List<Action> actions = new ArrayList<>();
        SubmissionFront.multiline("250", texts).forEach(said -> actions.add(new Action.Say(Line.of(said))));
        return new SubmissionTransfer(new Rules(rules.lineEndings, rules.atMost, offer.has("CHUNKING")), owed, await,
                mood.opened(false)).free(abandoning(actions).toArray(Action[]::new));
    }

    /** The actions of a step after which a message that came in part will never be whole. */
    private List<Action> abandoning(List<Action> actions) {
        return mood.chunked
                ? Stream.concat(actions.stream(), Stream.of(new Action.Message(Verdict.ABORTED))).toList()
                : actions;
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
                : Step.to(new SubmissionTransfer(rules, owed + 1, NOTHING,
                        new Mood(mood.open, true, mood.draining, mood.parted, mood.mistakes)));
    }

    private Step troubled(Refusal refusal) {
        if (refusal == Refusal.DRAINING) {
            SubmissionTransfer draining = with(new Mood(mood.open, mood.chunked, true, mood.parted, mood.mistakes));
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
        SubmissionTransfer next = with(
                new Mood(mood.open, mood.chunked, mood.draining, mood.parted, mood.mistakes + 1));
        if (owed > 0) {
            return next.awaiting(new Await.Settled(said, over));
        }
        return over
                ? end(said, Cause.PROTOCOL_ERROR)
                : Step.to(next, no(said));
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
            all.add(no(Refusal.DRAINING));
            all.add(new Action.End(Cause.SHUTDOWN));
            return new Step(Ended.ENDED, all);
        }
        return awaiting(NOTHING, actions);
    }

    private SubmissionTransfer with(Mood other) {
        return new SubmissionTransfer(rules, owed, await, other);
    }

    private static Action no(Refusal refusal) {
        return new Action.Refuse(refusal, Protocol.SUBMISSION);
    }

    private static Step end(Refusal refusal, Cause cause) {
        return Step.to(Ended.ENDED, no(refusal), new Action.End(cause));
    }
}
