package io.dualpost.tls;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes ClientHellos, well formed unless told otherwise. */
final class HelloBytes {
    private int version = 0x0303;
    private int[] suites = {0x1301, 0xC02B, 0xC02F};
    private final List<byte[]> extensions = new ArrayList<>();

    HelloBytes version(int value) {
        version = value;
        return this;
    }

    HelloBytes suites(int... values) {
        suites = values;
        return this;
    }

    HelloBytes extension(int type, byte[] content) {
        extensions.add(join(number16(type), vector16(content)));
        return this;
    }

    HelloBytes serverName(String name) {
        return extension(0, vector16(join(new byte[] {0}, vector16(ascii(name)))));
    }

    HelloBytes alpn(String... protocols) {
        byte[] list = {};
        for (String protocol : protocols) {
            list = join(list, vector8(ascii(protocol)));
        }
        return extension(16, vector16(list));
    }

    HelloBytes versions(int... values) {
        return extension(43, vector8(numbers16(values)));
    }

    HelloBytes signatures(int... values) {
        return extension(13, vector16(numbers16(values)));
    }

    HelloBytes groups(int... values) {
        return extension(10, vector16(numbers16(values)));
    }

    /** The message without its header. */
    byte[] body() {
        byte[] front = join(number16(version), new byte[32], vector8(new byte[0]), vector16(numbers16(suites)),
                vector8(new byte[1]));
        byte[] all = {};
        for (byte[] extension : extensions) {
            all = join(all, extension);
        }
        return extensions.isEmpty() ? front : join(front, vector16(all));
    }

    /** The message with its header. */
    byte[] message() {
        byte[] body = body();
        return join(new byte[] {1, 0}, number16(body.length), body);
    }

    /** One record with the message. */
    byte[] record() {
        return record(message());
    }

    static byte[] record(byte[] fragment) {
        return join(new byte[] {22, 3, 1}, vector16(fragment));
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] number16(int value) {
        return new byte[] {(byte) (value >> 8), (byte) value};
    }

    static byte[] numbers16(int... values) {
        byte[] all = {};
        for (int value : values) {
            all = join(all, number16(value));
        }
        return all;
    }

    static byte[] vector8(byte[] content) {
        return join(new byte[] {(byte) content.length}, content);
    }

    static byte[] vector16(byte[] content) {
        return join(number16(content.length), content);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
