package io.dualpost.demo;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The mail transactions of one login, one after the other (RFC 5321 section 3.3, RFC 3030). */
final class SubmissionTransaction {
    private static final int RECIPIENTS = 100;
    private static final Pattern PATH = Pattern.compile("(?i)(FROM|TO): ?<([^<> ]*)>((?: [^ ]+)*)");
    private static final Pattern CHUNK = Pattern.compile("(?i)([0-9]{1,8})( LAST)?");

    private final LineConnection line;
    private final DemoMail mail;
    private final String user;
    private final Set<String> recipients = new LinkedHashSet<>();
    private final StringBuilder chunks = new StringBuilder();
    private String from = "";
    private boolean open;
    private boolean chunked;

    SubmissionTransaction(LineConnection line, DemoMail mail, String user) {
        this.line = line;
        this.mail = mail;
        this.user = user;
    }

    /** Whether MAIL was taken and the message is not complete. */
    boolean isOpen() {
        return open;
    }

    /** Forgets all of the present transaction. */
    void reset() {
        open = false;
        chunked = false;
        recipients.clear();
        chunks.setLength(0);
    }

    /** One of MAIL, RCPT, DATA, BDAT; the trace is asked for when a message is complete. */
    void obey(String verb, String argument, Supplier<String> trace) throws IOException {
        switch (verb) {
            case "MAIL" -> from(argument);
            case "RCPT" -> to(argument);
            case "DATA" -> data(argument, trace);
            default -> chunk(argument, trace);
        }
    }

    private void from(String argument) throws IOException {
        Matcher path = PATH.matcher(argument);
        if (open) {
            line.say("503 5.5.1 Nested MAIL");
        } else if (!path.matches() || !path.group(1).equalsIgnoreCase("FROM")) {
            line.say("501 5.5.4 Syntax: MAIL FROM:<address>");
        } else {
            String trouble = List.of(path.group(3).strip().split(" ")).stream().map(SubmissionTransaction::trouble)
                    .filter(words -> !words.isEmpty()).findFirst().orElse("");
            if (trouble.isEmpty()) {
                open = true;
                from = path.group(2);
            }
            line.say(trouble.isEmpty() ? "250 2.1.0 Ok" : trouble);
        }
    }

    /** What is wrong with a parameter of MAIL; empty if nothing is. */
    private static String trouble(String parameter) {
        String upper = parameter.toUpperCase(Locale.ROOT);
        if (upper.matches("SIZE=[0-9]{1,18}")) {
            return Long.parseLong(upper.substring(5)) > DemoMail.MESSAGE_LIMIT ? "552 5.3.4 Message too big" : "";
        }
        return upper.matches("|BODY=(7BIT|8BITMIME)|SMTPUTF8|AUTH=.+") ? "" : "555 5.5.4 Parameter not known";
    }

    private void to(String argument) throws IOException {
        Matcher path = PATH.matcher(argument);
        if (!open || chunked) {
            line.say("503 5.5.1 Send MAIL first");
        } else if (!path.matches() || !path.group(1).equalsIgnoreCase("TO") || !path.group(3).isEmpty()) {
            line.say("501 5.5.4 Syntax: RCPT TO:<address>");
        } else if (recipients.size() >= RECIPIENTS) {
            line.say("452 4.5.3 Too many recipients");
        } else {
            String address = path.group(2);
            String box = address.substring(0, Math.max(0, address.lastIndexOf('@'))).toLowerCase(Locale.ROOT);
            if (DemoMail.knows(box)) {
                recipients.add(box);
            }
            line.say(DemoMail.knows(box) ? "250 2.1.5 Ok" : "550 5.1.1 No such user here");
        }
    }

    private void data(String argument, Supplier<String> trace) throws IOException {
        if (!argument.isEmpty()) {
            line.say("501 5.5.4 Syntax: DATA");
        } else if (!open || chunked) {
            line.say("503 5.5.1 Send MAIL first");
        } else if (recipients.isEmpty()) {
            line.say("554 5.5.1 No valid recipients");
        } else {
            line.say("354 End with <CRLF>.<CRLF>");
            finish(readMessage(), trace);
        }
    }

    /** All up to CRLF.CRLF, without the dots that were added; nothing if that is more than a message may have. */
    private Optional<String> readMessage() throws IOException {
        StringBuilder raw = new StringBuilder("\r\n");
        boolean cut = false;
        for (long left = 2L * DemoMail.MESSAGE_LIMIT; left > 0; left--) {
            char octet = line.read();
            raw.append(octet);
            int length = raw.length();
            if (octet == '\n' && length >= 5 && raw.substring(length - 5).equals("\r\n.\r\n")) {
                return cut ? Optional.empty()
                        : Optional.of(raw.substring(0, length - 3).replace("\r\n.", "\r\n").substring(2));
            }
            if (length > DemoMail.MESSAGE_LIMIT) {
                raw.delete(0, length - 5);
                cut = true;
            }
        }
        line.say("552 5.3.4 Message too big");
        throw new IOException("message without end");
    }

    private void chunk(String argument, Supplier<String> trace) throws IOException {
        Matcher chunk = CHUNK.matcher(argument);
        int size = chunk.matches() ? Integer.parseInt(chunk.group(1)) : -1;
        if (size < 0 || size > 2 * DemoMail.MESSAGE_LIMIT) {
            line.say("501 5.5.4 Syntax: BDAT size [LAST]");
            throw new IOException("chunk of unknown size");
        }
        boolean wanted = open && !recipients.isEmpty();
        for (int i = 0; i < size; i++) {
            char octet = line.read();
            if (wanted && chunks.length() <= DemoMail.MESSAGE_LIMIT) {
                chunks.append(octet);
            }
        }
        if (user.isEmpty()) {
            line.say("530 5.7.0 Authentication required");
        } else if (!wanted) {
            line.say(open ? "554 5.5.1 No valid recipients" : "503 5.5.1 Send MAIL first");
        } else if (chunk.group(2) != null || chunks.length() > DemoMail.MESSAGE_LIMIT) {
            boolean fits = chunks.length() <= DemoMail.MESSAGE_LIMIT;
            finish(fits ? Optional.of(chunks.toString()) : Optional.empty(), trace);
        } else {
            chunked = true;
            line.say("250 2.0.0 " + size + " octets received");
        }
    }

    private void finish(Optional<String> octets, Supplier<String> trace) throws IOException {
        List<String> boxes = List.copyOf(recipients);
        String returnPath = "Return-Path: <" + from + ">\r\n";
        reset();
        if (octets.isEmpty()) {
            line.say("552 5.3.4 Message too big");
        } else if (mail.deliver(boxes, returnPath + trace.get() + octets.get())) {
            line.say("250 2.0.0 Ok: delivered");
        } else {
            line.say("452 4.2.2 Mailbox full");
        }
    }
}
