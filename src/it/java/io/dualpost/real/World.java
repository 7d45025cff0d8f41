package io.dualpost.real;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** All that the tests share: authority, Dovecot, Postfix, mailboxes; started once for the whole run. */
final class World implements AutoCloseable {
    /** IPv4's loopback address: dual and rescue host. */
    static final InetAddress IPV4 = InetAddress.ofLiteral("127.0.0.1");
    /** IPv6's loopback address: the dual host alone. */
    static final InetAddress IPV6 = InetAddress.ofLiteral("::1");
    /** The dual-stack POP3 host. */
    static final String POP = "pop.example.test";
    /** The IPv4-only POP3 host. */
    static final String POP_RESCUE = "pop-v4.example.test";
    /** The dual-stack submission host. */
    static final String SMTP = "smtp.example.test";
    /** The IPv4-only submission host. */
    static final String SMTP_RESCUE = "smtp-v4.example.test";
    /** The dual-stack POP3 host of a service whose rescue host has an address of its own. */
    static final String APART = "apart.example.test";
    /** That rescue host. */
    static final String APART_RESCUE = "apart-v4.example.test";
    /** The name in the backends' certificate, beside the hosts' own for clients that go straight there. */
    static final String BACKEND = "backend.example.test";

    private final Path directory;
    private final Authority authority;
    private final Authority.Leaf front;
    private final Authority.Leaf frontRsa;
    private final Authority.Leaf back;
    private final Dovecot dovecot;
    private final Postfix postfix;
    private final List<Path> watched = new ArrayList<>();

    private World(Path directory, Authority authority, Authority.Leaf front, Authority.Leaf frontRsa,
            Authority.Leaf back,
            Dovecot dovecot, Postfix postfix) {
        this.directory = directory;
        this.authority = authority;
        this.front = front;
        this.frontRsa = frontRsa;
        this.back = back;
        this.dovecot = dovecot;
        this.postfix = postfix;
    }

    /** Makes everything in a new temporary directory. */
    static World create() throws IOException {
        Path directory = Files.createTempDirectory("dualpost-real");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Authority authority = Authority.create(Files.createDirectory(directory.resolve("ca")));
        String[] names = {POP, POP_RESCUE, SMTP, SMTP_RESCUE, APART, APART_RESCUE};
        Authority.Leaf front = authority.issue("front", names);
        Authority.Leaf frontRsa = authority.issueRsa("front-rsa", names);
        Authority.Leaf back = authority.issue("back", BACKEND, POP, SMTP);
        Path mail = Files.createDirectory(directory.resolve("mail"));
        Files.setAttribute(mail, "unix:uid", Mailbox.OWNER);
        for (Account account : Account.values()) {
            new Mailbox(mail, account).create();
        }
        new Mailbox(mail, Account.READER).put("known",
                ("Return-Path: <>\nReceived: by " + BACKEND + "\n" + Messages.KNOWN).getBytes(StandardCharsets.UTF_8));
        Dovecot dovecot = Dovecot.start(Files.createDirectory(directory.resolve("dovecot")), mail, back);
        try {
            Postfix postfix = Postfix.start(Files.createDirectory(directory.resolve("postfix")), mail,
                    dovecot.authSocket(), back);
            return new World(directory, authority, front, frontRsa, back, dovecot, postfix);
        } catch (IOException | RuntimeException e) {
            dovecot.close();
            throw e;
        }
    }

    /** The project's own directory. */
    static Path project() {
        return Path.of(Objects.requireNonNull(System.getProperty("project.basedir"), "project.basedir"));
    }

    /** Who signed all certificates. */
    Authority authority() {
        return authority;
    }

    /** The certificate of all hosts. */
    Authority.Leaf front() {
        return front;
    }

    /** The same with an RSA key, for clients that take no other. */
    Authority.Leaf frontRsa() {
        return frontRsa;
    }

    /** The POP3 backend. */
    Dovecot dovecot() {
        return dovecot;
    }

    /** The submission backend. */
    Postfix postfix() {
        return postfix;
    }

    /** A second POP3 backend with the same mailboxes, to be killed. */
    Dovecot anotherDovecot() throws IOException {
        Dovecot another = Dovecot.start(scratch("dovecot"), directory.resolve("mail"), back);
        watch(another.log());
        return another;
    }

    /** A second submission backend with the same mailboxes, to be killed. */
    Postfix anotherPostfix() throws IOException {
        Postfix another = Postfix.start(scratch("postfix"), directory.resolve("mail"), dovecot.authSocket(), back);
        watch(another.log());
        return another;
    }

    /** An account's mailbox as files. */
    Mailbox mailbox(Account account) {
        return new Mailbox(directory.resolve("mail"), account);
    }

    /** A new directory for a client or a server. */
    Path scratch(String name) throws IOException {
        Path scratch = Files.createTempDirectory(directory, name);
        Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
        return scratch;
    }

    /** The log files of the servers. */
    List<Path> logs() {
        List<Path> logs = new ArrayList<>(List.of(dovecot.log(), postfix.log()));
        logs.addAll(watched);
        return logs;
    }

    /** Adds a file to those whose end is shown when a test fails. */
    void watch(Path log) {
        watched.add(log);
    }

    @Override
    public void close() {
        postfix.close();
        dovecot.close();
    }
}
