package io.dualpost.real;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/** Dovecot's POP3 server with {@code deploy/dovecot.conf}, and its checking of passwords for Postfix. */
final class Dovecot implements AutoCloseable {
    private final Path directory;
    private final Server server;
    private final int xclientPort;
    private final int proxyPort;
    private final int tlsPort;

    private Dovecot(Path directory, Server server, int xclientPort, int proxyPort, int tlsPort) {
        this.directory = directory;
        this.server = server;
        this.xclientPort = xclientPort;
        this.proxyPort = proxyPort;
        this.tlsPort = tlsPort;
    }

    /** Starts it in an own directory; the mailboxes are in {@code mail}. */
    static Dovecot start(Path directory, Path mail, Authority.Leaf certificate) throws IOException {
        int xclient = Server.freePort();
        int proxy = Server.freePort();
        int tls = Server.freePort();
        StringBuilder users = new StringBuilder();
        for (Account account : Account.values()) {
            users.append(account.user()).append(":{PLAIN.b64}")
                    .append(Base64.getEncoder().encodeToString(account.password().getBytes(StandardCharsets.UTF_8)))
                    .append(":").append(Mailbox.OWNER).append(":").append(Mailbox.OWNER).append("::")
                    .append(mail.resolve(account.mailbox())).append("::userdb_mail=maildir:~/Maildir\n");
        }
        Files.writeString(directory.resolve("users"), users);
        Files.writeString(directory.resolve("dovecot.conf"), CONFIGURATION.replace("@DIR@", directory.toString())
                .replace("@DEPLOY@", World.project().resolve("deploy/dovecot.conf").toString())
                .replace("@CHAIN@", certificate.chain().toString()).replace("@KEY@", certificate.key().toString())
                .replace("@XCLIENT@", Integer.toString(xclient)).replace("@PROXY@", Integer.toString(proxy))
                .replace("@TLS@", Integer.toString(tls)));
        Server server = Server.start(directory,
                List.of("/usr/sbin/dovecot", "-F", "-c", directory.resolve("dovecot.conf").toString()), xclient, proxy,
                tls);
        return new Dovecot(directory, server, xclient, proxy, tls);
    }

    /** The socket at which Postfix asks about passwords. */
    Path authSocket() {
        return directory.resolve("auth-client");
    }

    /** Plain, with STLS and XCLIENT. */
    int xclientPort() {
        return xclientPort;
    }

    /** Plain, wants a PROXY header. */
    int proxyPort() {
        return proxyPort;
    }

    /** TLS at once, with XCLIENT. */
    int tlsPort() {
        return tlsPort;
    }

    /** Its log file. */
    Path log() {
        return directory.resolve("dovecot.log");
    }

    /** Dies at once with all sessions. */
    void kill() {
        server.kill();
    }

    @Override
    public void close() {
        server.close();
    }

    /** Around the deployed file: where this instance lives, who its users are, and the tests' own ports and addresses. */
    private static final String CONFIGURATION = """
            base_dir = @DIR@/run
            state_dir = @DIR@/state
            !include @DEPLOY@
            login_trusted_networks = 127.0.0.0/8 ::1/128
            haproxy_trusted_networks = 127.0.0.0/8 ::1/128
            mail_max_userip_connections = 0
            listen = 127.0.0.1, ::1
            log_path = @DIR@/dovecot.log
            ssl = yes
            ssl_cert = <@CHAIN@
            ssl_key = <@KEY@
            auth_mechanisms = plain login
            auth_username_chars =
            auth_username_format = %u
            auth_failure_delay = 0
            service anvil {
              unix_listener anvil-auth-penalty {
                mode = 0
              }
            }
            first_valid_uid = 1
            passdb {
              driver = passwd-file
              args = username_format=%u @DIR@/users
            }
            userdb {
              driver = passwd-file
              args = username_format=%u @DIR@/users
            }
            service pop3-login {
              inet_listener dualpost_xclient {
                port = @XCLIENT@
              }
              inet_listener dualpost_proxy {
                port = @PROXY@
              }
              inet_listener dualpost_tls {
                port = @TLS@
              }
            }
            service auth {
              unix_listener @DIR@/auth-client {
                mode = 0666
              }
            }
            """;
}
