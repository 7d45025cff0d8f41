package io.dualpost.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What every combination of client and way is measured by. */
final class Matrix {
    /** The ways to begin TLS for clients. */
    static final List<TlsMode> MODES = List.of(TlsMode.IMPLICIT, TlsMode.STARTTLS);

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Matrix() {}

    /** A client reads the known message, octet for octet. */
    static void read(World world, Pop3Client client, Target target) throws IOException {
        byte[] seen = client.fetch(new Errand(target, Account.READER, world.scratch("reader")));
        byte[] expected = client.storesLf() ? Messages.disk(Messages.KNOWN) : Messages.wire(Messages.KNOWN);
        assertSame(Mailbox.parse(seen).content(), expected);
    }

    /** A client sends a message, which arrives once, octet for octet. */
    static void send(World world, SubmissionClient client, Target target) throws IOException {
        String recipient = Account.INBOX.address("matrix" + NUMBER.incrementAndGet());
        String message = client.verbatim() ? Messages.KNOWN : Messages.TEXT;
        client.send(new Errand(target, Account.ANNA, world.scratch("sender")), recipient, message);
        world.postfix().settle();
        List<Mailbox.Delivery> arrived = world.mailbox(Account.INBOX).deliveries(recipient);
        assertThat(arrived).hasSize(1);
        String content = arrived.getFirst().content();
        assertSame(client.verbatim() ? content : afterHeader(content), Messages.disk(message));
    }

    /** Compares text that stands for octets, one for one, with octets; shows the first difference alone. */
    static void assertSame(String actual, byte[] expected) {
        byte[] octets = actual.getBytes(StandardCharsets.ISO_8859_1);
        int at = Arrays.mismatch(octets, expected);
        if (at >= 0) {
            throw new AssertionError("octet " + at + " of " + octets.length + ": " + around(octets, at) + " (expected: "
                    + around(expected, at) + " of " + expected.length + ")");
        }
    }

    private static String around(byte[] octets, int at) {
        int from = Math.max(0, at - 40);
        String near = new String(octets, from, Math.min(octets.length, at + 40) - from, StandardCharsets.UTF_8);
        return '"' + near.replace("\r", "\\r").replace("\n", "\\n") + '"';
    }

    private static String afterHeader(String content) {
        return content.substring(content.indexOf("\n\n") + 2);
    }
}
