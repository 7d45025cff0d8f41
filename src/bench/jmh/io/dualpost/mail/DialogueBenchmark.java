package io.dualpost.mail;

import io.dualpost.Benchmarked;
import io.dualpost.address.Peer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/** Whole sessions of the dialogues on both sides, without connections: what both peers say in, all actions out. */
public class DialogueBenchmark extends Benchmarked {
    private static final String HOST = "mail.example.jp";
    private static final Event CLIENT_READY = new Event.Opened(true, HOST);
    private static final Event BACKEND_READY = new Event.Opened(false, HOST);
    private static final Peer PEER = Peer.direct(
            new InetSocketAddress(InetAddress.ofLiteral("2001:db8:1:2::7"), 40_000),
            new InetSocketAddress(InetAddress.ofLiteral("2001:db8::10"), 995));
    private static final Offer POP3 = Offer.of(List.of("TOP", "UIDL", "RESP-CODES", "PIPELINING", "AUTH-RESP-CODE"));
    private static final Offer SMTP = Offer.of(List.of("PIPELINING", "SIZE 52428800", "8BITMIME",
            "ENHANCEDSTATUSCODES", "DSN", "CHUNKING"));

    private static final Script LOGIN = new Script(Protocol.POP3, POP3, List.of(
            client("CAPA"), client("USER someone@example.jp"), client("PASS correct horse battery"),
            server("+OK [XCLIENT] Dovecot ready."), server("+OK"), server("+OK"), server("+OK Logged in.")));
    private static final Script MESSAGE = new Script(Protocol.SUBMISSION, SMTP, List.of(
            client("EHLO [192.0.2.7]"),
            client("AUTH PLAIN AHNvbWVvbmVAZXhhbXBsZS5qcABjb3JyZWN0IGhvcnNlIGJhdHRlcnk="),
            server("220 backend.example.jp ESMTP Postfix"),
            server("250-backend.example.jp"), server("250-PIPELINING"), server("250-SIZE 52428800"),
            server("250-AUTH PLAIN LOGIN"), server("250-XCLIENT NAME ADDR PORT PROTO HELO DESTADDR DESTPORT"),
            server("250 CHUNKING"), server("220 backend.example.jp ESMTP Postfix"),
            server("250-backend.example.jp"), server("250-PIPELINING"), server("250-SIZE 52428800"),
            server("250-8BITMIME"), server("250-ENHANCEDSTATUSCODES"), server("250-DSN"),
            server("250-AUTH PLAIN LOGIN"), server("250 CHUNKING"), server("235 2.7.0 Authentication successful"),
            client("MAIL FROM:<someone@example.jp> SIZE=4096"), server("250 2.1.0 Ok"),
            client("RCPT TO:<other@example.net>"), server("250 2.1.5 Ok"),
            client("DATA"), server("354 End data with <CR><LF>.<CR><LF>"),
            new Turn(true, new Event.Streamed(true)), server("250 2.0.0 Ok: queued as 4C1F3A0B2D"),
            client("QUIT"), server("221 2.0.0 Bye")));

    /** Something that happens on one side. */
    private record Turn(boolean byClient, Event event) {}

    private record Script(Protocol protocol, Offer offer, List<Turn> turns) {}

    private static Turn client(String line) {
        return new Turn(true, new Event.Said(Line.secret(line)));
    }

    private static Turn server(String line) {
        return new Turn(false, new Event.Said(Line.of(line)));
    }

    /** Both sides of one session; what one asks to tell the other is told at once. */
    private static final class Sides {
        private final Script script;
        private final Blackhole asked;
        private Dialogue front;
        private Dialogue back = Ended.ENDED;

        Sides(Script script, Blackhole asked) {
            this.script = script;
            this.asked = asked;
            FrontTerms terms = new FrontTerms(false, false, script.offer, List.of(), LineEndings.NORMALIZE);
            front = script.protocol == Protocol.POP3 ? Pop3Front.open(terms) : SubmissionFront.open(terms);
        }

        Dialogue play() {
            toFront(CLIENT_READY);
            for (Turn turn : script.turns) {
                if (turn.byClient) {
                    toFront(turn.event);
                } else {
                    toBack(turn.event);
                }
            }
            return front;
        }

        private void toFront(Event event) {
            Step step = front.on(event);
            front = step.next();
            for (Action action : step.actions()) {
                if (action instanceof Action.Seek(Credentials credentials, HeloName helo)) {
                    seek(credentials, helo);
                } else {
                    asked.consume(action);
                }
            }
        }

        private void toBack(Event event) {
            Step step = back.on(event);
            back = step.next();
            for (Action action : step.actions()) {
                if (action instanceof Action.Tell(Event told)) {
                    toFront(told);
                } else {
                    asked.consume(action);
                }
            }
        }

        private void seek(Credentials credentials, HeloName helo) {
            BackTerms terms = new BackTerms(TlsMode.NONE, Forwarding.XCLIENT,
                    Optional.of(new Identity(PEER, "3w5e11264sgsf", helo)), Optional.of(credentials), script.offer);
            back = script.protocol == Protocol.POP3 ? Pop3Back.open(terms) : SubmissionBack.open(terms);
            toBack(BACKEND_READY);
        }
    }

    /** A script that a dialogue does not follow to its end would measure refusals. */
    @Setup
    public void follow(Blackhole asked) {
        for (Script script : List.of(LOGIN, MESSAGE)) {
            if (new Sides(script, asked).play() != Ended.ENDED) {
                throw new IllegalStateException(script.protocol + " goes on (expected: it has ended)");
            }
        }
    }

    /** CAPA and login, up to the relay. */
    @Benchmark
    public Dialogue pop3Login(Blackhole asked) {
        return new Sides(LOGIN, asked).play();
    }

    /** Login and one message, without its content. */
    @Benchmark
    public Dialogue submission(Blackhole asked) {
        return new Sides(MESSAGE, asked).play();
    }
}
