package io.dualpost.real;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Postfix with {@code deploy/postfix-main.cf} and {@code deploy/postfix-master.cf}; delivers into Dovecot's maildirs. */
final class Postfix implements AutoCloseable {
    private static final List<String> PORTS = List.of("10587", "10588", "10589", "10465");

    private final Path directory;
    private final Server server;
    private final List<Integer> ports;

    private Postfix(Path directory, Server server, List<Integer> ports) {
        this.directory = directory;
        this.server = server;
        this.ports = ports;
    }

    /** Starts an instance of its own; passwords are checked at Dovecot's socket. */
    static Postfix start(Path directory, Path mail, Path authSocket, Authority.Leaf certificate) throws IOException {
        Path settings = Files.createDirectories(directory.resolve("etc"));
        Files.createDirectories(directory.resolve("spool"));
        Files.setOwner(Files.createDirectories(directory.resolve("data")), FileSystems.getDefault()
                .getUserPrincipalLookupService().lookupPrincipalByName("postfix"));
        Files.writeString(settings.resolve("main.cf"), MAIN.replace("@DIR@", directory.toString())
                .replace("@MAIL@", mail.toString()).replace("@CHAIN@", certificate.chain().toString())
                .replace("@KEY@", certificate.key().toString()).replace("@AUTH@", authSocket.toString()) + deployed());
        List<Integer> ports = PORTS.stream().map(port -> Server.freePort()).toList();
        String listeners = Files.readString(World.project().resolve("deploy/postfix-master.cf"));
        for (int i = 0; i < PORTS.size(); i++) {
            listeners = listeners.replace("\n" + PORTS.get(i) + " ", "\n" + ports.get(i) + " ");
        }
        Files.writeString(settings.resolve("master.cf"), MASTER + listeners);
        Files.writeString(directory.resolve("boxes"), Stream.of(Account.values())
                .map(account -> account.mailbox() + "@example.test " + account.mailbox() + "/Maildir/\n")
                .collect(Collectors.joining()) + "grün@example.test utf8/Maildir/\n");
        Server server = Server.start(directory,
                List.of("/usr/sbin/postfix", "-c", settings.toString(), "start-fg"),
                ports.stream().mapToInt(Integer::intValue).toArray());
        return new Postfix(directory, server, ports);
    }

    /** Plain, with XCLIENT. */
    int xclientPort() {
        return ports.get(0);
    }

    /** Plain, wants a PROXY header. */
    int proxyPort() {
        return ports.get(1);
    }

    /** STARTTLS before login, with XCLIENT. */
    int startTlsPort() {
        return ports.get(2);
    }

    /** TLS at once, with XCLIENT. */
    int tlsPort() {
        return ports.get(3);
    }

    /** Its log file. */
    Path log() {
        return directory.resolve("mail.log");
    }

    /** Waits until all that it took is delivered. */
    void settle() throws IOException {
        Waiting.until("Postfix delivers all", 30, () -> queued() == 0);
    }

    /** Dies at once with all sessions. */
    void kill() {
        server.kill();
    }

    @Override
    public void close() {
        server.close();
    }

    private long queued() throws IOException {
        long count = 0;
        for (String queue : List.of("incoming", "active", "deferred", "maildrop")) {
            try (Stream<Path> files = Files.walk(directory.resolve("spool").resolve(queue))) {
                // A message being received is not yet executable and may well stay for long.
                count += files.filter(Files::isRegularFile).filter(Files::isExecutable).count();
            } catch (java.io.UncheckedIOException e) {
                // A file went away under the walk: something is moving.
                count++;
            }
        }
        return count;
    }

    /** The deployed file without the two settings that name the site; they are in {@link #MAIN}. */
    private static String deployed() throws IOException {
        return Files.readAllLines(World.project().resolve("deploy/postfix-main.cf")).stream()
                .filter(line -> !line.startsWith("dualpost_proxies =") && !line.startsWith("smtpd_sasl_path ="))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** Around the deployed file: where this instance lives and what it delivers; slowing-down off to spare time. */
    private static final String MAIN = """
            compatibility_level = 3.6
            queue_directory = @DIR@/spool
            data_directory = @DIR@/data
            command_directory = /usr/sbin
            daemon_directory = /usr/lib/postfix/sbin
            maillog_file = @DIR@/mail.log
            maillog_file_prefixes = @DIR@
            inet_interfaces = 127.0.0.1, ::1
            myhostname = backend.example.test
            mydestination =
            mynetworks = 127.0.0.0/8 [::1]/128
            alias_maps =
            recipient_delimiter = +
            virtual_mailbox_domains = example.test
            virtual_mailbox_base = @MAIL@
            virtual_mailbox_maps = texthash:@DIR@/boxes
            virtual_uid_maps = static:5000
            virtual_gid_maps = static:5000
            smtpd_tls_cert_file = @CHAIN@
            smtpd_tls_key_file = @KEY@
            smtpd_error_sleep_time = 0
            dualpost_proxies = 127.0.0.0/8, [::1]/128
            smtpd_sasl_path = @AUTH@
            """;

    private static final String MASTER = """
            cleanup   unix  n       -       n       -       0       cleanup
            qmgr      unix  n       -       n       300     1       qmgr
            tlsmgr    unix  -       -       n       1000?   1       tlsmgr
            rewrite   unix  -       -       n       -       -       trivial-rewrite
            bounce    unix  -       -       n       -       0       bounce
            defer     unix  -       -       n       -       0       bounce
            trace     unix  -       -       n       -       0       bounce
            verify    unix  -       -       n       -       1       verify
            proxymap  unix  -       -       n       -       -       proxymap
            proxywrite unix -       -       n       -       1       proxymap
            error     unix  -       -       n       -       -       error
            retry     unix  -       -       n       -       -       error
            discard   unix  -       -       n       -       -       discard
            virtual   unix  -       n       n       -       -       virtual
            anvil     unix  -       -       n       -       1       anvil
            postlog   unix-dgram n  -       n       -       1       postlogd
            """;
}
