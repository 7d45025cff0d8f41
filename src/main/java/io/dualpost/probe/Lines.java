package io.dualpost.probe;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Lines to and from a server that may be anything. */
final class Lines {
    /** Of a POP3 response (RFC 2449 section 4) and an SMTP reply line (RFC 5321 section 4.5.3.1.5), its end included. */
    static final int LONGEST = 512;
    /** Of one answer. */
    static final int MOST = 100;

    private final InputStream in;
    private final OutputStream out;
    private final byte[] held = new byte[LONGEST];
    private int begin;
    private int end;

    Lines(Socket socket) throws IOException {
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** Sends a line. */
    void say(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** The next line without its end, one character for each octet. */
    String next() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            if (begin == end) {
                begin = 0;
                end = Math.max(0, in.read(held));
                if (end == 0) {
                    throw new EOFException(line.isEmpty() ? "closed" : "closed in the middle of a line");
                }
            }
            char c = (char) (held[begin++] & 0xff);
            if (c == '\n') {
                int length = line.length();
                return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
            }
            line.append(c);
            if (line.length() >= LONGEST) {
                throw new Fault.Found(Fault.Kind.PROTOCOL, "a line of more than " + LONGEST + " octets: "
                        + line.substring(0, 32));
            }
        }
    }

    /** The lines up to a lone full stop (RFC 1939 section 3). */
    List<String> multiline() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = next(); !line.equals("."); line = next()) {
            if (lines.size() == MOST) {
                throw new Fault.Found(Fault.Kind.PROTOCOL, "an answer of more than " + MOST + " lines");
            }
            lines.add(line);
        }
        return lines;
    }

    /** An SMTP reply (RFC 5321 section 4.2). */
    Reply reply() throws IOException {
        List<String> texts = new ArrayList<>();
        while (texts.size() < MOST) {
            String line = next();
            if (!line.matches("(?s)[2-5][0-9]{2}([ -].*)?")) {
                throw new Fault.Found(Fault.Kind.PROTOCOL, "not an SMTP reply: " + line);
            }
            texts.add(line.length() > 4 ? line.substring(4) : "");
            if (line.length() == 3 || line.charAt(3) == ' ') {
                return new Reply(line.substring(0, 3), texts);
            }
        }
        throw new Fault.Found(Fault.Kind.PROTOCOL, "an answer of more than " + MOST + " lines");
    }

    /** Whether octets came that nobody has asked for. */
    boolean holdsMore() {
        return begin < end;
    }

    /** A code, of three digits, and the text of each line. */
    record Reply(String code, List<String> texts) {
        /** Whether the server agrees. */
        boolean positive() {
            return code.startsWith("2");
        }

        @Override
        public String toString() {
            return code + " " + texts.getFirst();
        }
    }
}
