package io.dualpost.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An answer of HTTP/1.1 (RFC 9112). It is read to its end before anything of it is passed on: half a list must not be taken
 * for a whole one, and whoever reads slowly must not keep the proxy waiting.
 */
public final class HttpAnswer {
    private static final int HEAD = 16_384;
    private static final int BUFFER = 65_536;
    private static final int BODY = 128 << 20;

    private final InputStream in;
    private final int status;
    private final Map<String, String> headers = new HashMap<>();
    private final List<byte[]> body = new ArrayList<>();
    private int left = HEAD;
    private long length;

    private HttpAnswer(InputStream in) throws IOException {
        this.in = in;
        String line = line();
        if (!line.matches("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?")) {
            throw malformed("a line " + quoted(line), "HTTP/1.1 and a status");
        }
        this.status = Integer.parseInt(line.substring(9, 12));
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw malformed("a line " + quoted(header), "a header");
            }
            headers.put(header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
        }
    }

    /** Reads it; it is whole, or there is an exception. */
    static HttpAnswer read(InputStream in) throws IOException {
        HttpAnswer answer = new HttpAnswer(new BufferedInputStream(in, BUFFER));
        answer.body();
        return answer;
    }

    /** The status, 100 to 599. */
    public int status() {
        return status;
    }

    /** Passes the body on. */
    public void writeBody(OutputStream out) throws IOException {
        for (byte[] octets : body) {
            out.write(octets);
        }
        out.flush();
    }

    private void body() throws IOException {
        Optional<String> announced = Optional.ofNullable(headers.get("content-length"));
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            for (long chunk = chunk(); chunk > 0; chunk = chunk()) {
                take(chunk);
                line();
            }
        } else if (announced.isPresent() && announced.get().matches("[0-9]{1,12}")) {
            take(Long.parseLong(announced.get()));
        } else {
            throw malformed("a body without a length", "content-length or chunks");
        }
    }

    private long chunk() throws IOException {
        left = HEAD;
        String size = line();
        if (!size.matches("[0-9A-Fa-f]{1,8}")) {
            throw malformed("a chunk of " + quoted(size), "a hexadecimal number of octets");
        }
        return Long.parseLong(size, 16);
    }

    private void take(long octets) throws IOException {
        length += octets;
        if (length > BODY) {
            throw malformed("a body of more than " + BODY + " octets", "a shorter one");
        }
        for (long rest = octets; rest > 0;) {
            byte[] got = in.readNBytes((int) Math.min(BUFFER, rest));
            if (got.length == 0) {
                throw cutOff();
            }
            body.add(got);
            rest -= got.length;
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw cutOff();
            }
            if (--left < 0) {
                throw malformed("a head of more than " + HEAD + " octets", "a short one");
            }
            line.write(octet);
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }

    private static IOException cutOff() {
        return new IOException("the answer was cut off");
    }

    private static IOException malformed(String found, String expected) {
        return new IOException("not an answer of a proxy: " + found + " (expected: " + expected + ")");
    }

    private static String quoted(String text) {
        return "\"" + Table.harmless(text.length() > 80 ? text.substring(0, 80) + "..." : text) + "\"";
    }
}
