package io.dualpost.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The proxy as a submission server to the client, up to the login (RFC 5321, 3207, 4954, 6409); after it
 * {@link SubmissionTransfer} goes on.
 */
public sealed interface SubmissionFront extends Dialogue {
    /** The dialogue of a new session. */
    static Dialogue open(FrontTerms terms) {
        return new Fresh(terms);
    }

    /** Before the greeting. */
    record Fresh(FrontTerms terms) implements SubmissionFront {
        @Override
        public Step on(Event event) {
            if (event instanceof Event.Opened(boolean secure, String host)) {
                return Step.to(new Ready(new Desk(Protocol.SUBMISSION, terms, host, secure, 0, 0), Optional.empty()),
                        new Action.Say(Line.of("220 " + host + " ESMTP ready")));
            }
            return new Desk(Protocol.SUBMISSION, terms, "", false, 0, 0)
                    .troubled(event instanceof Event.Troubled troubled
                            ? troubled
                            : new Event.Troubled(Refusal.INTERNAL, "event before the greeting"));
        }

        @Override
        public boolean listens() {
            return false;
        }
    }

    /** Waiting for a command; the name from EHLO, once it was said. */
    record Ready(Desk desk, Optional<HeloName> ehlo) implements SubmissionFront {
        @Override
        public Step on(Event event) {
            return switch (event) {
                case Event.Said(Line line) -> command(line);
                case Event.Malformed(Refusal refusal) -> mistake(refusal);
                case Event.Troubled troubled -> desk.troubled(troubled);
                default -> unexpected(desk);
            };
        }

        private Step command(Line line) {
            Command command = Command.of(line);
            // RFC 5321 section 4.5.3.1.4; an initial response may be as long as a SASL line (RFC 4954 section 4).
            if (line.octets().length() > 510 && !command.verb().equals("AUTH")) {
                return mistake(Refusal.LINE_TOO_LONG);
            }
            return switch (command.verb()) {
                case "EHLO", "HELO" -> hello(command);
                case "STARTTLS" -> startTls(command.trimmed());
                case "AUTH" -> auth(command.trimmed());
                case "MAIL", "RCPT", "DATA" -> mistake(mailRefusal());
                case "BDAT" -> chunk(command.trimmed());
                case "NOOP", "RSET" -> Step.to(this, new Action.Say(Line.of("250 2.0.0 OK")));
                case "VRFY" -> Step.to(this, new Action.Say(Line.of("252 2.5.0 Cannot verify; send mail and see")));
                case "HELP" -> Step.to(this, new Action.Say(Line.of("214 2.0.0 See RFC 5321 and RFC 6409")));
                case "QUIT" ->
                    Step.to(Ended.ENDED, new Action.Say(Line.of("221 2.0.0 Bye")), new Action.End(Cause.QUIT));
                default -> mistake(command.refusal());
            };
        }

        private Step hello(Command command) {
            if (command.trimmed().isEmpty()) {
                return mistake(Refusal.BAD_ARGUMENT);
            }
            if (command.verb().equals("HELO")) {
                return Step.to(new Ready(desk, Optional.empty()), new Action.Say(Line.of("250 " + desk.host())));
            }
            List<String> lines = new ArrayList<>(List.of(desk.host()));
            lines.addAll(desk.terms().offer().lines());
            if (desk.offersTls()) {
                lines.add("STARTTLS");
            }
            if (desk.takesLogin()) {
                lines.add("AUTH PLAIN LOGIN");
            }
            return Desk.saying(new Ready(desk, Optional.of(HeloName.of(command.trimmed()))), multiline("250", lines));
        }

        private Step startTls(String argument) {
            if (!desk.offersTls()) {
                return mistake(desk.secure() ? Refusal.BAD_SEQUENCE : Refusal.NOT_IMPLEMENTED);
            }
            return argument.isEmpty()
                    ? Step.to(new Securing(desk), new Action.Say(Line.of("220 2.0.0 Ready to start TLS")),
                            new Action.StartTls())
                    : mistake(Refusal.BAD_ARGUMENT);
        }

        private Step auth(String argument) {
            if (!desk.takesLogin()) {
                return mistake(Refusal.PLAINTEXT_REFUSED);
            }
            if (ehlo.isEmpty()) {
                return mistake(Refusal.BAD_SEQUENCE);
            }
            return argument.isEmpty() ? mistake(Refusal.BAD_ARGUMENT) : outcome(this, Sasl.begin(argument));
        }

        // The octets of a chunk come whether or not the command is taken (RFC 3030 section 2).
        private Step chunk(String argument) {
            Optional<Chunk> chunk = Chunk.parse(argument);
            if (chunk.isEmpty()) {
                return desk.end(Refusal.BAD_ARGUMENT, Cause.PROTOCOL_ERROR);
            }
            Step step = mistake(mailRefusal());
            if (!(step.next() instanceof Ready ready)) {
                return step;
            }
            List<Action> actions = new ArrayList<>(step.actions());
            actions.add(new Action.Stream(new Content.Discarded(chunk.get().octets())));
            return new Step(new Discarding(ready), actions);
        }

        private Refusal mailRefusal() {
            return desk.offersTls() && !desk.takesLogin() ? Refusal.TLS_REQUIRED : Refusal.AUTH_REQUIRED;
        }

        private Step mistake(Refusal refusal) {
            return desk.mistake(refusal, next -> new Ready(next, ehlo));
        }

        @Override
        public boolean listens() {
            return true;
        }
    }

    /** The octets of a refused chunk go by. */
    record Discarding(Ready ready) implements SubmissionFront {
        @Override
        public Step on(Event event) {
            return event instanceof Event.Streamed ? Step.to(ready) : ready.on(event);
        }

        @Override
        public boolean listens() {
            return false;
        }
    }

    /** In the middle of AUTH. */
    record Challenged(Ready ready, Sasl exchange) implements SubmissionFront {
        @Override
        public Step on(Event event) {
            return event instanceof Event.Said(Line line)
                    ? outcome(ready, Sasl.heard(exchange, line.octets()))
                    : ready.on(event);
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

    /** STARTTLS was answered, the handshake is under way; all that the client said before is forgotten with it. */
    record Securing(Desk desk) implements SubmissionFront {
        @Override
        public Step on(Event event) {
            return switch (event) {
                case Event.Secured(String host) -> Step.to(new Ready(desk.secured(host), Optional.empty()));
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
    record Waiting(Ready ready) implements SubmissionFront {
        @Override
        public Step on(Event event) {
            return switch (event) {
                case Event.Joined(Line _, Offer offer) ->
                    Step.to(SubmissionTransfer.begin(ready.desk.terms(), offer),
                            new Action.Say(Line.of("235 2.7.0 Authentication successful")));
                case Event.Declined(Refusal refusal) ->
                    ready.desk.failure(refusal, next -> new Ready(next, ready.ehlo));
                case Event.Troubled troubled -> ready.desk.troubled(troubled);
                default -> unexpected(ready.desk);
            };
        }

        @Override
        public boolean listens() {
            return false;
        }
    }

    private static Step outcome(Ready ready, Sasl.Outcome outcome) {
        return switch (outcome) {
            case Sasl.Outcome.Challenge(String text, Sasl next) ->
                Step.to(new Challenged(ready, next), new Action.Say(Line.of("334 " + text)));
            case Sasl.Outcome.Complete(Credentials credentials) -> Step.to(new Waiting(ready),
                    new Action.Seek(credentials, ready.ehlo.orElse(HeloName.NONE)));
            case Sasl.Outcome.Failed(Refusal refusal) -> refusal == Refusal.BAD_CREDENTIALS
                    ? ready.desk.failure(refusal, next -> new Ready(next, ready.ehlo))
                    : ready.mistake(refusal);
        };
    }

    private static Step unexpected(Desk desk) {
        return desk.end(Refusal.INTERNAL, Cause.INTERNAL);
    }

    /** The lines of one reply (RFC 5321 section 4.2.1): a hyphen behind the code of all but the last. */
    static List<String> multiline(String code, List<String> texts) {
        List<String> lines = new ArrayList<>(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            lines.add(code + (i < texts.size() - 1 ? "-" : " ") + texts.get(i));
        }
        return lines;
    }
}
