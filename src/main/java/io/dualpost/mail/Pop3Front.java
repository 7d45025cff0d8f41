package io.dualpost.mail;

import io.dualpost.mail.Credentials.Mechanism;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The proxy as a POP3 server to the client, up to the login (RFC 1939, 2449, 2595, 5034). */
public sealed interface Pop3Front extends Dialogue {
    /** The dialogue of a new session. */
    static Dialogue open(FrontTerms terms) {
        return new Fresh(terms);
    }

    /** Before the greeting. */
    record Fresh(FrontTerms terms) implements Pop3Front {
        @Override
        public Step on(Event event) {
            if (event instanceof Event.Opened(boolean secure, String host)) {
                return Step.to(new Ready(new Desk(Protocol.POP3, terms, host, secure, 0, 0)),
                        new Action.Say(Line.of("+OK " + host + " POP3 ready")));
            }
            return new Desk(Protocol.POP3, terms, "", false, 0, 0)
                    .troubled(event instanceof Event.Troubled troubled
                            ? troubled
                            : new Event.Troubled(Refusal.INTERNAL, "event before the greeting"));
        }

        @Override
        public boolean listens() {
            return false;
        }
    }

    /** Waiting for a command. */
    record Ready(Desk desk) implements Pop3Front {
        @Override
        public Step on(Event event) {
            return switch (event) {
                case Event.Said(Line line) -> isTooLong(line)
                        ? desk.mistake(Refusal.LINE_TOO_LONG, Ready::new)
                        : command(Command.of(line));
                case Event.Malformed(Refusal refusal) -> desk.mistake(refusal, Ready::new);
                case Event.Troubled troubled -> desk.troubled(troubled);
                default -> unexpected(desk);
            };
        }

        Step command(Command command) {
            return switch (command.verb()) {
                case "CAPA" -> Desk.saying(this, capabilities());
                case "USER" -> user(command.argument());
                // Before TLS it follows a USER that was refused for the same reason, which the record should keep.
                case "PASS" -> desk.mistake(
                        desk.takesLogin() ? Refusal.BAD_SEQUENCE : Refusal.PLAINTEXT_REFUSED, Ready::new);
                case "AUTH" -> auth(command.trimmed());
                case "STLS" -> stls(command.trimmed());
                case "QUIT" -> Step.to(Ended.ENDED, new Action.Say(Line.of("+OK Bye")), new Action.End(Cause.QUIT));
                // Known, but only after login (RFC 1939 section 5); a client that keeps alive so is not punished.
                case "NOOP" -> Step.to(this, desk.say(Refusal.BAD_SEQUENCE));
                case "STAT", "LIST", "RETR", "DELE", "RSET", "TOP", "UIDL" ->
                    desk.mistake(Refusal.AUTH_REQUIRED, Ready::new);
                default -> desk.mistake(Refusal.UNKNOWN_COMMAND, Ready::new);
            };
        }

        private Step user(String user) {
            if (!desk.takesLogin()) {
                return desk.mistake(Refusal.PLAINTEXT_REFUSED, Ready::new);
            }
            return user.isEmpty()
                    ? desk.mistake(Refusal.BAD_ARGUMENT, Ready::new)
                    : Step.to(new Named(desk, user), new Action.Say(Line.of("+OK")));
        }

        private Step auth(String argument) {
            if (argument.isEmpty()) {
                // A lone AUTH asks for the mechanisms; some clients still do (RFC 1734 practice).
                return Desk.saying(this,
                        desk.takesLogin() ? List.of("+OK", "PLAIN", "LOGIN", ".") : List.of("+OK", "."));
            }
            return desk.takesLogin()
                    ? outcome(desk, Sasl.begin(argument))
                    : desk.mistake(Refusal.PLAINTEXT_REFUSED, Ready::new);
        }

        private Step stls(String argument) {
            if (!desk.offersTls()) {
                return desk.mistake(desk.secure() ? Refusal.BAD_SEQUENCE : Refusal.UNKNOWN_COMMAND, Ready::new);
            }
            return argument.isEmpty()
                    ? Step.to(new Securing(desk), new Action.Say(Line.of("+OK Begin TLS")), new Action.StartTls())
                    : desk.mistake(Refusal.BAD_ARGUMENT, Ready::new);
        }

        private List<String> capabilities() {
            List<String> lines = new ArrayList<>(List.of("+OK"));
            lines.addAll(desk.terms().offer().lines());
            if (desk.offersTls()) {
                lines.add("STLS");
            }
            if (desk.takesLogin()) {
                lines.add("USER");
                lines.add("SASL PLAIN LOGIN");
            }
            lines.add(".");
            return lines;
        }

        @Override
        public boolean listens() {
            return true;
        }
    }

    /** The user is known, the password is not. */
    record Named(Desk desk, String user) implements Pop3Front {
        @Override
        public Step on(Event event) {
            if (event instanceof Event.Said(Line line) && !isTooLong(line)) {
                Command command = Command.of(line);
                if (command.verb().equals("PASS")) {
                    return Credentials.of(Mechanism.USER, user, command.argument())
                            .map(credentials -> seek(desk, credentials))
                            .orElse(desk.mistake(Refusal.BAD_ARGUMENT, Ready::new));
                }
            }
            return new Ready(desk).on(event);
        }

        @Override
        public boolean listens() {
            return true;
        }

        @Override
        public String toString() {
            return "Named[user=***]";
        }
    }

    /** In the middle of AUTH. */
    record Challenged(Desk desk, Sasl exchange) implements Pop3Front {
        @Override
        public Step on(Event event) {
            return switch (event) {
                case Event.Said(Line line) -> outcome(desk, Sasl.heard(exchange, line.octets()));
                default -> new Ready(desk).on(event);
            };
        }

        @Override
        public boolean listens() {
            return true;
        }

        @Override
        public String toString() {
            return "Challenged[***]";
        }
    }

    /** STLS was answered, the handshake is under way. */
    record Securing(Desk desk) implements Pop3Front {
        @Override
        public Step on(Event event) {
            return switch (event) {
                case Event.Secured(String host) -> Step.to(new Ready(desk.secured(host)));
                case Event.Troubled troubled -> desk.troubled(troubled);
                default -> unexpected(desk);
            };
        }

        @Override
        public boolean listens() {
            return false;
        }
    }

    /** A backend is asked. */
    record Waiting(Desk desk) implements Pop3Front {
        @Override
        public Step on(Event event) {
            return switch (event) {
                case Event.Joined(Line words, Offer _) ->
                    Step.to(Ended.ENDED, new Action.Say(words), new Action.Relay());
                case Event.Declined(Refusal refusal) -> desk.failure(refusal, Ready::new);
                case Event.Troubled troubled -> desk.troubled(troubled);
                default -> unexpected(desk);
            };
        }

        @Override
        public boolean listens() {
            return false;
        }
    }

    private static Step outcome(Desk desk, Sasl.Outcome outcome) {
        return switch (outcome) {
            case Sasl.Outcome.Challenge(String text, Sasl next) ->
                Step.to(new Challenged(desk, next), new Action.Say(Line.of("+ " + text)));
            case Sasl.Outcome.Complete(Credentials credentials) -> seek(desk, credentials);
            case Sasl.Outcome.Failed(Refusal refusal) -> refusal == Refusal.BAD_CREDENTIALS
                    ? desk.failure(refusal, Ready::new)
                    : desk.mistake(refusal, Ready::new);
        };
    }

    private static Step seek(Desk desk, Credentials credentials) {
        return Step.to(new Waiting(desk), new Action.Seek(credentials, HeloName.NONE));
    }

    // RFC 2449 section 4: 255 octets with CRLF. AUTH is let be: some clients give long initial responses in spite of it.
    private static boolean isTooLong(Line line) {
        return line.octets().length() > 253 && !Command.of(line).verb().equals("AUTH");
    }

    private static Step unexpected(Desk desk) {
        return desk.end(Refusal.INTERNAL, Cause.INTERNAL);
    }

    /** The response code of a negative answer (RFC 2449 section 8), in upper case. */
    static Optional<String> responseCode(String answer) {
        int open = answer.indexOf('[');
        int close = answer.indexOf(']');
        return answer.startsWith("-ERR [") && close > open
                ? Optional.of(answer.substring(open + 1, close).toUpperCase(java.util.Locale.ROOT))
                : Optional.empty();
    }
}
