package io.dualpost.mail;

import io.dualpost.address.Addresses;
import io.dualpost.address.Family;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** XCLIENT commands: as Postfix takes them for SMTP, as Dovecot takes them for POP3. */
final class XClient {
    private static final int LIMIT = 512 - 2;

    private XClient() {}

    /** Dovecot's: one command, addresses bare (its line limit is 1,024). */
    static String pop3(Identity identity) {
        InetSocketAddress source = identity.peer().source();
        InetSocketAddress destination = identity.peer().destination();
        return "XCLIENT ADDR=" + Addresses.text(source.getAddress()) + " PORT=" + source.getPort() + " DESTADDR="
                + Addresses.text(destination.getAddress()) + " DESTPORT=" + destination.getPort() + " SESSION="
                + identity.session();
    }

    /**
     * Postfix's: only attributes that the server lists, values in xtext, each command below 512 octets, ADDR in the last
     * one because the right to say XCLIENT may end with it.
     *
     * @param listed the attributes that the server announced
     */
    static List<String> smtp(Identity identity, List<String> listed) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("NAME", "[UNAVAILABLE]");
        attributes.put("PROTO", "ESMTP");
        identity.helo().text().ifPresent(helo -> attributes.put("HELO", xtext(helo)));
        attributes.put("PORT", Integer.toString(identity.peer().source().getPort()));
        attributes.put("DESTADDR", tagged(identity.peer().destination().getAddress()));
        attributes.put("DESTPORT", Integer.toString(identity.peer().destination().getPort()));
        attributes.put("ADDR", tagged(identity.peer().address()));
        attributes.keySet().retainAll(listed);
        List<String> commands = new ArrayList<>();
        StringBuilder command = new StringBuilder("XCLIENT");
        attributes.forEach((name, value) -> {
            if (command.length() + name.length() + value.length() + 2 > LIMIT) {
                commands.add(command.toString());
                command.setLength("XCLIENT".length());
            }
            command.append(' ').append(name).append('=').append(value);
        });
        commands.add(command.toString());
        return commands;
    }

    private static String tagged(InetAddress address) {
        String text = Addresses.text(address);
        return Family.of(address) == Family.IPV6 ? "IPV6:" + text : text;
    }

    /** RFC 3461 section 4: all but printable ASCII, and plus and equals, as a plus and two hex digits. */
    static String xtext(String octets) {
        StringBuilder text = new StringBuilder(octets.length());
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            if (c > 32 && c < 127 && c != '+' && c != '=') {
                text.append(c);
            } else {
                text.append(String.format("+%02X", (int) c));
            }
        }
        return text.toString();
    }
}
