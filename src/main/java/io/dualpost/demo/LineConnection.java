package io.dualpost.demo;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One client of an embedded server: lines of bounded length in, text out. Octets are characters of ISO-8859-1. */
final class LineConnection {
    private static final int LINE_LIMIT = 2048;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[8192];
    private int next;
    private int end;

    LineConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = new BufferedOutputStream(socket.getOutputStream());
        socket.setTcpNoDelay(true);
        patience(Duration.ofMinutes(1));
    }

    /** How long each wait for the client may last from now on. */
    void patience(Duration each) throws IOException {
        socket.setSoTimeout(Math.toIntExact(each.toMillis()));
    }

    /** Where the other end of the socket is. */
    Origin origin() {
        return new Origin(socket.getInetAddress(), false);
    }

    /**
     * The next line, without its CRLF. A lone CR or LF is part of the line.
     *
     * @throws LineTooLong after 2048 octets; the connection cannot go on
     */
    String readLine() throws IOException {
        StringBuilder line = new StringBuilder(80);
        while (true) {
            char octet = read();
            line.append(octet);
            int length = line.length();
            if (octet == '\n' && length > 1 && line.charAt(length - 2) == '\r') {
                return line.substring(0, length - 2);
            }
            if (length >= LINE_LIMIT) {
                throw new LineTooLong();
            }
        }
    }

    /** The next octet. */
    char read() throws IOException {
        if (next == end) {
            next = 0;
            end = Math.max(0, in.read(buffer));
            if (end == 0) {
                throw new EOFException("the client closed the connection");
            }
        }
        return (char) (buffer[next++] & 0xff);
    }

    /** Says one line, and CRLF. */
    void say(String line) throws IOException {
        write(line + "\r\n");
    }

    /** Sends text as it is. */
    void write(String octets) throws IOException {
        out.write(octets.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** Whether a command line has control characters, which no command has. */
    static boolean isClean(String line) {
        return line.chars().allMatch(c -> c >= ' ' && c != 0x7f);
    }

    /** More octets without CRLF than a line may have. */
    static final class LineTooLong extends IOException {
        private static final long serialVersionUID = 1;

        LineTooLong() {
            super("line of more than " + LINE_LIMIT + " octets");
        }
    }
}
