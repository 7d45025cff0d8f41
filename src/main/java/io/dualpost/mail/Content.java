package io.dualpost.mail;

/** How far message content reaches. */
public sealed interface Content {
    /** Up to the line that is a lone dot (RFC 5321 section 4.1.1.4). */
    record Dotted(LineEndings lineEndings) implements Content {}

    /** So many octets (BDAT, RFC 3030). */
    record Chunk(long octets) implements Content {}

    /** So many octets that go nowhere: the chunk of a refused BDAT. */
    record Discarded(long octets) implements Content {}
}
