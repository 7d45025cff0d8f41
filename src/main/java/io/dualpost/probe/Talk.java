package io.dualpost.probe;

import io.dualpost.address.Addresses;
import io.dualpost.address.Family;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;

/** A protocol as a client without credentials speaks it. */
sealed interface Talk {
    /** The first line of the server's first words, if they are kind. */
    String greeting() throws IOException;

    /** What the server can do, one in each line; nothing if it does not say. */
    Optional<List<String>> capabilities() throws IOException;

    /** The keyword and the command for TLS. */
    String startTls();

    /** Asks for TLS; the handshake comes next. */
    void requestTls() throws IOException;

    /** Takes leave. */
    void quit() throws IOException;

    /** RFC 1939, RFC 2449, RFC 2595. */
    record Pop3(Lines lines) implements Talk {
        @Override
        public String greeting() throws IOException {
            return positive(lines.next());
        }

        @Override
        public Optional<List<String>> capabilities() throws IOException {
            lines.say("CAPA");
            String answer = lines.next();
            if (answer.startsWith("-ERR")) {
                return Optional.empty();
            }
            positive(answer);
            return Optional.of(lines.multiline());
        }

        @Override
        public String startTls() {
            return "STLS";
        }

        @Override
        public void requestTls() throws IOException {
            lines.say(startTls());
            positive(lines.next());
        }

        @Override
        public void quit() throws IOException {
            lines.say("QUIT");
            lines.next();
        }

        private static String positive(String line) throws IOException {
            if (line.equals("+OK") || line.startsWith("+OK ")) {
                return line;
            }
            throw line.startsWith("-ERR")
                    ? new Fault.Found(Fault.Kind.SAID_NO, line)
                    : new Fault.Found(Fault.Kind.PROTOCOL, "not a POP3 answer: " + line);
        }
    }

    /** RFC 5321, RFC 3207. */
    record Submission(Lines lines, String helo) implements Talk {
        /** A client that names itself by its address (RFC 5321 section 4.1.3). */
        static Submission on(Lines lines, Socket socket) {
            InetAddress local = Addresses.fold(socket.getLocalAddress());
            String text = Addresses.text(local);
            return new Submission(lines, Family.of(local) == Family.IPV6 ? "[IPv6:" + text + "]" : "[" + text + "]");
        }

        @Override
        public String greeting() throws IOException {
            return positive(lines.reply()).toString();
        }

        @Override
        public Optional<List<String>> capabilities() throws IOException {
            lines.say("EHLO " + helo);
            List<String> texts = positive(lines.reply()).texts();
            return Optional.of(texts.subList(1, texts.size()));
        }

        @Override
        public String startTls() {
            return "STARTTLS";
        }

        @Override
        public void requestTls() throws IOException {
            lines.say(startTls());
            positive(lines.reply());
        }

        @Override
        public void quit() throws IOException {
            lines.say("QUIT");
            lines.reply();
        }

        private static Lines.Reply positive(Lines.Reply reply) throws IOException {
            if (!reply.positive()) {
                throw new Fault.Found(Fault.Kind.SAID_NO, reply.toString());
            }
            return reply;
        }
    }
}
