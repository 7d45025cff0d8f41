package io.dualpost.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plays a dialogue from text in the look of the RFCs. {@code C:} and {@code S:} are lines of client and server;
 * {@code (...)} is another event; {@code ! ...} is another action that must be asked for; {@code #} is a remark. A text in
 * braces goes in base64, with {@code \0}, {@code \r} and {@code \n} as in Java. Nothing may be asked for that the
 * transcript does not name, and lines are said only to a dialogue that listens.
 */
final class Transcript {
    static final String HOST = "mail.example.jp";

    private static final Pattern BASE64 = Pattern.compile("\\{([^}]*)}");

    private final String own;
    private final Deque<Action> asked = new ArrayDeque<>();
    private final List<String> printed = new ArrayList<>();
    private Dialogue dialogue;
    private String text = "";
    private int number;

    private Transcript(Dialogue dialogue, String own) {
        this.dialogue = dialogue;
        this.own = own;
    }

    /** The dialogue is the server: it says the {@code S:} lines. */
    static Transcript server(Dialogue dialogue, String text) {
        return new Transcript(dialogue, "S: ").play(text);
    }

    /** The dialogue is the client: it says the {@code C:} lines. */
    static Transcript client(Dialogue dialogue, String text) {
        return new Transcript(dialogue, "C: ").play(text);
    }

    /** Goes on with more text. */
    Transcript play(String more) {
        text = more;
        number = 0;
        for (String line : more.lines().toList()) {
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                one(line);
            }
        }
        nothingElse("the transcript ends");
        return this;
    }

    /** The dialogue as it is now. */
    Dialogue dialogue() {
        return dialogue;
    }

    /** What every event, action and state so far prints of itself. */
    List<String> printed() {
        return printed;
    }

    private void one(String line) {
        if (line.startsWith(own) || line.startsWith("! ")) {
            Action action = asked.poll();
            if (action == null) {
                fail(place() + ": nothing was asked (expected: " + line + ")");
            } else if (!look(action).equals(encoded(line))) {
                fail(place() + ": " + look(action) + " (expected: " + encoded(line) + ")");
            } else if (action instanceof Action.End && dialogue.listens()) {
                fail(place() + ": the dialogue still listens (expected: it is over)");
            }
            return;
        }
        nothingElse("the next event");
        if (line.startsWith("C: ") || line.startsWith("S: ")) {
            String said = encoded(line.substring(3));
            if (!dialogue.listens()) {
                fail(place() + ": the dialogue does not listen (expected: it takes the line)");
            }
            assertThat(said.length()).as(place()).isLessThanOrEqualTo(dialogue.lineLimit());
            happens(new Event.Said(Line.secret(said)));
        } else if (line.startsWith("(") && line.endsWith(")")) {
            happens(event(line.substring(1, line.length() - 1)));
        } else {
            throw new IllegalArgumentException(place() + ": not understood");
        }
    }

    private void happens(Event event) {
        Step step = dialogue.on(event);
        dialogue = step.next();
        asked.addAll(step.actions());
        printed.add(event.toString());
        printed.add(step.toString());
    }

    private void nothingElse(String before) {
        if (!asked.isEmpty()) {
            fail(place() + ": " + asked.stream().map(action -> look(action)).toList()
                    + " asked for (expected: nothing before "
                    + before + ")");
        }
    }

    private String place() {
        List<String> lines = text.lines().toList();
        StringBuilder shown = new StringBuilder("transcript");
        for (int i = Math.max(0, number - 6); i < number; i++) {
            shown.append(i == number - 1 ? "\n > " : "\n   ").append(lines.get(i));
        }
        return shown.append("\nline ").append(number).toString();
    }

    private static Event event(String words) {
        int space = words.indexOf(' ');
        String rest = space < 0 ? "" : words.substring(space + 1);
        return switch (space < 0 ? words : words.substring(0, space)) {
            case "opened" -> new Event.Opened(rest.equals("secure"), HOST);
            case "secured" -> new Event.Secured(rest.isEmpty() ? HOST : rest);
            case "joined" -> joined(rest.split("; *"));
            case "declined" -> new Event.Declined(Refusal.valueOf(rest));
            case "malformed" -> new Event.Malformed(Refusal.valueOf(rest));
            case "heard" -> new Event.Heard(Line.of(rest));
            case "streamed" -> new Event.Streamed(!rest.equals("bare"));
            case "postponed" -> new Event.Postponed(Refusal.valueOf(rest), "told by the transcript");
            case "troubled" -> new Event.Troubled(Refusal.valueOf(rest), "told by the transcript");
            default -> throw new IllegalArgumentException(words + " (expected: an event)");
        };
    }

    private static Event joined(String[] parts) {
        return new Event.Joined(Line.of(parts[0]), Offer.of(List.of(parts).subList(1, parts.length)));
    }

    private String look(Action action) {
        return switch (action) {
            case Action.Say(Line line) -> own + line.octets();
            case Action.Refuse refuse -> own + refuse.words().octets();
            case Action.StartTls() -> "! start tls";
            case Action.Seek(Credentials credentials, HeloName helo) -> "! seek " + credentials.user() + ":"
                    + credentials.password() + helo.text().map(name -> " from " + name).orElse("");
            case Action.Tell(Event event) -> "! tell " + look(event);
            case Action.Pass(Line line) -> "! pass " + line.octets();
            case Action.Stream(Content.Dotted _) -> "! stream dotted";
            case Action.Stream(Content.Chunk(long octets)) -> "! stream chunk " + octets;
            case Action.Stream(Content.Discarded(long octets)) -> "! discard " + octets;
            case Action.Relay() -> "! relay";
            case Action.Message(Verdict verdict) -> "! message " + verdict.label();
            case Action.End(Cause cause) -> "! end " + cause;
        };
    }

    private static String look(Event event) {
        return switch (event) {
            case Event.Joined(Line words, Offer offer) -> "joined " + words.octets() + offered(offer);
            case Event.Declined(Refusal refusal) -> "declined " + refusal;
            case Event.Probed(Offer offer) -> "probed" + offered(offer);
            case Event.Heard(Line line) -> "heard " + line.octets();
            case Event.Postponed(Refusal refusal, String _) -> "postponed " + refusal;
            case Event.Troubled(Refusal refusal, String _) -> "troubled " + refusal;
            default -> event.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        };
    }

    private static String offered(Offer offer) {
        return offer.lines().isEmpty() ? "" : "; " + String.join("; ", offer.lines());
    }

    private static String encoded(String line) {
        return BASE64.matcher(line).replaceAll(match -> Matcher.quoteReplacement(base64(match.group(1))));
    }

    static String base64(String escaped) {
        String octets = escaped.replace("\\0", "\0").replace("\\r", "\r").replace("\\n", "\n");
        return Base64.getEncoder().encodeToString(octets.getBytes(StandardCharsets.ISO_8859_1));
    }
}
