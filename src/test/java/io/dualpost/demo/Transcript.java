package io.dualpost.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Plays a conversation over a socket, in the look of the RFCs' examples: {@code C:} is sent with CRLF, {@code S:} is
 * what must be heard, {@code S~} is a regular expression for it, {@code R:} is sent without CRLF and with {@code \r},
 * {@code \n}, {@code \0} for these octets, {@code ---} is the end of the connection. Other lines are comments.
 */
final class Transcript {
    private Transcript() {}

    static void play(int port, String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            for (String step : text.lines().toList()) {
                String content = step.length() > 3 ? step.substring(3) : "";
                if (step.startsWith("C:")) {
                    send(socket, content + "\r\n");
                } else if (step.startsWith("R:")) {
                    send(socket, content.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0"));
                } else if (step.startsWith("S:")) {
                    assertThat(line(socket)).as("instead of '%s'", step).isEqualTo(content);
                } else if (step.startsWith("S~")) {
                    assertThat(line(socket)).as("instead of '%s'", step).matches(content);
                } else if (step.startsWith("---")) {
                    assertThat(socket.getInputStream().read()).as("end of the connection").isEqualTo(-1);
                }
            }
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String line(Socket socket) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int last = 0;
        for (int octet = socket.getInputStream().read(); octet >= 0; octet = socket.getInputStream().read()) {
            line.write(octet);
            if (octet == '\n' && last == '\r') {
                return line.toString(StandardCharsets.UTF_8).replace("\r\n", "");
            }
            last = octet;
        }
        return "(end after '" + line.toString(StandardCharsets.UTF_8) + "')";
    }
}
