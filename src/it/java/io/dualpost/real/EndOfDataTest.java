package io.dualpost.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What looks like the end of a message to some servers, with a second message behind it. Postfix 3.7 takes a bare LF for a
 * line's end, so what passes the proxy unchanged would be two messages.
 */
@Tag("real")
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(RealServers.class)
class EndOfDataTest {
    private static final List<String> ENDS = List.of("\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r",
            "\n.\r",
            "\r.\n", "\n\n.\r\n", "\n\n.\n\n", "\r\r\n.\r\r\n", "\r\n.\r\r\n", "\r\n.\n\r\n", "\n\r.\r\n", "\n\r.\n\r",
            "\r\n\0.\r\n", "\r\n.\0\r\n", "\0\r\n.\0", "\r\n.\r\0\n", "\n.\r\0\n", "\r\n. \r\n", "\u0085.\u0085");

    private final Dualpost dualpost;

    EndOfDataTest(World world) throws IOException {
        Setup.Backends postfix = Setup.Backends.plain(world.postfix().xclientPort(), "xclient");
        dualpost = new Setup(world).submission("normalize", postfix, ", line_endings: normalize")
                .submission("reject", postfix, ", line_endings: reject").start();
    }

    @AfterAll
    void stop() throws IOException {
        dualpost.close();
    }

    @ParameterizedTest(name = "{0}, in pieces of {2} octets")
    @MethodSource("ends")
    void whatOnlyLooksLikeAnEndStaysOneMessage(String shown, String end, int piece, World world) throws IOException {
        clear(world);
        try (Talk talk = dataAt(world, "normalize")) {
            pieces(talk, content(end), piece);
            assertThat(talk.reply()).startsWith("250");
            assertThat(talk.ask("QUIT")).startsWith("221");
        }
        world.postfix().settle();
        assertThat(world.mailbox(Account.VICTIM).count()).isZero();
        assertThat(world.mailbox(Account.INBOX).count()).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}, in pieces of {2} octets")
    @MethodSource("ends")
    void aBareLineEndingIsRefusedWhereTheListenerSaysSo(String shown, String end, int piece, World world)
            throws IOException {
        clear(world);
        boolean bare = end.replace("\r\n", "").matches("(?s).*[\r\n].*");
        try (Talk talk = dataAt(world, "reject")) {
            pieces(talk, content(end), piece);
            assertThat(talk.reply()).startsWith(bare ? "550" : "250");
        }
        world.postfix().settle();
        assertThat(world.mailbox(Account.VICTIM).count()).isZero();
        assertThat(world.mailbox(Account.INBOX).count()).isEqualTo(bare ? 0 : 1);
    }

    @Test
    void theBackendAloneIsFooled(World world) throws IOException {
        clear(world);
        Target postfix = new Target(World.SMTP, World.IPV4, world.postfix().tlsPort(), TlsMode.IMPLICIT,
                world.authority().certificate());
        try (Talk talk = dataAt(world, postfix)) {
            talk.send(content("\n.\n"));
            assertThat(talk.reply()).startsWith("250");
        }
        world.postfix().settle();
        assertThat(world.mailbox(Account.INBOX).count() + world.mailbox(Account.VICTIM).count()).isEqualTo(2);
    }

    static Stream<Arguments> ends() {
        return ENDS.stream()
                .flatMap(end -> Stream.of(1, 7, 100_000).map(piece -> Arguments.of(shown(end), end, piece)));
    }

    private Talk dataAt(World world, String service) throws IOException {
        return dataAt(world, dualpost.setup().target(service, TlsMode.IMPLICIT, World.SMTP, World.IPV4));
    }

    private static Talk dataAt(World world, Target target) throws IOException {
        Talk talk = Talk.open(world, target);
        talk.submit(Account.ANNA);
        talk.ask("MAIL FROM:<anna@example.test>", "250");
        talk.ask("RCPT TO:<" + Account.INBOX.address("end") + ">", "250");
        talk.ask("DATA", "354");
        return talk;
    }

    private static byte[] content(String end) {
        return ("Subject: first\r\n\r\nfirst" + end + "MAIL FROM:<anna@example.test>\r\nRCPT TO:<"
                + Account.VICTIM.address("smuggled") + ">\r\nDATA\r\nSubject: second\r\n\r\nsecond\r\n.\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void pieces(Talk talk, byte[] content, int piece) throws IOException {
        for (int at = 0; at < content.length; at += piece) {
            talk.send(java.util.Arrays.copyOfRange(content, at, Math.min(content.length, at + piece)));
        }
    }

    private static void clear(World world) throws IOException {
        world.mailbox(Account.INBOX).clear();
        world.mailbox(Account.VICTIM).clear();
    }

    private static String shown(String end) {
        return end.replace("\r", "CR ").replace("\n", "LF ").replace("\0", "NUL ").replace("\u0085", "NEL ")
                .replace(".", ". ").trim();
    }
}
