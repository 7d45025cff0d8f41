package io.dualpost.session;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** Catches the lines of session records as they are logged. */
final class SessionLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger("dualpost.session");
    private final Level before = logger.getLevel();
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    SessionLines() {
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(this);
        start();
    }

    /** The next line; waits for it, but not for ever. */
    String next() {
        try {
            String line = lines.poll(20, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("no session ended (expected: a record)");
            }
            return line;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        lines.add(event.getFormattedMessage());
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setLevel(before);
        logger.setAdditive(true);
    }
}
