package io.dualpost.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * The log: session records and what the program has to say, one line each. Whoever logs never waits; lines go to a thread
 * of their own by a bounded queue, and what does not fit in is counted.
 */
public final class Log extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private static final String SESSIONS = "dualpost.session";
    private static final String NETTY = "netty";

    /** How much is logged. */
    public enum Verbosity {
        ERROR, WARN, INFO, DEBUG;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** As the configuration spells it. */
        public String label() {
            return label;
        }
    }

    /**
     * What the operator wants.
     *
     * @param file   where all lines go; without it session records go to standard output and the rest to standard error
     * @param level  of all packages that {@code levels} does not name; session records are always written
     * @param levels by package, as in {@code session}; {@code netty} is the network library
     */
    public record Settings(LogFormat format, Optional<Path> file, Verbosity level, Map<String, Verbosity> levels) {
        /** Copies the map. */
        public Settings {
            levels = Map.copyOf(levels);
        }
    }

    private final LogFormat format;
    private final LogMeters meters;
    private final LogWriter writer;
    private final LogSink records;
    private final LogSink rest;
    private final boolean journal;

    private Log(Settings settings, LogMeters meters) throws IOException {
        this.format = settings.format();
        this.meters = meters;
        if (settings.file().isPresent()) {
            records = LogFile.open(settings.file().get());
            rest = records;
        } else {
            records = new LogStream(new FileOutputStream(FileDescriptor.out));
            rest = new LogStream(new FileOutputStream(FileDescriptor.err));
        }
        // Set by systemd where standard output or error goes to the journal (systemd.exec(5)).
        this.journal = settings.file().isEmpty() && System.getenv("JOURNAL_STREAM") != null;
        this.writer = new LogWriter(meters::dropped);
    }

    /**
     * Takes the place of whatever wrote the log before.
     *
     * @throws IOException if the file cannot be opened; the message says which and why
     */
    static Log open(Settings settings, LogMeters meters) throws IOException {
        Log log = new Log(settings, meters);
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Logger sessions = context.getLogger(SESSIONS);
        log.setContext(context);
        log.setName("LOG");
        log.start();
        root.addAppender(log);
        sessions.addAppender(log);
        root.iteratorForAppenders().forEachRemaining(before -> retire(root, before, log));
        sessions.iteratorForAppenders().forEachRemaining(before -> retire(sessions, before, log));
        sessions.setAdditive(false);
        root.setLevel(level(settings.level()));
        settings.levels().forEach((name, level) -> context
                .getLogger(name.equals(NETTY) ? "io.netty" : "io.dualpost." + name).setLevel(level(level)));
        return log;
    }

    private static void retire(Logger logger, ch.qos.logback.core.Appender<ILoggingEvent> before, Log log) {
        if (before != log) {
            logger.detachAppender(before);
            before.stop();
        }
    }

    private static Level level(Verbosity verbosity) {
        return Level.toLevel(verbosity.name());
    }

    @Override
    protected void append(ILoggingEvent event) {
        String level = label(event.getLevel());
        meters.logged(level);
        boolean session = event.getLoggerName().equals(SESSIONS);
        String line = session ? event.getFormattedMessage() : line(event, level);
        writer.offer(session ? records : rest, journal ? priority(event.getLevel()) + line : line);
    }

    private String line(ILoggingEvent event, String level) {
        String logger = event.getLoggerName();
        Fields fields = format.line().put("time", event.getInstant().toString()).put("event", "log")
                .put("level", level).put("logger", logger.substring(logger.lastIndexOf('.') + 1))
                .put("message", event.getFormattedMessage());
        if (event.getThrowableProxy() != null) {
            fields.put("error", ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return fields.toString();
    }

    private static String label(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> Verbosity.ERROR.label();
            case Level.WARN_INT -> Verbosity.WARN.label();
            case Level.INFO_INT -> Verbosity.INFO.label();
            default -> Verbosity.DEBUG.label();
        };
    }

    /** The prefix by which the journal knows how bad it is (sd-daemon(3)). */
    private static String priority(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> "<3>";
            case Level.WARN_INT -> "<4>";
            case Level.INFO_INT -> "<6>";
            default -> "<7>";
        };
    }

    /** Writes what is waiting, for 5 s at most. */
    @Override
    public void stop() {
        super.stop();
        writer.close();
    }
}
