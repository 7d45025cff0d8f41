package io.dualpost.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything around the proxy in {@code dualpost demo}: a temporary folder, a mailbox and a submission server, and a
 * configuration that puts the proxy before them. In this order: {@link #open}, make certificates for {@link #HOSTS} in
 * {@link #folder}, {@link #configure}, start the proxy, print {@link #welcome}, {@link #close}.
 */
public final class Demo implements AutoCloseable {
    /** The names that the certificate must cover. */
    public static final List<String> HOSTS = List.of("pop.example.test", "pop-v4.example.test", "smtp.example.test",
            "smtp-v4.example.test");
    /** Where the ports begin if nobody says otherwise. */
    public static final int PORT_BASE = 9000;

    private final Path folder;
    private final DemoPorts ports;
    private final boolean ipv6;
    private final DemoMailbox mailbox;
    private final DemoSubmission submission;

    private Demo(Path folder, DemoPorts ports, boolean ipv6, DemoMailbox mailbox, DemoSubmission submission) {
        this.folder = folder;
        this.ports = ports;
        this.ipv6 = ipv6;
        this.mailbox = mailbox;
        this.submission = submission;
    }

    /**
     * Makes the folder, readable by nobody else, and opens both servers.
     *
     * @param portBase 1024 to 64540; the proxy's ports will be this and 995, 110, 465, 587 and, for admin, 143
     * @throws IOException if one of the ports is taken; the message names it and the way out
     */
    public static Demo open(int portBase) throws IOException {
        DemoPorts ports = new DemoPorts(portBase);
        boolean ipv6 = DemoPorts.isIpv6Here();
        ports.check(ipv6);
        DemoMail mail = DemoMail.welcoming();
        // createTempDirectory gives 0700 where the file system knows permissions.
        return new Demo(Files.createTempDirectory("dualpost-demo-"), ports, ipv6, DemoMailbox.open(mail),
                DemoSubmission.open(mail));
    }

    /** Where certificates and the configuration go; deleted with all that is in it by {@link #close}. */
    public Path folder() {
        return folder;
    }

    /** Whether this machine has ::1; without it the welcome text keeps to IPv4. */
    public boolean ipv6() {
        return ipv6;
    }

    /**
     * Writes the configuration of the proxy into the folder.
     *
     * @param certificates at least one for {@link #HOSTS}
     * @param level        of the log: "info" has the records of sessions, "warn" has not
     * @return the file
     */
    public Path configure(List<CertificateFiles> certificates, String level) throws IOException {
        String text = """
                # Written by "dualpost demo", and gone with it.
                services:
                  pop:
                    dual:   { name: pop.example.test,    addresses: ["127.0.0.1", "::1"] }
                    rescue: { name: pop-v4.example.test, addresses: ["127.0.0.1"] }
                    listeners:
                      - { protocol: pop3, port: %d, tls: implicit }
                      - { protocol: pop3, port: %d, tls: starttls }
                    backends: mailbox
                  submission:
                    dual:   { name: smtp.example.test,    addresses: ["127.0.0.1", "::1"] }
                    rescue: { name: smtp-v4.example.test, addresses: ["127.0.0.1"] }
                    listeners:
                      - { protocol: submission, port: %d, tls: implicit }
                      - { protocol: submission, port: %d, tls: starttls }
                    backends: outgoing
                backends:
                  mailbox:  { servers: ["127.0.0.1:%d"], tls: none, identity: xclient }
                  outgoing: { servers: ["127.0.0.1:%d"], tls: none, identity: xclient }
                admin: { listen: "127.0.0.1:%d" }
                log: { format: key_value, level: %s }
                certificates:
                %s
                """.formatted(ports.pop3s(), ports.pop3(), ports.submissions(), ports.submission(), mailbox.port(),
                submission.port(), ports.admin(), level,
                certificates.stream().map(CertificateFiles::yaml).collect(Collectors.joining("\n")));
        return Files.writeString(folder.resolve("dualpost.yaml"), text);
    }

    /**
     * Makes sessions over all of the proxy's listeners, as clients have them: with and without resumption, over each
     * family that is here, with logins, mail in both directions and a look at the metrics.
     *
     * @param authority PEM file of the authority that made the certificate
     * @param sessions  how many, 1 or more
     * @throws IOException if one of them goes wrong; the message says at which step
     */
    public void visit(Path authority, int sessions) throws IOException {
        new Visits(ports, ipv6, authority).make(sessions);
    }

    /**
     * What runs where, and what to try; each command stands on a line of its own that begins with {@code "  $ "}.
     *
     * @param authority PEM file of the authority that made the certificate
     */
    public String welcome(Path authority) {
        return new DemoText(ports, ipv6, mailbox.port(), submission.port()).welcome(authority,
                folder.resolve("dualpost.yaml"));
    }

    /** Ends both servers and deletes the folder; the proxy has to be closed before. */
    @Override
    public void close() throws IOException {
        mailbox.close();
        submission.close();
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /**
     * A certificate with its key.
     *
     * @param chain PEM file of the certificate and its issuers
     * @param key   PEM file of the private key
     */
    public record CertificateFiles(Path chain, Path key) {
        private String yaml() {
            return "  - { chain: " + quoted(chain) + ", key: " + quoted(key) + " }";
        }

        private static String quoted(Path file) {
            return "'" + file.toString().replace("'", "''") + "'";
        }
    }
}
