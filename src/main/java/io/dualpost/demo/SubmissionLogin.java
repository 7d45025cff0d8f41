package io.dualpost.demo;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** One AUTH command (RFC 4954) and what it brings about. */
final class SubmissionLogin {
    private final LineConnection line;
    private String answer = "";

    SubmissionLogin(LineConnection line) {
        this.line = line;
    }

    /** The last word, to be said when the exchange is over. */
    String answer() {
        return answer;
    }

    /** Who logged in, if anybody did. */
    Optional<String> user(String argument) throws IOException {
        int space = argument.indexOf(' ');
        String mechanism = (space < 0 ? argument : argument.substring(0, space)).toUpperCase(Locale.ROOT);
        Optional<String> initial = space < 0 ? Optional.empty() : Optional.of(argument.substring(space + 1));
        return switch (mechanism) {
            case "PLAIN" -> plain(initial.isPresent() ? initial.get() : ask(""));
            case "LOGIN" -> login(initial.isPresent() ? initial.get() : ask("VXNlcm5hbWU6"));
            default -> refused("504 5.5.4 Mechanism not known");
        };
    }

    private Optional<String> plain(String response) {
        Optional<Plain> plain = Plain.of(response);
        if (plain.isEmpty()) {
            return refused(wrong(response));
        }
        return admit(plain.get().user(), plain.get().password());
    }

    private Optional<String> login(String first) throws IOException {
        Optional<String> user = Plain.decode(first);
        if (user.isEmpty()) {
            return refused(wrong(first));
        }
        String second = ask("UGFzc3dvcmQ6");
        Optional<String> password = Plain.decode(second);
        return password.isEmpty() ? refused(wrong(second)) : admit(user.get(), password.get());
    }

    private String ask(String challenge) throws IOException {
        line.say("334 " + challenge);
        return line.readLine();
    }

    private Optional<String> admit(String user, String password) {
        if (!DemoMail.admits(user, password)) {
            return refused("535 5.7.8 Authentication failed");
        }
        answer = "235 2.7.0 Authentication successful";
        return Optional.of(user);
    }

    private Optional<String> refused(String words) {
        answer = words;
        return Optional.empty();
    }

    private static String wrong(String response) {
        return response.equals("*") ? "501 5.7.0 Authentication aborted" : "501 5.5.2 Malformed response";
    }
}
