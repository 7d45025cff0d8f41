package io.dualpost.config;

import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the log can be where it is wanted. */
final class LogChecks {
    private LogChecks() {}

    static void check(Parts parts, Problems problems) {
        parts.main().section(Keys.LOG).at(Keys.LOG_FILE).ifPresent(file -> {
            Path path = file.place().source().resolve(file.value());
            Path folder = path.getParent();
            if (Files.isDirectory(path)) {
                problems.add(file.place(), path + " is a folder", "a file");
            } else if (folder == null || !Files.isDirectory(folder)) {
                problems.add(file.place(), "no folder " + folder, "a folder that is there",
                        "make it, writable for the proxy's user");
            }
        });
    }
}
