package dev.annals.service;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** The level of our own log lines; what libraries may say stands in {@code logback.xml}. */
final class Logging {

    private static final String OWN_LOGGERS = "dev.annals";

    private Logging() {}

    static void level(String name) {
        Level level = Level.toLevel(name, null);
        if (level == null) {
            throw new StartupException(
                    "%s=%s: expected TRACE, DEBUG, INFO, WARN, ERROR or OFF".formatted(ServiceConfig.LOG_LEVEL, name));
        }
        // A host may bring another SLF4J backend; its levels are then its own affair.
        if (LoggerFactory.getLogger(OWN_LOGGERS) instanceof Logger logger) {
            logger.setLevel(level);
        }
    }
}
