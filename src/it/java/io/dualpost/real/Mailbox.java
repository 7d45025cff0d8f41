package io.dualpost.real;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A maildir, read as files: what really arrived, past all servers. */
final class Mailbox {
    /** The numeric user and group that mailboxes belong to. */
    static final int OWNER = 5000;

    private static final Pattern PREPENDED = Pattern.compile(
            "\\A(?:(?:Return-Path|X-Original-To|Delivered-To):[^\n]*\n)*Received:[^\n]*\n(?:[ \t][^\n]*\n)*");

    private final Path home;
    private final Path maildir;

    /**
     * One delivered message.
     *
     * @param recipient the tagged address
     * @param content   what the sender wrote, one character for each octet, with LF line ends as on disk
     */
    record Delivery(String recipient, String content) {}

    Mailbox(Path mail, Account account) {
        home = mail.resolve(account.mailbox());
        maildir = home.resolve("Maildir");
    }

    /** Makes the directories, owned by the mail user. */
    void create() throws IOException {
        for (Path path : List.of(home, maildir, maildir.resolve("tmp"), maildir.resolve("new"),
                maildir.resolve("cur"))) {
            Files.createDirectories(path);
            own(path);
        }
    }

    /** Puts a message there, as a delivery agent would. */
    void put(String name, byte[] content) throws IOException {
        Path temporary = Files.write(maildir.resolve("tmp").resolve(name), content);
        own(temporary);
        Files.move(temporary, maildir.resolve("new").resolve(name));
    }

    /** How many messages there are. */
    int count() throws IOException {
        return files().size();
    }

    /** What was delivered to the account's address with this tag. */
    List<Delivery> deliveries(String recipient) throws IOException {
        return deliveries().stream().filter(delivery -> delivery.recipient().equals(recipient)).toList();
    }

    /** All that was delivered. */
    List<Delivery> deliveries() throws IOException {
        List<Delivery> deliveries = new ArrayList<>();
        for (Path file : files()) {
            deliveries.add(parse(Files.readAllBytes(file)));
        }
        return deliveries;
    }

    /** Removes everything. */
    void clear() throws IOException {
        for (Path file : files()) {
            Files.delete(file);
        }
    }

    /** Parts the headers that Postfix prepended from what the sender wrote; either kind of line end. */
    static Delivery parse(byte[] raw) {
        String text = new String(raw, StandardCharsets.ISO_8859_1);
        Matcher prepended = PREPENDED.matcher(text);
        if (!prepended.find()) {
            throw new IllegalStateException("message: begins with " + text.substring(0, Math.min(200, text.length()))
                    + " (expected: Postfix's Received)");
        }
        Matcher to = Pattern.compile("Delivered-To: ([^\r\n]*)").matcher(prepended.group());
        String recipient = to.find() ? to.group(1) : "";
        return new Delivery(new String(recipient.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8),
                text.substring(prepended.end()));
    }

    private List<Path> files() throws IOException {
        List<Path> found = new ArrayList<>();
        for (String part : List.of("new", "cur")) {
            try (Stream<Path> files = Files.list(maildir.resolve(part))) {
                files.filter(Files::isRegularFile).forEach(found::add);
            }
        }
        return found;
    }

    private static void own(Path path) throws IOException {
        Files.setAttribute(path, "unix:uid", OWNER);
        Files.setAttribute(path, "unix:gid", OWNER);
    }
}
