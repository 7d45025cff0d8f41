package io.dualpost.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** One connection to the submission server. */
final class SubmissionSession {
    private static final int MISTAKES = 20;
    private static final String GREETING = "220 demo.example.test ESMTP Dualpost demo submission";

    private final LineConnection line;
    private final DemoMail mail;
    private final AtomicLong queued;
    private Origin origin;
    private Optional<String> helo = Optional.empty();
    private Optional<String> user = Optional.empty();
    private SubmissionTransaction transaction;
    private int mistakes;

    SubmissionSession(LineConnection line, DemoMail mail, AtomicLong queued) {
        this.line = line;
        this.mail = mail;
        this.queued = queued;
        this.origin = line.origin();
        this.transaction = new SubmissionTransaction(line, mail, "");
    }

    /** Greets, and talks until QUIT or too many mistakes. */
    void run() throws IOException {
        line.say(GREETING);
        while (mistakes < MISTAKES) {
            String text = line.readLine();
            int space = text.indexOf(' ');
            String verb = (space < 0 ? text : text.substring(0, space)).toUpperCase(Locale.ROOT);
            String argument = space < 0 ? "" : text.substring(space + 1);
            if (!LineConnection.isClean(text)) {
                mistake("500 5.5.2 Control character in a command");
            } else if (verb.equals("QUIT")) {
                line.say("221 2.0.0 Bye");
                return;
            } else {
                obey(verb, argument);
            }
        }
        line.say("421 4.7.0 Too many mistakes");
    }

    private void obey(String verb, String argument) throws IOException {
        switch (verb) {
            case "EHLO", "HELO" -> hello(verb, argument);
            case "XCLIENT" -> xclient(argument);
            case "AUTH" -> auth(argument);
            case "MAIL", "RCPT", "DATA", "BDAT" -> mail(verb, argument);
            case "RSET" -> {
                transaction.reset();
                line.say("250 2.0.0 Ok");
            }
            case "NOOP" -> line.say("250 2.0.0 Ok");
            case "VRFY" -> line.say("252 2.0.0 Send it and see");
            default -> mistake("500 5.5.2 Command not known");
        }
    }

    private void mistake(String words) throws IOException {
        mistakes++;
        line.say(words);
    }

    private void hello(String verb, String name) throws IOException {
        if (name.isEmpty() || name.indexOf(' ') >= 0) {
            mistake("501 5.5.4 Syntax: " + verb + " hostname");
            return;
        }
        helo = Optional.of(name);
        transaction.reset();
        if (verb.equals("HELO")) {
            line.say("250 demo.example.test");
            return;
        }
        List<String> words = new ArrayList<>(List.of("250-demo.example.test", "PIPELINING",
                "SIZE " + DemoMail.MESSAGE_LIMIT, "AUTH PLAIN LOGIN", "ENHANCEDSTATUSCODES", "8BITMIME", "SMTPUTF8"));
        if (isTrusted()) {
            words.add("XCLIENT " + String.join(" ", Xclient.ATTRIBUTES));
        }
        line.say(String.join("\r\n250-", words) + "\r\n250 CHUNKING");
    }

    /** As in Postfix the right ends with the address that was told, unless that one has it too. */
    private boolean isTrusted() {
        return origin.address().isLoopbackAddress();
    }

    /** The session begins anew, for the client that is told (Postfix, XCLIENT_README). */
    private void xclient(String argument) throws IOException {
        if (!isTrusted()) {
            mistake("550 5.7.0 Error: insufficient authorization");
            return;
        }
        if (transaction.isOpen()) {
            mistake("503 5.5.1 Error: MAIL transaction in progress");
            return;
        }
        Optional<Xclient> told = Xclient.of(argument);
        Optional<String> login = told.flatMap(client -> Optional.ofNullable(client.facts().get("LOGIN")));
        if (told.isEmpty() || login.filter(name -> !DemoMail.knows(name)).isPresent()) {
            mistake("501 5.5.4 Error: bad XCLIENT argument");
            return;
        }
        origin = told.get().address().map(address -> new Origin(address, true)).orElse(origin);
        helo = Optional.ofNullable(told.get().facts().get("HELO"));
        login(login);
        line.say(GREETING);
    }

    private void login(Optional<String> who) throws IOException {
        user = who;
        transaction = new SubmissionTransaction(line, mail, who.orElse(""));
        line.patience(Duration.ofMinutes(who.isPresent() ? 5 : 1));
    }

    private void auth(String argument) throws IOException {
        if (helo.isEmpty()) {
            mistake("503 5.5.1 Send EHLO first");
        } else if (user.isPresent()) {
            mistake("503 5.5.1 Already authenticated");
        } else {
            SubmissionLogin login = new SubmissionLogin(line);
            Optional<String> who = login.user(argument);
            if (who.isPresent()) {
                login(who);
            }
            if (who.isEmpty()) {
                mistakes++;
            }
            line.say(login.answer());
        }
    }

    private void mail(String verb, String argument) throws IOException {
        if (helo.isEmpty() && verb.equals("MAIL")) {
            mistake("503 5.5.1 Send EHLO first");
        } else if (user.isEmpty() && !verb.equals("BDAT")) {
            mistake("530 5.7.0 Authentication required");
        } else {
            transaction.obey(verb, argument, () -> received(queued.incrementAndGet()));
        }
    }

    /** The trace of RFC 5321 section 4.4. */
    private String received(long id) {
        return "Received: from " + helo.orElse("unknown") + " ([" + origin.literal() + "])\r\n\t(" + origin.facts()
                + "; login " + user.orElse("") + ")\r\n\tby demo.example.test with ESMTPA id " + id + ";\r\n\t"
                + DemoMail.now() + "\r\n";
    }
}
