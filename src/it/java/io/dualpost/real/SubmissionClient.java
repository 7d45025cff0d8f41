package io.dualpost.real;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Programs that send mail. */
enum SubmissionClient {
    /** A sendmail-like client. */
    MSMTP(true) {
        @Override
        void send(Errand errand, String recipient, String message) throws IOException {
            errand.resolved(Messages.disk(message), "msmtp", "--host=" + errand.target().host(),
                    "--port=" + errand.port(), "--tls=on",
                    "--tls-starttls=" + (errand.target().implicit() ? "off" : "on"),
                    "--tls-trust-file=" + errand.authority(), "--auth=plain", "--user=" + errand.account().user(),
                    "--passwordeval=echo '" + errand.account().password() + "'", "--from=" + SENDER, "--timeout=30",
                    recipient);
        }
    },
    /** The tester's client, in Perl. */
    SWAKS(true) {
        @Override
        void send(Errand errand, String recipient, String message) throws IOException {
            // It ends the message with CRLF.CRLF, whether or not there is a CRLF already.
            Path file = Files.write(errand.scratch().resolve("message"), Messages.disk(message.stripTrailing()));
            errand.resolved(NOTHING, "swaks", "-s", errand.target().host(), "-p", errand.port(),
                    errand.target().implicit() ? "--tls-on-connect" : "-tls", "--tls-verify", "--tls-ca-path",
                    errand.authority(), "--tls-sni", errand.target().host(), "-a", "LOGIN", "-au",
                    errand.account().user(), "-ap", errand.account().password(), "-f", SENDER, "-t", recipient,
                    "--data", "@" + file, "--timeout", "30", "--silent", "2");
        }
    },
    /** Uses an initial response where it may. */
    CURL(true) {
        @Override
        void send(Errand errand, String recipient, String message) throws IOException {
            Path file = Files.write(errand.scratch().resolve("message"), Messages.wire(message));
            errand.plain(NOTHING, "curl", "-sS", "-m", "30", "--ssl-reqd", "--cacert", errand.authority(), "--resolve",
                    errand.target().host() + ":" + errand.port() + ":" + errand.target().literal(), "-u",
                    errand.account().user() + ":" + errand.account().password(), "--mail-from", SENDER, "--mail-rcpt",
                    recipient, "-T", file.toString(), errand.url("smtps", "smtp", "") + "/client.example.test");
        }
    },
    /** Writes headers of its own; what it is given becomes the text. */
    S_NAIL(false) {
        @Override
        void send(Errand errand, String recipient, String message) throws IOException {
            String login = errand.account().user().replace("@", "%40") + ":"
                    + errand.account().password().replace(" ", "%20") + "@";
            errand.resolved(Messages.disk(message), "s-nail", "-n", "-S", "v15-compat=yes", "-S", "smtp-use-starttls",
                    "-S", "tls-ca-no-defaults", "-S", "tls-ca-file=" + errand.authority(), "-S", "tls-verify=strict",
                    "-S", "smtp-auth=login", "-S", "mta=" + errand.url("smtps", "smtp", login), "-S", "from=" + SENDER,
                    "-S", "hostname=client.example.test", "-S", "sendwait", "-s", "by s-nail", recipient);
        }
    },
    /** Python's standard library. */
    SMTPLIB(true) {
        @Override
        void send(Errand errand, String recipient, String message) throws IOException {
            errand.plain(Messages.wire(message), "python3", Errand.script("submit.py"), errand.target().host(),
                    errand.target().address().getHostAddress(), errand.port(), errand.target().tls().label(),
                    errand.authority(), errand.account().user(), errand.account().password(), SENDER, recipient);
        }
    },
    /** Bare commands through {@code openssl s_client}. */
    S_CLIENT(true) {
        @Override
        void send(Errand errand, String recipient, String message) throws IOException {
            String stuffed = new String(Messages.wire(message), StandardCharsets.UTF_8).replaceAll("(?m)^\\.", "..");
            errand.through("smtp", talk -> {
                if (errand.target().implicit()) {
                    talk.reply();
                }
                talk.submit(errand.account());
                talk.ask("MAIL FROM:<" + SENDER + ">", "250");
                talk.ask("RCPT TO:<" + recipient + ">", "250");
                talk.ask("DATA", "354");
                talk.ask(stuffed + ".", "250");
                return talk.ask("QUIT", "221");
            });
        }
    };

    private static final String SENDER = "anna@example.test";
    private static final byte[] NOTHING = {};

    private final boolean verbatim;

    SubmissionClient(boolean verbatim) {
        this.verbatim = verbatim;
    }

    /** Sends a message, given with LF line ends, to one recipient. */
    abstract void send(Errand errand, String recipient, String message) throws IOException;

    /** Whether it sends the header as given; else only the text after its own header is. */
    boolean verbatim() {
        return verbatim;
    }
}
