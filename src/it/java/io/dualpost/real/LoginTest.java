package io.dualpost.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Logins of every mechanism with awkward names and passwords, and the words for those that fail. */
@Tag("real")
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(RealServers.class)
class LoginTest {
    static final List<Account> SHORT = Account.SHORT;
    static final List<Account> ALL = Arrays.asList(Account.values());

    private final Dualpost dualpost;

    LoginTest(World world) throws IOException {
        dualpost = new Setup(world).pop3("pop", Setup.Backends.plain(world.dovecot().xclientPort(), "xclient"))
                .submission("submission", Setup.Backends.plain(world.postfix().xclientPort(), "xclient")).start();
    }

    @AfterAll
    void stop() throws IOException {
        dualpost.close();
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("SHORT")
    void userAndPassLogIn(Account account, World world) throws IOException {
        try (Talk talk = pop3(world)) {
            talk.loginByPassword(account);
            assertThat(talk.ask("STAT")).startsWith("+OK");
        }
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("ALL")
    void authPlainLogsIntoPop3(Account account, World world) throws IOException {
        try (Talk talk = pop3(world)) {
            talk.ask("AUTH PLAIN", "+ ");
            talk.ask(Talk.plain(account), "+OK");
            assertThat(talk.ask("STAT")).startsWith("+OK");
        }
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("ALL")
    void authLoginLogsIntoPop3(Account account, World world) throws IOException {
        try (Talk talk = pop3(world)) {
            talk.ask("AUTH LOGIN", "+ ");
            talk.ask(Talk.base64(account.user()), "+ ");
            talk.ask(Talk.base64(account.password()), "+OK");
            assertThat(talk.ask("STAT")).startsWith("+OK");
        }
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("ALL")
    void authPlainLogsIntoSubmission(Account account, World world) throws IOException {
        LogFile log = LogFile.fromHere(world.postfix().log());
        try (Talk talk = submission(world)) {
            talk.submit(account);
            talk.ask("MAIL FROM:<anna@example.test>", "250");
            talk.ask("RCPT TO:<" + Account.INBOX.address("login") + ">", "250");
        }
        log.await("sasl_username=" + account.user());
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("ALL")
    void authLoginLogsIntoSubmission(Account account, World world) throws IOException {
        try (Talk talk = submission(world)) {
            talk.ask("EHLO client.example.test", "250");
            talk.ask("AUTH LOGIN", "334");
            talk.ask(Talk.base64(account.user()), "334");
            talk.ask(Talk.base64(account.password()), "235");
            assertThat(talk.ask("MAIL FROM:<anna@example.test>")).startsWith("250");
        }
    }

    @Test
    void aWrongPasswordAndAnUnknownUserAreAnsweredAlikeInPop3(World world) throws IOException {
        try (Talk talk = pop3(world)) {
            talk.ask("USER " + Account.ANNA.user(), "+OK");
            String wrong = talk.ask("PASS wrong");
            talk.ask("USER nobody@example.test", "+OK");
            String unknown = talk.ask("PASS wrong");
            assertThat(wrong).startsWith("-ERR [AUTH]").isEqualTo(unknown);
            talk.loginByPassword(Account.ANNA);
        }
    }

    @Test
    void aWrongPasswordAndAnUnknownUserAreAnsweredAlikeInSubmission(World world) throws IOException {
        try (Talk talk = submission(world)) {
            talk.ask("EHLO client.example.test", "250");
            String wrong = talk.ask("AUTH PLAIN " + Talk.base64("\0" + Account.ANNA.user() + "\0wrong"));
            String unknown = talk.ask("AUTH PLAIN " + Talk.base64("\0nobody@example.test\0wrong"));
            assertThat(wrong).startsWith("535 5.7.8").isEqualTo(unknown);
            talk.ask("AUTH PLAIN " + Talk.plain(Account.ANNA), "235");
        }
    }

    @Test
    void passwordsAreInNoLogOfTheProxy(World world) throws IOException {
        try (Talk pop3 = pop3(world); Talk submission = submission(world)) {
            pop3.loginByPassword(Account.QUOTES);
            submission.submit(Account.QUOTES);
        }
        assertThat(dualpost.output()).doesNotContain(Account.QUOTES.password(), Talk.plain(Account.QUOTES),
                Talk.base64(Account.QUOTES.password()));
    }

    private Talk pop3(World world) throws IOException {
        return Talk.open(world, dualpost.setup().target("pop", TlsMode.STARTTLS, World.POP, World.IPV6));
    }

    private Talk submission(World world) throws IOException {
        return Talk.open(world, dualpost.setup().target("submission", TlsMode.STARTTLS, World.SMTP, World.IPV6));
    }
}
