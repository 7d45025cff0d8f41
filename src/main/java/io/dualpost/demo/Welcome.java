package io.dualpost.demo;

import io.dualpost.address.Addresses;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The five messages that wait for {@code ann}. */
final class Welcome {
    /** What the UID of the fifth begins with. */
    static final String ARRIVAL = "came-from-";
    private static final String PLAIN = """
            From: Bob <bob@example.test>
            To: Ann <ann@example.test>
            Subject: Welcome

            Hello Ann,

            this message came to you through Dualpost: your client spoke TLS
            with the proxy, and the proxy spoke with the mailbox behind it.

            Bob
            """;
    private static final String UMLAUTS = """
            From: Bob <bob@example.test>
            To: Ann <ann@example.test>
            Subject: =?UTF-8?B?R3LDvMOfZSBhdXMg5p2x5Lqs?=
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 8bit

            Grüße aus 東京.
            Octets above 127 pass a relay as they are: ä ö ü ß, あいうえお.
            """;
    private static final String DOTS = """
            From: Bob <bob@example.test>
            To: Ann <ann@example.test>
            Subject: Lines that begin with a dot

            POP3 ends a message with a dot alone on its line, so a line that begins
            with one travels with a second one in front (RFC 1939 section 3):
            .
            ..
            .hidden
            You should see one, two and one dot above, and this line below them.
            """;
    private static final String ABOUT = """
            From: Dualpost <postmaster@example.test>
            To: Ann <ann@example.test>
            Subject: What Dualpost does

            Mail clients reach a server with two addresses, IPv4 and IPv6. When the
            path over IPv6 is broken in a way that still lets a connection open, most
            of them do not try IPv4 afterwards: they hang, or they ask for the
            password again, and their users call.

            Dualpost stands in front of POP3 and submission servers and

              * ends TLS on a dual-stack host and on an IPv4-only rescue host, each
                with its own name, and chooses the certificate by the name asked for;
              * takes the login, finds a backend that works, and logs in there;
              * tells the backend who the client is, by XCLIENT or a PROXY header,
                so that its logs, limits and Received lines stay true;
              * never hides a dead backend behind "wrong password": clients that hear
                a temporary failure try again and leave the password alone;
              * counts everything per family, so that you see how many of your users
                come over IPv6, how they fare, and who needs the rescue host.

            What it cannot do: answer a connection whose first packet never arrives.
            For those users there is the rescue host; give them its name.
            """;

    private Welcome() {}

    /** The first four, in octets. */
    static List<String> messages(String date) {
        return List.of(octets(date, PLAIN), octets(date, UMLAUTS), octets(date, DOTS), octets(date, ABOUT));
    }

    /** The fifth: the same for the same origin, as a UID demands. */
    static DemoMail.Message arrival(String date, Origin origin) {
        String text = """
                From: Dualpost <postmaster@example.test>
                To: Ann <ann@example.test>
                Subject: How you came here

                The mailbox server holds a connection from the proxy, from 127.0.0.1.
                It takes you to be at

                    %s

                and would write that address into its log.
                """.formatted(origin);
        String uid = ARRIVAL + Addresses.text(origin.address()) + (origin.told() ? "-told" : "");
        return new DemoMail.Message(uid, octets(date, text));
    }

    private static String octets(String date, String text) {
        String whole = ("Date: " + date + "\n" + text).replace("\n", "\r\n");
        return new String(whole.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
