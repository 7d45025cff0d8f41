package io.dualpost;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** What is done when the program is told to stop by SIGTERM or SIGINT, or ends by itself. */
final class Shutdown {
    private Shutdown() {}

    /** What may fail on the way out. */
    interface Task {
        void run() throws Exception;
    }

    /** Runs the task first, then lets the log write what it still holds. */
    static void then(Task task) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                task.run();
            } catch (Exception e) {
                LoggerFactory.getLogger(Shutdown.class).error("shutdown: {}", e.getMessage(), e);
            }
            if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
                context.stop();
            }
        }, "shutdown"));
    }
}
