package io.dualpost.real;

import java.util.List;

/** A mailbox with its login. */
enum Account {
    /** Plain in every respect. */
    ANNA("anna@example.test", "correct horse", "anna"),
    /** Holds one known message, which nobody deletes. */
    READER("reader@example.test", "reader-password", "reader"),
    /** Receives what the tests send. */
    INBOX("inbox@example.test", "inbox-password", "inbox"),
    /** Receives only what was smuggled. */
    VICTIM("victim@example.test", "victim-password", "victim"),
    /** A login name in UTF-8, a password with octets above 127. */
    UTF8("grüße.用户@example.test", "pässwörd mit Lücke ☂", "utf8"),
    /** A login name with a space. */
    SPACE("jo hn@example.test", " leading and trailing ", "space"),
    /** A login name with a plus sign. */
    PLUS("anna+work@example.test", "1+1=2", "plus"),
    /** Quotes and other signs with a meaning elsewhere. */
    QUOTES("quotes@example.test", "a\"b\\c'd`$(e)%u{f}:<>", "quotes"),
    /** A password that no POP3 PASS line can carry. */
    LONG("long@example.test", "x".repeat(300), "long");

    /** All but {@link #LONG}: with these USER and PASS work. */
    static final List<Account> SHORT = List.of(ANNA, UTF8, SPACE, PLUS, QUOTES);

    private final String user;
    private final String password;
    private final String mailbox;

    Account(String user, String password, String mailbox) {
        this.user = user;
        this.password = password;
        this.mailbox = mailbox;
    }

    /** The login name. */
    String user() {
        return user;
    }

    /** The password. */
    String password() {
        return password;
    }

    /** The directory of its mailbox, below the mail directory. */
    String mailbox() {
        return mailbox;
    }

    /** The address that delivers to it, always ASCII, with a tag that {@code Delivered-To} will show. */
    String address(String tag) {
        return mailbox + "+" + tag + "@example.test";
    }
}
