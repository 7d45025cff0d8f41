package io.dualpost.real;

import java.nio.charset.StandardCharsets;

/** Messages that are read and sent over and over. */
final class Messages {
    /** The header of {@link #KNOWN}. */
    static final String HEADER = """
            From: Anna <anna@example.test>
            To: reader@example.test
            Subject: a known message
            Message-ID: <known@example.test>
            Date: Tue, 24 Nov 2026 08:00:00 +0000
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 8bit
            """;

    /** Seven-bit text with dots where they hurt. */
    static final String TEXT = ".\n..\n...\n.begins with a dot\n. dot and space\n\n\nspaces at the end   \n"
            + "\ttab\nQUIT\nRSET\n-ERR not really\n250 not really\n" + "x".repeat(900) + "\n.\n.\n\nlast line\n";

    /** What lies in the reader's mailbox, with LF line ends. */
    static final String KNOWN = HEADER + "\n" + TEXT + "Grüße, 世界 ☂\n";

    private Messages() {}

    /** With CRLF line ends, as on the wire. */
    static byte[] wire(String message) {
        return message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    /** With LF line ends, as on disk. */
    static byte[] disk(String message) {
        return message.getBytes(StandardCharsets.UTF_8);
    }
}
