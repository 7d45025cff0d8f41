package io.dualpost.demo;

import java.nio.file.Path;

/**
 * What the demo prints. The commands work as they stand in a POSIX shell, with curl, OpenSSL and swaks as Debian 12 has
 * them.
 */
record DemoText(DemoPorts ports, boolean ipv6, int mailbox, int submission) {
    String welcome(Path authority, Path configuration) {
        return where(authority, configuration) + commands(shell(authority)) + """

                Ctrl-C ends the demo and removes its files.
                """;
    }

    private String where(Path authority, Path configuration) {
        return """

                Dualpost runs before a small mailbox server (127.0.0.1:%d) and a small submission
                server (127.0.0.1:%d). Users: ann (password secret) and bob (geheim).

                  pop.example.test      127.0.0.1 and ::1   %d POP3 in TLS   %d POP3 with STLS
                  pop-v4.example.test   127.0.0.1           the rescue host, same ports
                  smtp.example.test     127.0.0.1 and ::1   %d SMTP in TLS   %d SMTP with STARTTLS
                  smtp-v4.example.test  127.0.0.1           the rescue host, same ports
                  metrics and health    http://127.0.0.1:%d/
                  authority             %s
                  configuration         %s
                %s""".formatted(mailbox, submission, ports.pop3s(), ports.pop3(), ports.submissions(),
                ports.submission(), ports.admin(), authority, configuration,
                ipv6 ? "" : "\nThis machine has no IPv6 (no ::1), so every command below uses IPv4.\n");
    }

    private String commands(String authority) {
        String family = ipv6 ? "IPv6" : "IPv4";
        String address = ipv6 ? "[::1]" : "127.0.0.1";
        return """

                Try, in another terminal:

                1. List the messages, at the dual-stack host over %s:
                  $ curl -sS --cacert %s --resolve 'pop.example.test:%d:%s' pop3s://ann:secret@pop.example.test:%d/

                2. Read the first message, at the rescue host over IPv4:
                  $ curl -sS --cacert %s --resolve 'pop-v4.example.test:%d:127.0.0.1' pop3s://ann:secret@pop-v4.example.test:%d/1

                3. Look at the mailbox through STLS, over %s:
                  $ printf 'CAPA\\r\\nUSER ann\\r\\nPASS secret\\r\\nSTAT\\r\\nQUIT\\r\\n' | openssl s_client -quiet -starttls pop3 -connect '%s:%d' -servername pop.example.test -verify_hostname pop.example.test -verify_return_error -CAfile %s

                4. Send a message to bob, over IPv4 (package swaks):
                  $ swaks --server 127.0.0.1 --port %d --tls-on-connect --tls-sni smtp.example.test --tls-verify --tls-ca-path %s --auth PLAIN --auth-user ann --auth-password secret --from ann@example.test --to bob@example.test --header 'Subject: Hello Bob'

                5. See who logged in, by family:
                  $ curl -sS http://127.0.0.1:%d/metrics | grep dualpost_logins
                """
                .formatted(family, authority, ports.pop3s(), address, ports.pop3s(), authority, ports.pop3s(),
                        ports.pop3s(), family, address, ports.pop3(), authority, ports.submissions(), authority,
                        ports.admin());
    }

    private static String shell(Path file) {
        String text = file.toString();
        return text.matches("[A-Za-z0-9_./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
