package io.dualpost;

import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;

/** Which build this is. */
final class Version {
    private Version() {}

    /** The version, {@code 0.1.0}. */
    static String text() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            if (in == null) {
                throw new IllegalStateException("version.properties: missing (expected: beside the classes)");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "unknown");
    }

    /** The version of Netty. */
    static String netty() {
        // Netty's own answer reads dates, for which Java loads a calendar's worth of classes.
        return Optional.ofNullable(Channel.class.getPackage().getImplementationVersion()).orElse("unknown");
    }
}
