package io.dualpost.mail;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Dotted content of a message of 64 KiB, its end included. */
public enum MessageText {
    /** Lines of words and of base64, as people send them. */
    MAIL {
        @Override
        String line(Random random) {
            int length = random.nextInt(4) == 0 ? 76 : random.nextInt(77);
            return random.ints(length, 'a', 'z' + 2).collect(StringBuilder::new,
                    (line, c) -> line.append(c > 'z' ? ' ' : (char) c), StringBuilder::append) + "\r\n";
        }
    },
    /** Each line begins like the end of the message. */
    DOTS {
        @Override
        String line(Random random) {
            return "..\r\n";
        }
    },
    /** Each octet is replaced. */
    LONE_CRS {
        @Override
        String line(Random random) {
            return "\r".repeat(64);
        }
    };

    private static final String END = "\r\n.\r\n";

    /** Octets of each. */
    public static final int SIZE = 65_536;

    abstract String line(Random random);

    /** The octets, the same each time. */
    public byte[] octets() {
        Random random = new Random(5321);
        StringBuilder message = new StringBuilder(SIZE + 100);
        while (message.length() < SIZE) {
            message.append(line(random));
        }
        message.setLength(SIZE - END.length());
        return message.append(END).toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
