package io.dualpost.real;

import io.dualpost.real.Corpus.Kind;
import io.dualpost.real.Corpus.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Ways to send a message of the corpus. */
enum Sender {
    /** Python's smtplib with DATA. */
    SMTPLIB {
        @Override
        void send(World world, Target target, Sample sample, String recipient) throws IOException {
            new Errand(target, Account.ANNA, world.scratch("corpus")).plain(sample.content(), "python3",
                    Errand.script("submit.py"), target.host(), target.address().getHostAddress(),
                    Integer.toString(target.port()), target.tls().label(), target.authority().toString(),
                    Account.ANNA.user(), Account.ANNA.password(), from(sample), recipient,
                    sample.kind() == Kind.UTF8 ? "SMTPUTF8" : "BODY=8BITMIME");
        }
    },
    /** DATA in pieces of random size, the commands before it in one piece. */
    DATA {
        @Override
        void send(World world, Target target, Sample sample, String recipient) throws IOException {
            try (Talk talk = Talk.open(world, target)) {
                talk.submit(Account.ANNA);
                talk.send(envelope(sample, recipient) + "DATA\r\n");
                expect(talk.reply(), "250");
                expect(talk.reply(), "250");
                expect(talk.reply(), "354");
                String stuffed = sample.octets().replace("\r\n.", "\r\n..");
                String content = (stuffed.startsWith(".") ? "." : "") + stuffed + ".\r\n";
                pieces(talk, content.getBytes(StandardCharsets.ISO_8859_1));
                expect(talk.reply(), "250");
                talk.ask("QUIT", "221");
            }
        }
    },
    /** BDAT in chunks of random size, in TLS records of random size, all without waiting for an answer. */
    BDAT {
        @Override
        void send(World world, Target target, Sample sample, String recipient) throws IOException {
            Random random = new Random(sample.name().hashCode());
            try (Talk talk = Talk.open(world, target)) {
                talk.submit(Account.ANNA);
                talk.send(envelope(sample, recipient));
                expect(talk.reply(), "250");
                expect(talk.reply(), "250");
                byte[] content = sample.content();
                int answers = 0;
                int at = 0;
                do {
                    // A chunk without octets is refused by Postfix, but for the last one.
                    int size = Math.min(content.length - at, 1 + random.nextInt(content.length / 6 + 1));
                    talk.send("BDAT " + size + (at + size == content.length ? " LAST" : "") + "\r\n");
                    pieces(talk, Arrays.copyOfRange(content, at, at + size));
                    at += size;
                    answers++;
                } while (at < content.length);
                for (int i = 0; i < answers; i++) {
                    expect(talk.reply(), "250");
                }
                talk.ask("QUIT", "221");
            }
        }
    };

    /** Sends it to one recipient; an answer other than the good one is an error. */
    abstract void send(World world, Target target, Sample sample, String recipient) throws IOException;

    /** Whether the message can travel so. */
    boolean carries(Sample sample) {
        return this == BDAT || sample.kind() != Kind.BINARY;
    }

    private static String from(Sample sample) {
        return sample.kind() == Kind.UTF8 ? "grün@example.test" : "anna@example.test";
    }

    private static String envelope(Sample sample, String recipient) {
        return "MAIL FROM:<" + from(sample) + ">" + (sample.kind() == Kind.UTF8 ? " SMTPUTF8" : "")
                + " BODY=8BITMIME\r\n"
                + "RCPT TO:<" + recipient + ">\r\n";
    }

    /** Sends in pieces of random size, small ones for small messages. */
    private static void pieces(Talk talk, byte[] content) throws IOException {
        Random random = new Random(content.length);
        for (int at = 0; at < content.length;) {
            int size = Math.min(content.length - at, 1 + random.nextInt(Math.max(64, content.length / 64)));
            talk.send(Arrays.copyOfRange(content, at, at + size));
            at += size;
        }
    }

    private static void expect(String reply, String beginning) throws IOException {
        if (!reply.startsWith(beginning)) {
            throw new IOException("answer: " + reply + " (expected: " + beginning + ")");
        }
    }
}
