package io.dualpost.real;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Messages chosen for what servers and proxies get wrong. */
final class Corpus {
    private static final String HEADER = "From: anna@example.test\r\nTo: inbox@example.test\r\nSubject: corpus\r\n\r\n";
    private static final int MEBI = 1024 * 1024;

    private final List<Sample> samples = new ArrayList<>();

    private Corpus() {}

    /** How a message may travel. */
    enum Kind {
        /** By DATA and by BDAT. */
        TEXT,
        /** With SMTPUTF8, from and to addresses in UTF-8. */
        UTF8,
        /** By BDAT alone: DATA cannot carry it as it is. */
        BINARY
    }

    /** One message; one character stands for each octet. */
    record Sample(String name, Kind kind, String octets) {
        /** As it goes on the wire, but for dots. */
        byte[] content() {
            return octets.getBytes(StandardCharsets.ISO_8859_1);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** All of them; the same each time. */
    static List<Sample> samples() {
        Corpus corpus = new Corpus();
        corpus.dots();
        corpus.lines();
        corpus.octets();
        corpus.ends();
        corpus.headers();
        corpus.sizes();
        corpus.binary();
        return List.copyOf(corpus.samples);
    }

    private void dots() {
        for (String line : List.of(".", "..", "...", ".a", ". ", ".\t.", "a.")) {
            body("line '" + line.replace('\t', '_') + "' first, between and last",
                    line + "\r\nx\r\n" + line + "\r\n\r\n" + line + "\r\n");
        }
        for (int at : List.of(1024, 1460, 4096, 8190, 8191, 8192, 8193, 16_384, 65_536)) {
            body("dot line at octet " + at, fill(at - HEADER.length()) + ".\r\n..\r\n.x\r\nend\r\n");
        }
        body("a thousand dot lines", ".\r\n".repeat(1_000));
        body("a line of 5,000 dots", ".".repeat(5_000) + "\r\n");
        add("dot line before any header", Kind.TEXT, ".\r\nSubject: x\r\n\r\ny\r\n");
    }

    private void lines() {
        for (int length : List.of(998, 999, 1000, 1001, 2000, 2046, 2047, 2048, 2049, 5000, 70_000)) {
            body("line of " + length + " octets", "y".repeat(length) + "\r\n.\r\nend\r\n");
        }
        body("dot behind 2,048 octets of a line", "z".repeat(2048) + ".\r\nend\r\n");
        body("line of a mebibyte", "m".repeat(MEBI) + "\r\nend\r\n");
        body("spaces and tabs alone", " \r\n\t\r\n   \t \r\n");
        body("commands as text", "QUIT\r\nRSET\r\nXCLIENT ADDR=192.0.2.1\r\n250 OK\r\n-ERR\r\n+OK\r\nBDAT 0 LAST\r\n");
    }

    private void octets() {
        body("UTF-8", latin("Grüße, 世界, ☂ \u202e \u0301\r\n"));
        body("all octets but CR, LF and NUL", IntStream.range(1, 256).filter(c -> c != '\r' && c != '\n')
                .mapToObj(c -> Character.toString((char) c)).collect(Collectors.joining()) + "\r\n");
        body("NUL", "a\0b\r\n\0\r\n.\0\r\n");
        add("header in UTF-8", Kind.UTF8, latin("From: Grüße <grün@example.test>\r\nSubject: 世界 ☂\r\n\r\nüü\r\n"));
        add("UTF-8 in header and dots", Kind.UTF8, latin("Subject: ü\r\n\r\n.\r\n..ü\r\n"));
    }

    private void ends() {
        add("empty", Kind.TEXT, "");
        add("one empty line", Kind.TEXT, "\r\n");
        add("two empty lines", Kind.TEXT, "\r\n\r\n");
        add("header without body", Kind.TEXT, "Subject: only this\r\n");
        add("header with an empty line", Kind.TEXT, "Subject: only this\r\n\r\n");
        add("text without header", Kind.TEXT, "no header here\r\nnor here\r\n");
        add("one octet", Kind.TEXT, "x\r\n");
        body("many empty lines at the end", "x\r\n\r\n\r\n\r\n\r\n");
    }

    private void headers() {
        add("folded", Kind.TEXT, "Subject: a\r\n b\r\n\tc\r\nX-Empty:\r\nX-Space:  \r\n\r\nx\r\n");
        add("header of 20,000 octets", Kind.TEXT, "X-Long:" + " word".repeat(4_000) + "\r\n\r\nx\r\n");
        add("Bcc, Return-Path, Content-Length", Kind.TEXT,
                "Return-Path: <a@example.test>\r\nBcc: b@example.test\r\nContent-Length: 3\r\nTo: c\r\n\r\nx\r\n");
        add("Received many times", Kind.TEXT, "Received: from a by b; today\r\n".repeat(20) + "\r\nx\r\n");
        add("From_ line", Kind.TEXT, "From anna Tue Nov 24 08:00:00 2026\r\nSubject: x\r\n\r\nFrom here\r\n>From\r\n");
        add("multipart", Kind.TEXT,
                "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\".b\"\r\n\r\n--.b\r\n\r\n"
                        + ".\r\n--.b\r\nContent-Transfer-Encoding: base64\r\n\r\n" + "QUJD\r\n".repeat(500)
                        + "--.b--\r\n");
    }

    private void sizes() {
        Random random = new Random(8);
        StringBuilder text = new StringBuilder();
        while (text.length() < 10 * MEBI) {
            text.append(".".repeat(random.nextInt(3))).append("t".repeat(random.nextInt(990))).append("\r\n");
        }
        body("10 MiB of random lines", text.toString());
        body("50 MiB", (".".repeat(3) + "s".repeat(73) + "\r\n").repeat(50 * MEBI / 78));
    }

    private void binary() {
        add("no CRLF at the end", Kind.BINARY, HEADER + "the end");
        add("a dot at the end", Kind.BINARY, HEADER + "x\r\n.");
        add("CR at the end", Kind.BINARY, HEADER + "x\r");
        add("lone LF and CR", Kind.BINARY, HEADER + "a\nb\rc\n.\nd\r.\re\n.\r\nf\r\n.\r\ng\r\n");
    }

    private void body(String name, String body) {
        add(name, Kind.TEXT, HEADER + body);
    }

    private void add(String name, Kind kind, String octets) {
        samples.add(new Sample(name, kind, octets));
    }

    /** Lines of text, this many octets in all. */
    private static String fill(int octets) {
        StringBuilder text = new StringBuilder();
        while (octets - text.length() > 200) {
            text.append("f".repeat(78)).append("\r\n");
        }
        return text + "f".repeat(octets - text.length() - 2) + "\r\n";
    }

    /** UTF-8, one character for each octet. */
    private static String latin(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
