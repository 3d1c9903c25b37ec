package dev.annals.service.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import dev.annals.engine.files.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Loggers whose messages are the whole line, to the standard output or to a file of their own, with a new one each day
 * (log rotation). They say nothing where other lines go.
 */
public final class JsonLines {

    private static final FileSize LARGEST = FileSize.valueOf("100MB");
    private static final int DAYS = 90;

    private JsonLines() {}

    /**
     * Where another backend than Logback is behind SLF4J, what becomes of the lines is its affair.
     *
     * @param file null for the standard output
     * @throws IOException if it can't be written
     */
    public static org.slf4j.Logger logger(String name, @Nullable Path file) throws IOException {
        org.slf4j.Logger any = LoggerFactory.getLogger(name);
        String appender = file == null ? "stdout" : file.toString();
        if (any instanceof Logger logger && logger.getAppender(appender) == null) {
            OutputStreamAppender<ILoggingEvent> to =
                    file == null ? new ConsoleAppender<>() : rolling(logger.getLoggerContext(), file);
            to.setName(appender);
            to.setContext(logger.getLoggerContext());
            to.setEncoder(plain(logger.getLoggerContext()));
            to.start();
            logger.setLevel(Level.INFO);
            logger.setAdditive(false);
            logger.addAppender(to);
        }
        return any;
    }

    private static PatternLayoutEncoder plain(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%msg%n%nopex");
        encoder.start();
        return encoder;
    }

    private static RollingFileAppender<ILoggingEvent> rolling(LoggerContext context, Path file) throws IOException {
        if (Files.notExists(file)) {
            OwnerOnly.write(file, "");
        } else if (!Files.isWritable(file)) {
            throw new IOException(file + " can't be written");
        }
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setFile(file.toString());
        SizeAndTimeBasedRollingPolicy<ILoggingEvent> policy = new SizeAndTimeBasedRollingPolicy<>();
        policy.setContext(context);
        policy.setParent(appender);
        policy.setFileNamePattern(file + ".%d{yyyy-MM-dd}.%i");
        policy.setMaxFileSize(LARGEST);
        policy.setMaxHistory(DAYS);
        policy.start();
        appender.setRollingPolicy(policy);
        return appender;
    }
}
