package io.dualpost.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A dialogue, and all that it prints of itself.
 *
 * @param others what else might happen in every state; what that makes it print counts, too
 */
record Recording(Dialogue dialogue, List<Event> others, List<String> printed) implements Dialogue {
    private static final List<Event> EITHER = List.of(new Event.Opened(true, Transcript.HOST),
            new Event.Malformed(Refusal.LINE_TOO_LONG), new Event.Secured(Transcript.HOST),
            new Event.Joined(Line.of("+OK"), Offer.NONE), new Event.Declined(Refusal.BAD_CREDENTIALS),
            new Event.Heard(Line.of("250 ok")), new Event.Streamed(true),
            new Event.Troubled(Refusal.TIMED_OUT, ""), new Event.Troubled(Refusal.BACKEND_LOST, ""));

    static Recording front(Dialogue dialogue, String password) {
        String plain = Transcript.base64("\\0ann\\0" + password);
        return recording(dialogue, Stream.of(password, "PASS " + password, plain, "AUTH PLAIN " + plain,
                "AUTH LOGIN " + Transcript.base64(password), "*", "EHLO a", "STLS", "STARTTLS"));
    }

    static Recording back(Dialogue dialogue) {
        return recording(dialogue,
                Stream.of("+OK", "-ERR", "+ ", ".", "220 a", "250-a", "250 a", "334 ", "421 a", "a"));
    }

    private static Recording recording(Dialogue dialogue, Stream<String> lines) {
        Stream<Event> said = lines.map(Line::secret).map(Event.Said::new);
        return new Recording(dialogue, Stream.concat(EITHER.stream(), said).toList(), new ArrayList<>());
    }

    @Override
    public Step on(Event event) {
        others.forEach(this::tried);
        Step step = tried(event).orElseThrow();
        return new Step(new Recording(step.next(), others, printed), step.actions());
    }

    private Optional<Step> tried(Event event) {
        printed.add(event.toString());
        if (event instanceof Event.Said(Line line)) {
            printed.add(Command.of(line).toString());
        }
        try {
            Step step = dialogue.on(event);
            printed.add(step.toString());
            printed.add(step.next().toString());
            step.actions().forEach(action -> printed.add(action.toString()));
            return Optional.of(step);
        } catch (RuntimeException broken) {
            printed.add(broken.toString());
            return Optional.empty();
        }
    }

    @Override
    public boolean listens() {
        return dialogue.listens();
    }

    @Override
    public int lineLimit() {
        return dialogue.lineLimit();
    }

    @Override
    public String toString() {
        return dialogue.toString();
    }
}
