package io.dualpost.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The proxy as a POP3 client to a backend: greeting, STLS, XCLIENT as Dovecot speaks it, then the login, or without
 * credentials CAPA, which makes it a probe.
 */
public sealed interface Pop3Back extends Dialogue {
    /** The dialogue of a new connection to a backend. */
    static Dialogue open(BackTerms terms) {
        return new Greeting(terms, false);
    }

    @Override
    default Step on(Event event) {
        return switch (event) {
            case Event.Said(Line line) -> said(line.octets());
            case Event.Malformed(Refusal _) -> BackTerms.fault("said something that is no line");
            case Event.Troubled troubled -> Step.to(Ended.ENDED, new Action.Tell(troubled));
            default -> BackTerms.fault("unexpected " + event.getClass().getSimpleName());
        };
    }

    /** What comes of a line of the backend's. */
    Step said(String line);

    @Override
    default boolean listens() {
        return true;
    }

    /** Before the backend's greeting. */
    record Greeting(BackTerms terms, boolean secure) implements Pop3Back {
        @Override
        public Step on(Event event) {
            return event instanceof Event.Opened(boolean tls, String _)
                    ? Step.to(new Greeting(terms, tls))
                    : Pop3Back.super.on(event);
        }

        @Override
        public Step said(String line) {
            if (!isPositive(line)) {
                return BackTerms.unavailable("greeted with: " + line);
            }
            // Dovecot's sign that it trusts this address; its login_greeting follows.
            boolean xclient = line.startsWith(" [XCLIENT]", "+OK".length());
            return terms.tls() == TlsMode.STARTTLS && !secure
                    ? Step.to(new Stls(terms, xclient), new Action.Say(Line.of("STLS")))
                    : identify(terms, xclient);
        }
    }

    /** STLS was said. */
    record Stls(BackTerms terms, boolean xclient) implements Pop3Back {
        @Override
        public Step said(String line) {
            return isPositive(line)
                    ? Step.to(new Handshake(this), new Action.StartTls())
                    : BackTerms.fault("refused STLS: " + line);
        }
    }

    /** The handshake after STLS is under way. */
    record Handshake(Stls stls) implements Pop3Back {
        @Override
        public Step on(Event event) {
            return event instanceof Event.Secured
                    ? identify(stls.terms, stls.xclient)
                    : Pop3Back.super.on(event);
        }

        @Override
        public Step said(String line) {
            return BackTerms.fault("spoke during the TLS handshake");
        }

        @Override
        public boolean listens() {
            return false;
        }
    }

    /** XCLIENT was said. */
    record Identified(BackTerms terms) implements Pop3Back {
        @Override
        public Step said(String line) {
            return isPositive(line) ? login(terms) : BackTerms.fault("refused XCLIENT: " + line);
        }
    }

    /** USER was said, and PASS with it; the answer to the first is awaited. */
    record Both() implements Pop3Back {
        @Override
        public Step said(String line) {
            return isPositive(line) ? Step.to(new Answer()) : refused(line);
        }
    }

    /** USER was said. */
    record User(Credentials credentials) implements Pop3Back {
        @Override
        public Step said(String line) {
            return isPositive(line)
                    ? Step.to(new Answer(), new Action.Say(Line.secret("PASS " + credentials.password())))
                    : refused(line);
        }
    }

    /** AUTH PLAIN was said; the answer to the challenge holds what one command line cannot. */
    record AuthPlain(Credentials credentials) implements Pop3Back {
        @Override
        public Step said(String line) {
            return line.startsWith("+ ") || line.equals("+")
                    ? Step.to(new Answer(), new Action.Say(Line.secret(Sasl.plain(credentials))))
                    : refused(line);
        }
    }

    /** The password was said. */
    record Answer() implements Pop3Back {
        @Override
        public Step said(String line) {
            return isPositive(line)
                    ? Step.to(Ended.ENDED, new Action.Tell(new Event.Joined(Line.secret(line), Offer.NONE)))
                    : refused(line);
        }
    }

    /** CAPA was said; the capabilities so far, and whether the list has begun. */
    record Capa(boolean begun, List<String> lines) implements Pop3Back {
        @Override
        public Step said(String line) {
            if (!begun) {
                return isPositive(line) ? Step.to(new Capa(true, lines)) : probed(Offer.NONE);
            }
            if (line.equals(".")) {
                return probed(Offer.of(lines));
            }
            List<String> more = new ArrayList<>(lines);
            more.add(line);
            return more.size() > 128 ? BackTerms.fault("more than 128 capabilities") : Step.to(new Capa(true, more));
        }
    }

    private static Step identify(BackTerms terms, boolean xclient) {
        if (terms.forwarding() != Forwarding.XCLIENT || (xclient && terms.identity().isEmpty())) {
            return login(terms);
        }
        return xclient
                ? Step.to(new Identified(terms), new Action.Say(Line.of(XClient.pop3(terms.identity().orElseThrow()))))
                : BackTerms.fault("has no [XCLIENT] in its greeting (expected: it trusts the proxy's address)");
    }

    private static Step login(BackTerms terms) {
        if (terms.credentials().isEmpty()) {
            return Step.to(new Capa(false, List.of()), new Action.Say(Line.of("CAPA")));
        }
        Credentials credentials = terms.credentials().get();
        // A command has at most 255 octets with its CRLF (RFC 2449 section 4); a SASL answer may be longer.
        boolean fits = Math.max(credentials.user().length(), credentials.password().length()) <= 255
                - "USER \r\n".length();
        if (!fits) {
            return Step.to(new AuthPlain(credentials), new Action.Say(Line.of("AUTH PLAIN")));
        }
        Action user = new Action.Say(Line.secret("USER " + credentials.user()));
        // One round trip less where the backend takes it (RFC 2449 section 6.6).
        return terms.known().has("PIPELINING")
                ? Step.to(new Both(), user, new Action.Say(Line.secret("PASS " + credentials.password())))
                : Step.to(new User(credentials), user);
    }

    private static Step probed(Offer offer) {
        return Step.to(Ended.ENDED, new Action.Say(Line.of("QUIT")), new Action.Tell(new Event.Probed(offer)));
    }

    private static Step refused(String line) {
        if (!line.equals("-ERR") && !line.startsWith("-ERR ")) {
            return BackTerms.fault("answered the login with no reply at all");
        }
        Refusal refusal = switch (Pop3Front.responseCode(line).orElse("")) {
            case "SYS/TEMP" -> Refusal.BACKEND_UNAVAILABLE;
            case "SYS/PERM" -> Refusal.BACKEND_PERMANENT;
            case "IN-USE" -> Refusal.IN_USE;
            case "LOGIN-DELAY" -> Refusal.LOGIN_DELAY;
            default -> Refusal.BAD_CREDENTIALS;
        };
        return refusal == Refusal.BACKEND_UNAVAILABLE
                ? BackTerms.postponed(refusal, "refused the login for now with [SYS/TEMP]")
                : Step.to(Ended.ENDED, new Action.Tell(new Event.Declined(refusal)));
    }

    private static boolean isPositive(String line) {
        return line.toUpperCase(Locale.ROOT).startsWith("+OK");
    }
}
