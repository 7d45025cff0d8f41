package io.dualpost.config;

import java.util.stream.Stream;

/** A sound configuration, and what happens when one thing in it is changed. */
final class BrokenConfigurations {
    /** Lines 1 to 16; each case changes one thing. */
    static final String SOUND = """
            services:
              pop:
                dual: { name: pop.example.jp, addresses: [192.0.2.10, "2001:db8::10"] }
                rescue: { name: pop-v4.example.jp, addresses: [192.0.2.10] }
                listeners:
                  - { protocol: pop3, port: 995, tls: implicit }
                backends: mailbox
              out:
                dual: { name: smtp.example.jp, addresses: [192.0.2.10, "2001:db8::10"] }
                listeners:
                  - { protocol: submission, port: 587, tls: starttls }
                backends: outgoing
            backends:
              mailbox: { servers: ["dovecot.internal:110"] }
              outgoing: { servers: ["postfix.internal:587"] }
            certificates: [{ chain: mail.pem, key: mail.key }]
            """;
    private static final String BACKENDS = SOUND.substring(SOUND.indexOf("backends:\n"),
            SOUND.indexOf("certificates:"));

    private BrokenConfigurations() {}

    /** One change: where the problem then is, and a part of what it says. */
    record Case(String from, String to, int line, int column, String key, String message) {
        @Override
        public String toString() {
            return to;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(structure(), values(), meaning()).flatMap(cases -> cases);
    }

    private static Stream<Case> structure() {
        return Stream.of(
                new Case("protocol: pop3", "prot: pop3", 6, 11, "services.pop.listeners[0].prot",
                        "unknown key \"prot\" (expected: one of protocol, port, tls, plaintext_login, line_endings, "
                                + "proxy_from); did you mean \"protocol\"?"),
                new Case("port: 995", "prto: 995", 6, 27, "services.pop.listeners[0].prto", "did you mean \"port\"?"),
                new Case("    backends: mailbox", "    backend: mailbox", 7, 5, "services.pop.backend",
                        "did you mean \"backends\"?"),
                new Case("backends: mailbox\n", "backends: mailbox\n    backends: mailbox\n", 8, 5,
                        "services.pop.backends",
                        "the key \"backends\" again (expected: each key once); the first is in line 7"),
                new Case("    backends: mailbox\n", "", 3, 5, "services.pop",
                        "no key \"backends\" (expected: backends: a name under backends)"),
                new Case("dual: { name: pop", "dual: &d { name: pop", 3, 11, "services.pop.dual",
                        "the anchor &d (expected: no anchors, every value written out)"),
                new Case("backends: mailbox", "backends: *x", 7, 15, "services.pop.backends",
                        "the alias *x (expected: every value written out)"),
                new Case("port: 995", "port: !port 995", 6, 33, "services.pop.listeners[0].port",
                        "the tag \"!port\" (expected: no tags)"),
                new Case("tls: implicit", "tls: implicit, x: " + "[".repeat(20) + "]".repeat(20), 6, 67,
                        "services.pop.listeners[0].x" + "[0]".repeat(11), "more than 16 levels"),
                new Case(BACKENDS, "backends: [mailbox]\n", 13, 11, "backends",
                        "a list (expected: names, each with a mapping with servers, tls,"),
                new Case("  pop:", "  Pop:", 2, 3, "services.Pop",
                        "the name \"Pop\" (expected: a small letter, then small letters, digits and hyphens, 40 at most)"),
                new Case("  pop:", "  [a]:", 2, 3, "services", "a list as a key (expected: a plain word as a key)"));
    }

    private static Stream<Case> values() {
        return Stream.of(
                new Case("port: 995", "port: 99500", 6, 33, "services.pop.listeners[0].port",
                        "99500 (expected: a whole number from 0 to 65535)"),
                new Case("port: 995", "port: \"995\"", 6, 33, "services.pop.listeners[0].port",
                        "write it without quotes"),
                new Case("port: 995", "port: 0x3e3", 6, 33, "services.pop.listeners[0].port",
                        "0x3e3 (expected: a whole"),
                new Case("port: 995", "port:", 6, 32, "services.pop.listeners[0].port",
                        "nothing (expected: a whole number from 0 to 65535)"),
                new Case("protocol: pop3", "protocol: pop", 6, 21, "services.pop.listeners[0].protocol",
                        "\"pop\" (expected: pop3 or submission); did you mean \"pop3\"?"),
                new Case("tls: implicit", "tls: none", 6, 43, "services.pop.listeners[0].tls",
                        "\"none\" (expected: implicit or starttls)"),
                new Case("tls: starttls", "tls: starttls, plaintext_login: yes", 11, 76,
                        "services.out.listeners[0].plaintext_login", "\"yes\" (expected: true or false)"),
                new Case("addresses: [192.0.2.10] }", "addresses: 192.0.2.10 }", 4, 51, "services.pop.rescue.addresses",
                        "put brackets around it: [\"192.0.2.10\"]"),
                new Case("[192.0.2.10] }", "[192.0.2.010] }", 4, 52, "services.pop.rescue.addresses[0]",
                        "\"192.0.2.010\" (expected: an IPv4 or IPv6 address)"),
                new Case("[192.0.2.10] }", "[\"::ffff:192.0.2.10\"] }", 4, 52, "services.pop.rescue.addresses[0]",
                        "write the IPv4 address itself: 192.0.2.10"),
                new Case("[192.0.2.10] }", "[] }", 4, 51, "services.pop.rescue.addresses", "an empty list"),
                new Case("name: pop.example.jp", "name: 192.0.2.10", 3, 19, "services.pop.dual.name",
                        "a name is needed here, not an address"),
                new Case("[\"dovecot.internal:110\"]", "[\"dovecot.internal:110\"], offer: [UIDL, UTF8]", 14, 63,
                        "backends.mailbox.offer[1]",
                        "\"UTF8\", which a proxy for pop3 cannot keep (expected: one of TOP, UIDL, "),
                new Case("dovecot.internal:110", "dovecot.internal", 14, 24, "backends.mailbox.servers[0]",
                        "add the port: dovecot.internal:110"),
                new Case("dovecot.internal:110", "2001:db8::5", 14, 24, "backends.mailbox.servers[0]",
                        "put the address in brackets and add the port: \"[2001:db8::5]:110\""),
                new Case("dovecot.internal:110", "${env:NOWHERE}:110", 14, 24, "backends.mailbox.servers[0]",
                        "set the environment variable NOWHERE, which is missing"),
                new Case("dovecot.internal:110", "${NOWHERE}:110", 14, 24, "backends.mailbox.servers[0]",
                        "write ${env:NAME} for the value of an environment variable"),
                new Case("110\"] }", "110\"], offer: [top] }", 14, 57, "backends.mailbox.offer[0]",
                        "\"top\" (expected: a capability in capitals"),
                new Case("tls: implicit", "tls: implicit, proxy_from: [192.0.2.1/24]", 6, 66,
                        "services.pop.listeners[0].proxy_from[0]",
                        "the bits behind the prefix must be zero: 192.0.2.0/24"),
                new Case("    backends: mailbox", "    timeouts: { idle: 30 }\n    backends: mailbox", 7, 23,
                        "services.pop.timeouts.idle", "add the unit: 30s, 30m or 30ms"),
                new Case("    backends: mailbox", "    timeouts: { tls: 1h }\n    backends: mailbox", 7, 22,
                        "services.pop.timeouts.tls", "\"1h\" (expected: a time from 1s to 5m)"),
                new Case("    backends: mailbox", "    timeouts: { idle: 6m }\n    backends: mailbox", 7, 23,
                        "services.pop.timeouts.idle",
                        "6m before a POP3 listener (expected: at least 10m (RFC 1939 section 3))"),
                new Case("certificates:", "limits: { sessions: 0 }\ncertificates:", 16, 21, "limits.sessions",
                        "0 (expected: a whole number from 1 to 1000000)"),
                new Case("certificates:", "admin: { listen: \"192.0.2.10:9143\" }\ncertificates:", 16, 18,
                        "admin.listen",
                        "who asks is not authenticated"));
    }

    private static Stream<Case> meaning() {
        return Stream.of(
                new Case("[192.0.2.10] }", "[192.0.2.10, \"2001:db8::11\"] }", 4, 64,
                        "services.pop.rescue.addresses[1]",
                        "an IPv6 address, 2001:db8::11, on the rescue host (expected: IPv4 addresses only); "
                                + "clients come here because their IPv6 is broken; move the address to the dual host"),
                new Case("pop.example.jp, addresses: [192.0.2.10, \"2001:db8::10\"]",
                        "pop.example.jp, addresses: [192.0.2.10]",
                        3, 46, "services.pop.dual.addresses",
                        "no IPv6 address (expected: at least one IPv4 and one IPv6 address); add one, or say \"only: ipv4\""),
                new Case("pop.example.jp, addresses: [192.0.2.10, \"2001",
                        "pop.example.jp, only: ipv4, addresses: [192.0.2.10, \"2001",
                        3, 41, "services.pop.dual.only", "ipv4 beside an IPv6 address"),
                new Case("pop.example.jp, addresses: [192.0.2.10, \"2001:db8::10\"]",
                        "pop.example.jp, only: ipv6, addresses: [192.0.2.10]", 3, 58, "services.pop.dual.addresses",
                        "no IPv6 address (expected: only IPv6 addresses); add one, or take \"only\" out"),
                new Case("[192.0.2.10] }", "[192.0.2.10, 192.0.2.10] }", 4, 64, "services.pop.rescue.addresses[1]",
                        "192.0.2.10 again (expected: each address once)"),
                new Case("[192.0.2.10] }", "[0.0.0.0, 192.0.2.10] }", 4, 61, "services.pop.rescue.addresses[1]",
                        "the wildcard stands for every address; leave this one out"),
                new Case("pop-v4.example.jp", "pop.example.jp", 4, 21, "services.pop.rescue.name",
                        "the name \"pop.example.jp\" again (expected: a name of its own)"),
                new Case("smtp.example.jp, addresses: [192.0.2.10", "pop.example.jp, addresses: [192.0.2.11", 9, 19,
                        "services.out.dual.name",
                        "two services share a host only in the same role with the same addresses"),
                new Case("pop-v4.example.jp", "pop-v5.example.jp", 4, 21, "services.pop.rescue.name",
                        "no certificate covers pop-v5.example.jp (expected: one of the names that certificates have: "
                                + "pop-v4.example.jp, pop.example.jp, smtp.example.jp); request one with \"dualpost certs csr --out FOLDER\""),
                new Case("certificates: [{ chain: mail.pem, key: mail.key }]", "", 3, 19, "services.pop.dual.name",
                        "(expected: a certificate for it under certificates)"),
                new Case("tls: implicit }", "tls: implicit }\n      - { protocol: pop3, port: 995, tls: starttls }", 7,
                        33,
                        "services.pop.listeners[1].port", "port 995 again (expected: another port)"),
                new Case("port: 587", "port: 995", 11, 39, "services.out.listeners[0].port",
                        "port 995 on 192.0.2.10, which services.pop.listeners[0].port"),
                new Case("smtp.example.jp, addresses: [192.0.2.10, \"2001:db8::10\"] }\n    listeners:\n"
                        + "      - { protocol: submission, port: 587",
                        "smtp.example.jp, addresses: [192.0.2.11, \"::\"] }\n    listeners:\n"
                                + "      - { protocol: submission, port: 995",
                        11, 39, "services.out.listeners[0].port", "give one of the two another address or port"),
                new Case("port: 995", "port: 0", 6, 33, "services.pop.listeners[0].port",
                        "only where all addresses of the service are loopback addresses"),
                new Case("port: 587", "port: 25", 11, 39, "services.out.listeners[0].port",
                        "mail between servers needs a mail server, not this proxy"),
                new Case("tls: implicit", "tls: implicit, plaintext_login: true", 6, 70,
                        "services.pop.listeners[0].plaintext_login", "leave the key out"),
                new Case("dovecot.internal:110", "192.0.2.10:995", 14, 24, "backends.mailbox.servers[0]",
                        "the proxy would talk to itself"),
                new Case("dovecot.internal:110", "smtp.example.jp:587", 14, 24, "backends.mailbox.servers[0]",
                        "the proxy would talk to itself"),
                new Case("backends: mailbox", "backends: mailboxes", 7, 15, "services.pop.backends",
                        "no pool \"mailboxes\" (expected: one of mailbox, outgoing); did you mean \"mailbox\"?"),
                new Case("backends: outgoing", "backends: mailbox", 11, 21, "services.out.listeners[0].protocol",
                        "submission before the pool \"mailbox\", which speaks pop3"),
                new Case("110\"] }", "110\"], tls_name: a.internal }", 14, 59, "backends.mailbox.tls_name",
                        "without TLS nothing is verified"),
                new Case("110\"] }", "110\"], tls: implicit, tls_authorities: mail.key }", 14, 81,
                        "backends.mailbox.tls_authorities", "no certificate inside, only PRIVATE KEY"),
                new Case("110\"] }", "110\", \"dovecot.internal:110\"] }", 14, 48, "backends.mailbox.servers[1]",
                        "dovecot.internal:110 again"),
                new Case("key: mail.key", "key: mail.kei", 16, 40, "certificates[0].key", "no such file"),
                new Case("chain: mail.pem", "chain: mail.pen", 16, 25, "certificates[0].chain", "no such file"),
                new Case("key: mail.key", "key: internal-ca.pem", 16, 40, "certificates[0].key",
                        "no key inside, only CERTIFICATE"));
    }
}
