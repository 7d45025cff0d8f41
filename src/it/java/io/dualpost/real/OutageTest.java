package io.dualpost.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Backends that are down or die: never a password error, never something that only looks whole. */
@Tag("real")
@ExtendWith(RealServers.class)
class OutageTest {
    @Test
    void aBackendThatIsDownIsATemporaryFault(World world) throws IOException {
        Setup setup = new Setup(world).pop3("pop", Setup.Backends.plain(Server.freePort(), "xclient"))
                .submission("submission", Setup.Backends.plain(Server.freePort(), "xclient"));
        try (Dualpost dualpost = setup.start();
                Talk pop3 = pop3(world, dualpost);
                Talk submission = submission(world, dualpost)) {
            pop3.ask("USER anna@example.test", "+OK");
            assertThat(pop3.ask("PASS correct horse")).startsWith("-ERR [SYS/TEMP]");
            submission.ask("EHLO client.example.test", "250");
            assertThat(submission.ask("AUTH PLAIN " + Talk.plain(Account.ANNA))).matches("(?s)(454|421) .*");
        }
    }

    @Test
    void aMessageCutOffByTheBackendsDeathDoesNotLookWhole(World world) throws IOException {
        Mailbox mailbox = world.mailbox(Account.LONG);
        mailbox.put("large", ("Subject: large\n\n" + ("x".repeat(76) + "\n").repeat(700_000))
                .getBytes(StandardCharsets.US_ASCII));
        try (Dovecot dovecot = world.anotherDovecot();
                Dualpost dualpost = new Setup(world)
                        .pop3("pop", Setup.Backends.plain(dovecot.xclientPort(), "xclient"))
                        .submission("submission", Setup.Backends.plain(world.postfix().xclientPort(), "xclient"))
                        .start();
                Talk talk = pop3(world, dualpost)) {
            talk.ask("AUTH PLAIN", "+ ");
            talk.ask(Talk.plain(Account.LONG), "+OK");
            talk.ask("RETR 1", "+OK");
            talk.line();
            dovecot.kill();
            List<String> rest = talk.rest();
            assertThat(rest).hasSizeBetween(1, 700_000).doesNotContain(".");
        } finally {
            mailbox.clear();
        }
    }

    @Test
    void aMessageWhoseBackendDiesIsNotAccepted(World world) throws IOException {
        world.mailbox(Account.INBOX).clear();
        try (Postfix postfix = world.anotherPostfix();
                Dualpost dualpost = new Setup(world)
                        .pop3("pop", Setup.Backends.plain(world.dovecot().xclientPort(), "xclient"))
                        .submission("submission", Setup.Backends.plain(postfix.xclientPort(), "xclient")).start();
                Talk talk = submission(world, dualpost)) {
            talk.submit(Account.ANNA);
            talk.ask("MAIL FROM:<anna@example.test>", "250");
            talk.ask("RCPT TO:<" + Account.INBOX.address("dying") + ">", "250");
            talk.ask("DATA", "354");
            talk.send("Subject: dying\r\n\r\n");
            postfix.kill();
            talk.send("the end\r\n.\r\n");
            assertThat(talk.rest()).noneMatch(line -> line.startsWith("2")).anyMatch(line -> line.startsWith("4"));
        }
        assertThat(world.mailbox(Account.INBOX).count()).isZero();
    }

    private static Talk pop3(World world, Dualpost dualpost) throws IOException {
        return Talk.open(world, dualpost.setup().target("pop", TlsMode.IMPLICIT, World.POP, World.IPV4));
    }

    private static Talk submission(World world, Dualpost dualpost) throws IOException {
        return Talk.open(world, dualpost.setup().target("submission", TlsMode.IMPLICIT, World.SMTP, World.IPV4));
    }
}
