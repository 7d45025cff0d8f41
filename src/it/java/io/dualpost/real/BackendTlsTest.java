package io.dualpost.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS towards the backends: verified, and a fault there is never the user's password. */
@Tag("real")
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(RealServers.class)
class BackendTlsTest {
    private final Dualpost dualpost;

    BackendTlsTest(World world) throws IOException {
        Path authority = world.authority().certificate();
        Path stranger = Authority.create(world.scratch("stranger")).certificate();
        Setup setup = new Setup(world);
        for (TlsMode tls : Matrix.MODES) {
            boolean implicit = tls == TlsMode.IMPLICIT;
            int dovecot = implicit ? world.dovecot().tlsPort() : world.dovecot().xclientPort();
            int postfix = implicit ? world.postfix().tlsPort() : world.postfix().startTlsPort();
            String label = tls.label();
            setup.pop3("pop-good-" + label, Setup.Backends.secure(dovecot, tls, authority, World.BACKEND))
                    .submission("smtp-good-" + label, Setup.Backends.secure(postfix, tls, authority, World.BACKEND))
                    .pop3("pop-name-" + label, Setup.Backends.secure(dovecot, tls, authority, "other.example.test"))
                    .submission("smtp-name-" + label,
                            Setup.Backends.secure(postfix, tls, authority, "other.example.test"))
                    .pop3("pop-authority-" + label, Setup.Backends.secure(dovecot, tls, stranger, World.BACKEND))
                    .submission("smtp-authority-" + label,
                            Setup.Backends.secure(postfix, tls, stranger, World.BACKEND));
        }
        dualpost = setup.start();
    }

    @AfterAll
    void stop() throws IOException {
        dualpost.close();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(names = {"STARTTLS", "IMPLICIT"})
    void mailIsReadOverVerifiedTls(TlsMode tls, World world) throws IOException {
        LogFile log = LogFile.fromHere(world.dovecot().log());
        try (Talk talk = pop3(world, "good", tls)) {
            talk.loginByPassword(Account.READER);
            talk.ask("RETR 1", "+OK");
            assertThat(talk.multiline()).endsWith(Messages.wire(Messages.KNOWN));
        }
        log.await("Login: user=<reader@example.test>");
        assertThat(log.text()).contains(", TLS, session=");
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(names = {"STARTTLS", "IMPLICIT"})
    void mailIsSentOverVerifiedTls(TlsMode tls, World world) throws IOException {
        String recipient = Account.INBOX.address("tls" + tls);
        try (Talk talk = submission(world, "good", tls)) {
            talk.submit(Account.ANNA);
            talk.ask("MAIL FROM:<anna@example.test>", "250");
            talk.ask("RCPT TO:<" + recipient + ">", "250");
            talk.ask("DATA", "354");
            talk.ask("Subject: tls\r\n\r\nover TLS\r\n.", "250");
        }
        world.postfix().settle();
        assertThat(world.mailbox(Account.INBOX).deliveries(recipient)).hasSize(1);
    }

    @ParameterizedTest(name = "wrong {0}")
    @ValueSource(strings = {"name", "authority"})
    void aBackendThatIsNotVerifiedIsATemporaryFault(String wrong, World world) throws IOException {
        for (TlsMode tls : Matrix.MODES) {
            LogFile log = LogFile.fromHere(world.dovecot().log());
            try (Talk talk = pop3(world, wrong, tls)) {
                talk.ask("USER " + Account.ANNA.user(), "+OK");
                assertThat(talk.ask("PASS " + Account.ANNA.password())).startsWith("-ERR [SYS/TEMP]");
            }
            try (Talk talk = submission(world, wrong, tls)) {
                talk.ask("EHLO client.example.test", "250");
                assertThat(talk.ask("AUTH PLAIN " + Talk.plain(Account.ANNA))).startsWith("454 4.7.0");
            }
            assertThat(log.text()).doesNotContain("Login: ").doesNotContain("auth failed");
        }
    }

    private Talk pop3(World world, String kind, TlsMode tls) throws IOException {
        return Talk.open(world, dualpost.setup().target("pop-" + kind + "-" + tls.label(), TlsMode.IMPLICIT, World.POP,
                World.IPV4));
    }

    private Talk submission(World world, String kind, TlsMode tls) throws IOException {
        return Talk.open(world,
                dualpost.setup().target("smtp-" + kind + "-" + tls.label(), TlsMode.IMPLICIT, World.SMTP,
                        World.IPV4));
    }
}
