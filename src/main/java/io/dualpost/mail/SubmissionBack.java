package io.dualpost.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The proxy as a submission client to a backend: greeting, EHLO, STARTTLS and EHLO again, XCLIENT and EHLO again, then
 * the login, or without credentials QUIT, which makes it a probe. After the login it tells the other side each line that
 * the backend says. The stages stand together, though the file is long, because they are read in their order.
 *
 * @param stage what the next whole reply answers
 * @param lines the reply so far
 */
public record SubmissionBack(Stage stage, List<String> lines) implements Dialogue {
    private static final int REPLY_LINES = 128;
    private static final String NO_XCLIENT = "does not offer XCLIENT with ADDR (expected: it trusts the proxy's address)";
    private static final String NO_AUTH = "offers neither AUTH PLAIN nor AUTH LOGIN";

    /** The dialogue of a new connection to a backend. */
    public static Dialogue open(BackTerms terms) {
        return at(new Greeting(terms));
    }

    /** A whole reply. */
    record Reply(int code, List<String> texts) {
        boolean positive() {
            return code / 100 == 2;
        }

        /** For the log: the code and the first text. */
        @Override
        public String toString() {
            return code + " " + texts.getFirst();
        }
    }

    /** What the next whole reply answers. */
    public sealed interface Stage {
        /** What comes of the reply. */
        Step on(Reply reply);
    }

    /** Before {@link Event.Opened}. */
    record Greeting(BackTerms terms) implements Stage {
        @Override
        public Step on(Reply reply) {
            return BackTerms.fault("spoke before the connection was ready");
        }
    }

    /** The greeting is awaited; the name is the proxy's own. */
    record Opened(BackTerms terms, boolean secure, String name) implements Stage {
        @Override
        public Step on(Reply reply) {
            return reply.code == 220 ? hello(this) : BackTerms.unavailable("greeted with: " + reply);
        }
    }

    /** EHLO was said on the proxy's own behalf. */
    record Hello(Opened opened) implements Stage {
        @Override
        public Step on(Reply reply) {
            if (!reply.positive()) {
                return refusedHello(reply);
            }
            Offer offer = offer(reply);
            if (opened.terms.tls() == TlsMode.STARTTLS && !opened.secure) {
                return offer.has("STARTTLS")
                        ? Step.to(at(new StartTls(opened)), new Action.Say(Line.of("STARTTLS")))
                        : BackTerms.fault("does not offer STARTTLS");
            }
            return opened.terms.credentials().isEmpty() ? probed(opened, offer) : identify(opened, offer);
        }
    }

    /** STARTTLS was said. */
    record StartTls(Opened opened) implements Stage {
        @Override
        public Step on(Reply reply) {
            return reply.code == 220
                    ? Step.to(at(new Handshake(opened)), new Action.StartTls())
                    : BackTerms.fault("refused STARTTLS: " + reply);
        }
    }

    /** The handshake is under way. */
    record Handshake(Opened opened) implements Stage {
        @Override
        public Step on(Reply reply) {
            return BackTerms.fault("spoke during the TLS handshake");
        }
    }

    /** One of the XCLIENT commands was said; the others are still to be said. */
    record Identified(Opened opened, List<String> commands) implements Stage {
        @Override
        public Step on(Reply reply) {
            // Success is a new greeting (Postfix XCLIENT README); 421 or 550 is the backend's judgement of this client.
            if (reply.code != 220) {
                return reply.code == 421
                        ? BackTerms.unavailable("answered XCLIENT with: " + reply)
                        : BackTerms.fault("refused XCLIENT: " + reply);
            }
            return commands.isEmpty() ? helloForClient(opened) : xclient(opened, commands);
        }
    }

    /** EHLO was said in the client's name, or in the proxy's own where the backend did not like that. */
    record ClientHello(Opened opened, String name) implements Stage {
        @Override
        public Step on(Reply reply) {
            if (reply.positive()) {
                return login(opened.terms, offer(reply));
            }
            // Else a client could put a backend out of order by the name it gives.
            return reply.code == 421 || name.equals(opened.name)
                    ? refusedHello(reply)
                    : helloAs(opened, opened.name);
        }
    }

    /** AUTH was said; the lines still to be said, one to each challenge. */
    record Auth(Offer offer, List<Line> answers) implements Stage {
        @Override
        public Step on(Reply reply) {
            if (reply.code == 334 && !answers.isEmpty()) {
                return Step.to(at(new Auth(offer, answers.subList(1, answers.size()))),
                        new Action.Say(answers.getFirst()));
            }
            return switch (reply.code) {
                case 235 -> Step.to(at(new Transfer()), new Action.Tell(
                        new Event.Joined(Line.of("235 " + reply.texts.getLast()), offer)));
                // Not about the password at all.
                case 500, 501, 502, 503, 504, 530, 534, 538 ->
                    BackTerms.postponed(Refusal.BACKEND_FAULT, "answered AUTH with " + reply.code);
                default -> reply.code / 100 == 5
                        ? Step.to(Ended.ENDED, new Action.Tell(new Event.Declined(Refusal.BAD_CREDENTIALS)))
                        : BackTerms.postponed(Refusal.BACKEND_UNAVAILABLE, "answered AUTH with " + reply.code);
            };
        }

        @Override
        public String toString() {
            return "Auth[***]";
        }
    }

    /** The login is done: lines are told as they come, whole replies are not waited for. */
    record Transfer() implements Stage {
        @Override
        public Step on(Reply reply) {
            throw new IllegalStateException("a whole reply in the relay (expected: single lines)");
        }
    }

    /** Copies the list. */
    public SubmissionBack {
        lines = List.copyOf(lines);
    }

    @Override
    public Step on(Event event) {
        return switch (event) {
            case Event.Opened(boolean secure, String name) when stage instanceof Greeting(BackTerms terms) ->
                Step.to(at(new Opened(terms, secure, name)));
            case Event.Secured(String _) when stage instanceof Handshake(Opened opened) ->
                hello(new Opened(opened.terms, true, opened.name));
            case Event.Said(Line line) when stage instanceof Transfer ->
                Step.to(this, new Action.Tell(new Event.Heard(line)));
            case Event.Said(Line line) when !listens() -> stage.on(new Reply(0, List.of(line.octets())));
            case Event.Said(Line line) -> said(line);
            case Event.Malformed(Refusal _) -> BackTerms.fault("said something that is no line");
            case Event.Troubled troubled -> Step.to(Ended.ENDED, new Action.Tell(troubled));
            default -> BackTerms.fault("unexpected " + event.getClass().getSimpleName());
        };
    }

    private Step said(Line line) {
        Optional<ReplyLine> sound = ReplyLine.of(line);
        if (sound.isEmpty() || lines.size() >= REPLY_LINES) {
            return BackTerms.fault(sound.isEmpty() ? "said something that is no reply" : "said a reply without end");
        }
        List<String> all = new ArrayList<>(lines);
        all.add(sound.get().text());
        return sound.get().last()
                ? stage.on(new Reply(sound.get().code(), all))
                : Step.to(new SubmissionBack(stage, all));
    }

    @Override
    public boolean listens() {
        return !(stage instanceof Greeting || stage instanceof Handshake);
    }

    @Override
    public String toString() {
        return "SubmissionBack[" + stage.getClass().getSimpleName() + "]";
    }

    private static SubmissionBack at(Stage stage) {
        return new SubmissionBack(stage, List.of());
    }

    private static Step hello(Opened opened) {
        // Where nothing is to come between, the first EHLO may be in the client's name already.
        boolean direct = opened.terms.credentials().isPresent() && opened.terms.forwarding() != Forwarding.XCLIENT
                && (opened.terms.tls() != TlsMode.STARTTLS || opened.secure);
        return direct
                ? helloForClient(opened)
                : Step.to(at(new Hello(opened)), new Action.Say(Line.of("EHLO " + opened.name)));
    }

    private static Step helloForClient(Opened opened) {
        String name = opened.terms.identity().flatMap(identity -> identity.helo().text()).orElse(opened.name);
        return helloAs(opened, name);
    }

    private static Step helloAs(Opened opened, String name) {
        return Step.to(at(new ClientHello(opened, name)), new Action.Say(Line.of("EHLO " + name)));
    }

    private static Step refusedHello(Reply reply) {
        return reply.code == 421
                ? BackTerms.unavailable("answered EHLO with: " + reply)
                : BackTerms.fault("refused EHLO: " + reply);
    }

    private static Step identify(Opened opened, Offer offer) {
        if (opened.terms.forwarding() != Forwarding.XCLIENT || opened.terms.identity().isEmpty()) {
            return helloForClient(opened);
        }
        List<String> listed = offer.parameters("XCLIENT");
        return listed.contains("ADDR")
                ? xclient(opened, XClient.smtp(opened.terms.identity().get(), listed))
                : BackTerms.fault(NO_XCLIENT);
    }

    // A login would need the same. Whether AUTH is offered may depend on the client's address.
    private static Step probed(Opened opened, Offer offer) {
        boolean xclient = opened.terms.forwarding() == Forwarding.XCLIENT;
        if (xclient && !offer.parameters("XCLIENT").contains("ADDR")) {
            return BackTerms.fault(NO_XCLIENT);
        }
        List<String> mechanisms = offer.parameters("AUTH");
        return xclient || mechanisms.contains("PLAIN") || mechanisms.contains("LOGIN")
                ? Step.to(Ended.ENDED, new Action.Say(Line.of("QUIT")), new Action.Tell(new Event.Probed(offer)))
                : BackTerms.fault(NO_AUTH);
    }

    private static Step xclient(Opened opened, List<String> commands) {
        return Step.to(at(new Identified(opened, commands.subList(1, commands.size()))),
                new Action.Say(Line.of(commands.getFirst())));
    }

    private static Step login(BackTerms terms, Offer offer) {
        Credentials credentials = terms.credentials().orElseThrow();
        List<String> mechanisms = offer.parameters("AUTH");
        if (mechanisms.contains("PLAIN")) {
            String message = Sasl.plain(credentials);
            // An initial response counts towards the 512 octets of a command (RFC 4954 section 4).
            return message.length() + "AUTH PLAIN \r\n".length() <= 512
                    ? auth(offer, Line.secret("AUTH PLAIN " + message), List.of())
                    : auth(offer, Line.of("AUTH PLAIN"), List.of(Line.secret(message)));
        }
        return mechanisms.contains("LOGIN")
                ? auth(offer, Line.of("AUTH LOGIN"), List.of(Line.secret(Sasl.base64(credentials.user())),
                        Line.secret(Sasl.base64(credentials.password()))))
                : BackTerms.fault(NO_AUTH);
    }

    private static Step auth(Offer offer, Line command, List<Line> answers) {
        return Step.to(at(new Auth(offer, answers)), new Action.Say(command));
    }

    private static Offer offer(Reply reply) {
        return Offer.of(reply.texts.stream().skip(1).toList());
    }
}
