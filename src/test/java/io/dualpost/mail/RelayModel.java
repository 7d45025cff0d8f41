package io.dualpost.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A client, a backend and the wires between them, around {@link SubmissionTransfer}. Each command has a number, and a
 * reply of the backend says the number of the command that it answers, so the client notices a reply to another one.
 */
final class RelayModel {
    private static final Set<String> FORBIDDEN = Set.of("XCLIENT", "XFORWARD", "AUTH", "STARTTLS", "XYZZY", ".", "");
    private static final Pattern TAG = Pattern.compile("#([0-9]+)#");

    /** What reaches the backend: a command, or content without a command. */
    private record Arrival(int number, String command, boolean body) {}

    private final Random random;
    private final List<String> log = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private final Deque<Integer> unanswered = new ArrayDeque<>();
    private final Deque<Arrival> toBackend = new ArrayDeque<>();
    private final Deque<String> toProxy = new ArrayDeque<>();
    private Dialogue dialogue;
    private Cause cause = Cause.QUIT;
    private boolean over;
    private boolean streaming;
    private boolean dotted;
    private int streamed = -1;
    private boolean draining;
    private boolean clientHas421;
    private boolean lost;
    private String replySoFar = "";

    // The backend's own state: whether it takes chunks, and the command whose content it waits for.
    private boolean chunking;
    private int content = -1;
    private boolean verdictSaid;
    private boolean dead;

    RelayModel(Random random, boolean chunking) {
        this.random = random;
        this.chunking = chunking;
        this.dialogue = SubmissionTransfer.begin(
                new FrontTerms(true, false, Offer.NONE, List.of(), LineEndings.NORMALIZE),
                chunking ? Offer.of(List.of("CHUNKING")) : Offer.NONE);
    }

    List<String> log() {
        return log;
    }

    boolean over() {
        return over;
    }

    boolean clientMaySpeak() {
        return dialogue.listens();
    }

    void say(String template) {
        int number = said.size();
        String command = template.replace("#", Integer.toString(number));
        said.add(command);
        unanswered.add(number);
        happens(new Event.Said(Line.secret(command)));
    }

    void malformed(Refusal refusal) {
        unanswered.add(said.size());
        said.add("");
        happens(new Event.Malformed(refusal));
    }

    void drain() {
        draining = true;
        happens(new Event.Troubled(Refusal.DRAINING, "drain"));
    }

    /** The backend goes, in words or without. */
    void backendDies(boolean inWords) {
        if (inWords && !dead) {
            toProxy.add("421 4.3.2 going down");
        }
        dead = true;
    }

    /** Moves something that is under way; whether there was anything. */
    boolean advance() {
        if (over) {
            return false;
        }
        boolean backendCan = !dead && (!toBackend.isEmpty() || (content >= 0 && !verdictSaid && streaming));
        if (!toProxy.isEmpty() && (random.nextBoolean() || !(backendCan || streaming))) {
            happens(new Event.Heard(Line.of(toProxy.remove())));
        } else if (streaming && (random.nextBoolean() || !backendCan)) {
            contentIsThrough();
        } else if (backendCan) {
            backend();
        } else if (toProxy.isEmpty() && dead && !lost) {
            lost = true;
            happens(new Event.Troubled(Refusal.BACKEND_LOST, "closed"));
        } else {
            return !toProxy.isEmpty() || streaming;
        }
        return true;
    }

    /** Nothing is under way any more: every command has its answer, unless the session ended. */
    void settled() {
        assertThat(over || (unanswered.isEmpty() && dialogue.listens())).as("unanswered %s", unanswered).isTrue();
        if (over && cause == Cause.SHUTDOWN) {
            assertThat(draining).isTrue();
        }
        if (over && cause == Cause.QUIT && !clientHas421) {
            // A backend may close instead of answering QUIT, but nothing else.
            assertThat(said.getLast()).startsWithIgnoringCase("QUIT");
            assertThat(unanswered).isSubsetOf(said.size() - 1);
        }
        assertThat(cause).isNotEqualTo(Cause.INTERNAL);
    }

    private void contentIsThrough() {
        streaming = false;
        boolean clean = !dotted || random.nextInt(20) > 0;
        if (clean) {
            toBackend.add(new Arrival(streamed, "", true));
        }
        happens(new Event.Streamed(clean));
    }

    private void happens(Event event) {
        log.add(shown(event));
        Step step = dialogue.on(event);
        dialogue = step.next();
        for (Action action : step.actions()) {
            log.add("    " + shown(action));
            assertThat(over).as("nothing after the end").isFalse();
            asked(action);
        }
        assertThat(streaming && dialogue.listens()).as("listens during content").isFalse();
        assertThat(over && dialogue.listens()).as("listens after the end").isFalse();
    }

    private void asked(Action action) {
        switch (action) {
            case Action.Say(Line line) -> toClient(line.octets());
            case Action.Refuse refuse -> toClient(refuse.words().octets());
            case Action.Pass(Line line) -> pass(line.octets());
            case Action.Stream(Content what) -> {
                assertThat(streaming).isFalse();
                streaming = true;
                dotted = what instanceof Content.Dotted;
                streamed = said.size() - 1;
            }
            case Action.Message(Verdict _) -> {
            }
            case Action.End(Cause why) -> {
                over = true;
                cause = why;
            }
            default -> throw new AssertionError("not asked for in a relay");
        }
    }

    private void pass(String line) {
        String command = said.getLast();
        String verb = verb(line);
        assertThat(FORBIDDEN).as("passed: " + line).doesNotContain(verb);
        if (verb.equals("BDAT")) {
            assertThat(line).matches("BDAT [0-9]+( LAST)?");
        } else {
            assertThat(line).isEqualTo(command);
        }
        toBackend.add(new Arrival(said.size() - 1, line, false));
    }

    private void toClient(String line) {
        replySoFar += line + "\n";
        if (line.length() > 3 && line.charAt(3) == '-') {
            return;
        }
        String reply = replySoFar;
        replySoFar = "";
        if (clientHas421) {
            return;
        }
        if (reply.startsWith("421")) {
            // May come out of turn; whatever comes then, the session is over for the client.
            clientHas421 = true;
            if (draining && !dead) {
                assertThat(unanswered).as("drained with commands unanswered").isEmpty();
            }
            unanswered.clear();
            return;
        }
        assertThat(unanswered).as("a reply to nothing: " + reply).isNotEmpty();
        int number = unanswered.remove();
        List<Integer> tags = TAG.matcher(reply).results().map(match -> Integer.parseInt(match.group(1))).toList();
        boolean own = FORBIDDEN.contains(verb(said.get(number))) || reply.startsWith("5");
        assertThat(tags.isEmpty() ? own : tags.stream().allMatch(tag -> tag == number))
                .as("command " + number + " (" + said.get(number) + ") answered with: " + reply).isTrue();
        if (reply.startsWith("354")) {
            unanswered.addFirst(number);
        }
    }

    /** One thing that the backend does. */
    private void backend() {
        if (content >= 0) {
            // An impatient backend answers while the content is still coming.
            boolean arrived = !toBackend.isEmpty();
            if (arrived) {
                Arrival body = toBackend.remove();
                assertThat(body.body()).as("a command where content belongs: " + body).isTrue();
                assertThat(body.number()).isEqualTo(content);
            }
            if (!verdictSaid && (arrived || random.nextInt(4) == 0)) {
                verdictSaid = true;
                reply(content, List.of("250", "250", "452", "552").get(random.nextInt(4)));
            }
            content = arrived ? -1 : content;
            return;
        }
        Arrival arrival = toBackend.remove();
        assertThat(arrival.body()).as("content where a command belongs: " + arrival).isFalse();
        switch (verb(arrival.command())) {
            case "DATA" -> {
                boolean goes = random.nextInt(3) > 0;
                reply(arrival.number(), goes ? "354" : "503");
                expectContent(goes ? arrival.number() : -1);
            }
            case "BDAT" -> {
                assertThat(chunking).as("a chunk for a backend that takes none").isTrue();
                expectContent(arrival.number());
            }
            case "EHLO", "HELO" -> hello(arrival.number());
            case "QUIT" -> {
                // With an argument it is refused, and the backend stays (RFC 5321 section 4.1.1.10).
                boolean goes = arrival.command().length() == 4;
                reply(arrival.number(), goes ? "221" : "501");
                dead = goes;
            }
            default -> reply(arrival.number(), List.of("250", "250", "250", "451", "550").get(random.nextInt(5)));
        }
    }

    private void expectContent(int number) {
        content = number;
        verdictSaid = false;
    }

    private void hello(int number) {
        if (random.nextInt(4) == 0) {
            reply(number, "501");
            return;
        }
        chunking = random.nextBoolean();
        toProxy.add("250-mail #" + number + "#");
        toProxy.add("250-XCLIENT ADDR");
        toProxy.add(chunking ? "250 CHUNKING" : "250 AUTH PLAIN");
    }

    private void reply(int number, String code) {
        for (int more = random.nextInt(3); more > 0; more--) {
            toProxy.add(code + "-#" + number + "# and");
        }
        toProxy.add(code + " #" + number + "#");
    }

    /** The verb as the most lenient backend may read it. */
    private static String verb(String line) {
        return line.strip().split("\\s", 2)[0].toUpperCase(Locale.ROOT);
    }

    private static String shown(Object object) {
        return switch (object) {
            case Event.Said(Line line) -> "C: " + line.octets();
            case Action.Say(Line line) -> "S: " + line.octets();
            case Action.Refuse refuse -> "S: " + refuse.words().octets();
            case Action.Pass(Line line) -> "pass " + line.octets();
            default -> object.toString();
        };
    }
}
