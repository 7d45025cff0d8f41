package io.dualpost.probe;

import java.time.Duration;
import java.util.Locale;

/** Kinds of mail clients, by what they do when an address fails. */
public enum Client {
    /** Tries the first address alone. */
    NO_FALLBACK("no fallback", Duration.ofSeconds(134), Duration.ZERO),
    /** Each address in turn, the next when connect() has failed; Linux repeats a lost SYN for 134 s. */
    SLOW_FALLBACK_LINUX("slow fallback, Linux", Duration.ofSeconds(134), Duration.ZERO),
    /** The same on Windows, which gives up a lost SYN after 21 s and repeats a refused one for up to 2 s. */
    SLOW_FALLBACK_WINDOWS("slow fallback, Windows", Duration.ofSeconds(21), Duration.ofSeconds(2)),
    /** RFC 8305: the next address 250 ms later, and the first TCP connection wins. */
    FAST_FALLBACK("fast fallback", Duration.ofSeconds(134), Duration.ZERO);

    private final String label = name().toLowerCase(Locale.ROOT);
    private final String words;
    private final Duration lost;
    private final Duration insists;

    Client(String words, Duration lost, Duration insists) {
        this.words = words;
        this.lost = lost;
        this.insists = insists;
    }

    /** As JSON spells it. */
    public String label() {
        return label;
    }

    /** As people read it. */
    public String words() {
        return words;
    }

    /** After how long connect() fails if nothing answers the SYN. */
    Duration lost() {
        return lost;
    }

    /** How much longer than the answer takes connect() goes on after a refusal. */
    Duration insists() {
        return insists;
    }
}
