package io.dualpost.demo;

import io.dualpost.address.Addresses;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The authorization state of one POP3 connection (RFC 1939 section 4). */
final class MailboxLogin {
    private static final int MISTAKES = 10;

    private final LineConnection line;
    private Origin origin;
    private String named = "";
    private int mistakes;

    MailboxLogin(LineConnection line) {
        this.line = line;
        this.origin = line.origin();
    }

    /** Who the client is, as it is known by now. */
    Origin origin() {
        return origin;
    }

    /** Greets, and talks until somebody has logged in; empty if the client left or made too many mistakes. */
    String user() throws IOException {
        line.say("+OK [XCLIENT] Dualpost demo mailbox ready.");
        while (mistakes < MISTAKES) {
            Pop3Command command = Pop3Command.of(line.readLine());
            Optional<String> user = Optional.empty();
            switch (command.verb()) {
                case "CAPA" -> line.say(Pop3Command.capabilities());
                case "XCLIENT" -> xclient(command.words());
                case "USER" -> name(command.argument());
                case "PASS" -> user = password(command.argument());
                case "AUTH" -> user = auth(command.words());
                case "QUIT" -> {
                    line.say("+OK Logging out");
                    return "";
                }
                default -> mistake("-ERR Unknown command.");
            }
            if (user.isPresent()) {
                line.patience(Duration.ofMinutes(10));
                line.say("+OK Logged in.");
                return user.get();
            }
        }
        line.say("-ERR Too many mistakes.");
        return "";
    }

    private void mistake(String words) throws IOException {
        mistakes++;
        line.say(words);
    }

    /** Dovecot's: ADDR and PORT are checked, what is not known is let pass. */
    private void xclient(List<String> facts) throws IOException {
        Optional<InetAddress> address = Optional.empty();
        for (String fact : facts) {
            String key = fact.substring(0, fact.indexOf('=') + 1).toUpperCase(Locale.ROOT);
            String value = fact.substring(key.length());
            if (key.equals("ADDR=")) {
                address = Addresses.literal(value);
            }
            if ((key.equals("ADDR=") && address.isEmpty())
                    || (key.equals("PORT=") && !Xclient.isPort(value))) {
                mistake("-ERR Invalid parameters.");
                return;
            }
        }
        origin = address.map(told -> new Origin(told, true)).orElse(origin);
        line.say("+OK Updated");
    }

    private void name(String user) throws IOException {
        named = user;
        if (user.isEmpty()) {
            mistake("-ERR No username given.");
        } else {
            line.say("+OK");
        }
    }

    private Optional<String> password(String password) throws IOException {
        if (named.isEmpty()) {
            mistake("-ERR No username given.");
            return Optional.empty();
        }
        String user = named;
        named = "";
        return admit(user, password);
    }

    private Optional<String> auth(List<String> words) throws IOException {
        if (words.isEmpty()) {
            line.say("+OK\r\nPLAIN\r\n.");
            return Optional.empty();
        }
        if (!words.getFirst().equalsIgnoreCase("PLAIN") || words.size() > 2) {
            mistake("-ERR Unsupported authentication mechanism.");
            return Optional.empty();
        }
        String response = words.size() == 2 ? words.getLast() : challenge();
        if (response.equals("*")) {
            mistake("-ERR Authentication aborted.");
            return Optional.empty();
        }
        Optional<Plain> plain = Plain.of(response);
        if (plain.isEmpty()) {
            mistake("-ERR Invalid PLAIN response.");
            return Optional.empty();
        }
        return admit(plain.get().user(), plain.get().password());
    }

    private String challenge() throws IOException {
        line.say("+ ");
        return line.readLine();
    }

    private Optional<String> admit(String user, String password) throws IOException {
        if (DemoMail.admits(user, password)) {
            return Optional.of(user);
        }
        mistake("-ERR [AUTH] Authentication failed.");
        return Optional.empty();
    }
}
