package io.dualpost.real;

import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** Programs that read mail; each reads the only message of a mailbox and leaves it there. */
enum Pop3Client {
    /** Pipelines USER, PASS and more where it may. */
    MPOP(true, false) {
        @Override
        byte[] fetch(Errand errand) throws IOException {
            Path maildir = errand.scratch();
            for (String part : List.of("new", "cur", "tmp")) {
                Files.createDirectory(maildir.resolve(part));
            }
            errand.resolved(NOTHING, "mpop", "--host=" + errand.target().host(), "--port=" + errand.port(), "--tls=on",
                    "--tls-starttls=" + (errand.target().implicit() ? "off" : "on"),
                    "--tls-trust-file=" + errand.authority(), "--auth=on", "--user=" + errand.account().user(),
                    "--passwordeval=echo '" + errand.account().password() + "'", "--delivery=maildir," + maildir,
                    "--keep=on", "--received-header=off", "--uidls-file=" + maildir.resolve("uidls"), "--timeout=30");
            try (Stream<Path> files = Files.list(maildir.resolve("new"))) {
                return Files.readAllBytes(files.findFirst().orElseThrow());
            }
        }
    },
    /** Asks CAPA first. */
    FETCHMAIL(true, false) {
        @Override
        byte[] fetch(Errand errand) throws IOException {
            Path message = errand.scratch().resolve("message");
            Path settings = Files.writeString(errand.scratch().resolve("fetchmailrc"), """
                    set invisible
                    poll %s with proto POP3 service %s timeout 30
                      user "%s" password "%s" %s sslcertck sslcertfile "%s"
                      keep fetchall pass8bits no rewrite
                      mda "cat > %s"
                    """.formatted(errand.target().host(), errand.port(), errand.account().user(),
                    errand.account().password(), errand.target().implicit() ? "ssl" : "sslproto \"TLS1.2+\"",
                    errand.authority(), message));
            Files.setPosixFilePermissions(settings, PosixFilePermissions.fromString("rw-------"));
            errand.resolved(NOTHING, "fetchmail", "-f", settings.toString(), "--nosyslog");
            return Files.readAllBytes(message);
        }
    },
    /** Has no STLS. */
    GETMAIL6(true, true) {
        @Override
        byte[] fetch(Errand errand) throws IOException {
            Path message = errand.scratch().resolve("message");
            Files.writeString(errand.scratch().resolve("getmailrc"), """
                    [retriever]
                    type = SimplePOP3SSLRetriever
                    server = %s
                    port = %s
                    username = %s
                    password = %s
                    ca_certs = %s
                    timeout = 30
                    [destination]
                    type = MDA_external
                    path = /bin/sh
                    arguments = ("-c", "cat > %s")
                    allow_root_commands = true
                    [options]
                    read_all = true
                    delete = false
                    delivered_to = false
                    received = false
                    """.formatted(errand.target().host(), errand.port(), errand.account().user(),
                    errand.account().password(), errand.authority(), message));
            errand.resolved(NOTHING, "getmail", "--getmaildir=" + errand.scratch(), "--rcfile=getmailrc");
            return Files.readAllBytes(message);
        }
    },
    /** Prefers AUTH with an initial response. */
    CURL(false, false) {
        @Override
        byte[] fetch(Errand errand) throws IOException {
            return errand.plain(NOTHING, "curl", "-sS", "-m", "30", "--ssl-reqd", "--cacert", errand.authority(),
                    "--resolve", errand.target().host() + ":" + errand.port() + ":" + errand.target().literal(), "-u",
                    errand.account().user() + ":" + errand.account().password(),
                    errand.url("pop3s", "pop3", "") + "/1");
        }
    },
    /** Writes an mbox: one line before the message, one empty line after it. */
    S_NAIL(true, false) {
        @Override
        byte[] fetch(Errand errand) throws IOException {
            Path mbox = errand.scratch().resolve("mbox");
            String login = errand.account().user().replace("@", "%40") + ":" + errand.account().password() + "@";
            errand.resolved(NOTHING, "s-nail", "-n", "-R", "-S", "v15-compat=yes", "-S", "pop3-use-starttls", "-S",
                    "tls-ca-no-defaults", "-S", "tls-ca-file=" + errand.authority(), "-S", "tls-verify=strict", "-S",
                    "pop3-no-apop", "-Y", "copy * " + mbox, "-Y", "x", "-f", errand.url("pop3s", "pop3", login));
            String text = Files.readString(mbox, StandardCharsets.ISO_8859_1);
            return text.substring(text.indexOf('\n') + 1, text.length() - 1).getBytes(StandardCharsets.ISO_8859_1);
        }
    },
    /** Python's standard library. */
    POPLIB(false, false) {
        @Override
        byte[] fetch(Errand errand) throws IOException {
            return errand.plain(NOTHING, "python3", Errand.script("pop3.py"), errand.target().host(),
                    errand.target().address().getHostAddress(), errand.port(), errand.target().tls().label(),
                    errand.authority(), errand.account().user(), errand.account().password());
        }
    },
    /** Bare commands through {@code openssl s_client}. */
    S_CLIENT(false, false) {
        @Override
        byte[] fetch(Errand errand) throws IOException {
            return errand.through("pop3", talk -> {
                if (errand.target().implicit()) {
                    talk.line();
                }
                talk.loginByPassword(errand.account());
                talk.ask("RETR 1", "+OK");
                byte[] message = talk.multiline();
                talk.ask("QUIT", "+OK");
                return message;
            });
        }
    };

    private static final byte[] NOTHING = {};

    private final boolean storesLf;
    private final boolean implicitOnly;

    Pop3Client(boolean storesLf, boolean implicitOnly) {
        this.storesLf = storesLf;
        this.implicitOnly = implicitOnly;
    }

    /** Reads the only message. */
    abstract byte[] fetch(Errand errand) throws IOException;

    /** Whether it turns CRLF into LF before anybody can see it. */
    boolean storesLf() {
        return storesLf;
    }

    /** Whether it can begin TLS so. */
    boolean serves(TlsMode tls) {
        return tls == TlsMode.IMPLICIT || !implicitOnly;
    }
}
