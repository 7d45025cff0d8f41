package io.dualpost.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.mail.TlsMode;
import io.dualpost.real.Corpus.Kind;
import io.dualpost.real.Corpus.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each message of the corpus goes out twice, straight to Postfix and through the proxy, and comes back twice, straight from
 * Dovecot and through the proxy: the octets are the same. Where Postfix itself changes a message, it changes both alike.
 */
@Tag("real")
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(RealServers.class)
class CorpusTest {
    private final Dualpost dualpost;
    private final TreeSet<String> changed = new TreeSet<>();

    CorpusTest(World world) throws IOException {
        dualpost = new Setup(world).pop3("pop", Setup.Backends.plain(world.dovecot().xclientPort(), "xclient"))
                .submission("submission", Setup.Backends.plain(world.postfix().xclientPort(), "xclient")).start();
    }

    @AfterAll
    void stop() throws IOException {
        System.out.println("Messages that Postfix itself changes: " + changed);
        dualpost.close();
    }

    @ParameterizedTest(name = "{1} by {0}")
    @MethodSource("travels")
    void aMessageStaysAsItIs(Sender sender, Sample sample, World world) throws IOException {
        Account account = sample.kind() == Kind.UTF8 ? Account.UTF8 : Account.INBOX;
        Mailbox mailbox = world.mailbox(account);
        mailbox.clear();
        sender.send(world, straight(world), sample, recipient(sample, "straight"));
        sender.send(world, dualpost.setup().target("submission", TlsMode.IMPLICIT, World.SMTP, World.IPV6), sample,
                recipient(sample, "proxy"));
        world.postfix().settle();
        String expected = only(mailbox, recipient(sample, "straight"));
        Matrix.assertSame(only(mailbox, recipient(sample, "proxy")), expected.getBytes(StandardCharsets.ISO_8859_1));
        if (!expected.equals(sample.octets().replace("\r\n", "\n"))) {
            changed.add(sample.name());
        }
        sameThroughPop3(world, account);
        mailbox.clear();
    }

    static Stream<Arguments> travels() {
        return Corpus.samples().stream().flatMap(sample -> Stream.of(Sender.values())
                .filter(sender -> sender.carries(sample)).map(sender -> Arguments.of(sender, sample)));
    }

    private void sameThroughPop3(World world, Account account) throws IOException {
        Target proxy = dualpost.setup().target("pop", TlsMode.STARTTLS, World.POP_RESCUE, World.IPV4);
        Target direct = new Target(World.POP, World.IPV4, world.dovecot().tlsPort(), TlsMode.IMPLICIT,
                world.authority().certificate());
        for (int number = 1; number <= 2; number++) {
            byte[] expected = retrieve(world, direct, account, number);
            Matrix.assertSame(new String(retrieve(world, proxy, account, number), StandardCharsets.ISO_8859_1),
                    expected);
        }
    }

    private static byte[] retrieve(World world, Target target, Account account, int number) throws IOException {
        try (Talk talk = Talk.open(world, target)) {
            talk.loginByPassword(account);
            talk.ask("RETR " + number, "+OK");
            byte[] message = talk.multiline();
            talk.ask("QUIT", "+OK");
            return message;
        }
    }

    private static Target straight(World world) {
        return new Target(World.SMTP, World.IPV4, world.postfix().tlsPort(), TlsMode.IMPLICIT,
                world.authority().certificate());
    }

    private static String recipient(Sample sample, String way) {
        return (sample.kind() == Kind.UTF8 ? "grün+" : "inbox+") + way + "@example.test";
    }

    private static String only(Mailbox mailbox, String recipient) throws IOException {
        List<Mailbox.Delivery> deliveries = mailbox.deliveries(recipient);
        assertThat(deliveries).as("messages to " + recipient).hasSize(1);
        return deliveries.getFirst().content();
    }
}
