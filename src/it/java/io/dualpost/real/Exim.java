package io.dualpost.real;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Exim with {@code deploy/exim4.conf}; delivers into a folder of its own. Its package cannot be installed beside Postfix's, so
 * {@code .ci/run} unpacks it into a folder.
 */
final class Exim implements AutoCloseable {
    /** Where it is unpacked. */
    static final Path ROOT = World.project().resolve("target/exim");
    private static final Path PROGRAM = ROOT.resolve("usr/sbin/exim4");

    private final Path directory;
    private final Server server;
    private final int port;

    private Exim(Path directory, Server server, int port) {
        this.directory = directory;
        this.server = server;
        this.port = port;
    }

    /** Whether it is here. */
    static boolean isThere() {
        return Files.isExecutable(PROGRAM);
    }

    /** Starts an instance of its own; passwords are checked at Dovecot's socket. */
    static Exim start(Path directory, Path authSocket) throws IOException {
        int port = Server.freePort();
        for (String folder : List.of("spool", "log", "mail")) {
            Files.setAttribute(Files.createDirectory(directory.resolve(folder)), "unix:uid", Mailbox.OWNER);
        }
        Path settings = Files.writeString(directory.resolve("exim4.conf"),
                CONFIGURATION.replace("@DIR@", directory.toString()).replace("@AUTH@", authSocket.toString())
                        .replace("@PORT@", Integer.toString(port))
                        .replace("@DEPLOY@", World.project().resolve("deploy/exim4.conf").toString()));
        Files.writeString(directory.resolve("users"), "v4\nv6\n");
        // It insists on its own user; here that one is the owner of the mailboxes, in a passwd file for it alone.
        Path passwd = known("/etc/passwd", directory.resolve("passwd"),
                "Debian-exim:x:" + Mailbox.OWNER + ":" + Mailbox.OWNER + "::/nonexistent:/bin/false\n");
        Path group = known("/etc/group", directory.resolve("group"), "Debian-exim:x:" + Mailbox.OWNER + ":\n");
        Server server = Server.start(directory, List.of("unshare", "-m", "sh", "-c",
                "mount --bind \"$1\" /etc/passwd && mount --bind \"$2\" /etc/group && shift 2 && exec \"$@\"", "sh",
                passwd.toString(), group.toString(), "env",
                "LD_LIBRARY_PATH=" + ROOT.resolve("usr/lib") + ":" + ROOT.resolve("usr/lib/x86_64-linux-gnu"),
                PROGRAM.toString(), "-C", settings.toString(), "-bdf", "-q10m"), port);
        return new Exim(directory, server, port);
    }

    /** Wants a PROXY header. */
    int port() {
        return port;
    }

    /** The messages that it delivered to a user. */
    List<String> delivered(String user) throws IOException {
        Path maildir = directory.resolve("mail").resolve(user).resolve("new");
        if (!Files.exists(maildir)) {
            return List.of();
        }
        List<String> messages = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(maildir)) {
            for (Path file : files) {
                messages.add(Files.readString(file));
            }
        }
        return messages;
    }

    /** Its log file. */
    Path log() {
        return directory.resolve("log/mainlog");
    }

    @Override
    public void close() {
        server.close();
    }

    private static Path known(String from, Path to, String line) throws IOException {
        String all = Files.readString(Path.of(from));
        return Files.writeString(to, all.endsWith("\n") ? all + line : all + "\n" + line);
    }

    /** Around the deployed file: where this instance lives and what it delivers. */
    private static final String CONFIGURATION = """
            DUALPOST_PROXIES = 127.0.0.1 ; ::1
            DUALPOST_AUTH = @AUTH@
            DUALPOST_PORT = @PORT@
            spool_directory = @DIR@/spool
            log_file_path = @DIR@/log/%slog
            pid_file_path = @DIR@/spool/exim.pid
            primary_hostname = backend.example.test
            local_interfaces = <; 127.0.0.1 ; ::1
            deliver_drop_privilege = true
            host_lookup =
            rfc1413_query_timeout = 0s
            .include @DEPLOY@

            begin routers

            mailboxes:
              driver = accept
              local_parts = lsearch,ret=key;@DIR@/users
              transport = maildir

            begin transports

            maildir:
              driver = appendfile
              directory = @DIR@/mail/$local_part_data
              maildir_format
            """;
}
