package dev.annals.service;

import dev.annals.serde.AvroLimits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One service process, from its first statement to its last.
 *
 * <p>{@link #main} starts it, prints one line instead of a stack trace when a person has to change something, and on
 * SIGTERM or SIGINT closes what was started, last first, within {@link #STOP_LIMIT}.
 */
public final class Service implements AutoCloseable {

    /** After this, the process ends whether or not everything has closed; Kafka's transactions make that safe. */
    public static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private static final int EXIT_CANNOT_START = 1;
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);

    /** Starts a service: opens its parts and hands each to {@link Service#closeAtEnd}. */
    @FunctionalInterface
    public interface Start {
        void start(Service service) throws Exception;
    }

    private final String name;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    public Service(String name) {
        this.name = name;
    }

    /** Runs a service for as long as the process lives. Returns when it has started; exits with 1 if it can't start. */
    @SuppressWarnings("SystemExitOutsideMain") // it is the body of main
    public static void main(String name, Start start) {
        AvroLimits.set();
        Service service = new Service(name);
        Runtime.getRuntime().addShutdownHook(new Thread(service::stopWithinLimit, name + "-stop"));
        try {
            start.start(service);
            LOG.atInfo().addKeyValue("service", name).log("started");
        } catch (StartupException e) {
            LOG.atError()
                    .addKeyValue("service", name)
                    .addKeyValue("reason", e.getMessage())
                    .log("cannot start");
            System.exit(EXIT_CANNOT_START);
        } catch (Exception e) {
            LOG.atError().addKeyValue("service", name).setCause(e).log("cannot start");
            System.exit(EXIT_CANNOT_START);
        }
    }

    /** Has a part closed when the service ends; parts close in the reverse order of these calls. */
    public synchronized <T extends AutoCloseable> T closeAtEnd(T part) {
        parts.push(part);
        return part;
    }

    @Override
    public void close() {
        for (AutoCloseable part = next(); part != null; part = next()) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.atWarn().addKeyValue("service", name).setCause(e).log("a part did not close");
            }
        }
    }

    private synchronized @Nullable AutoCloseable next() {
        return parts.poll();
    }

    private void stopWithinLimit() {
        FutureTask<Void> closing = new FutureTask<>(this::close, null);
        Thread.ofPlatform().daemon().name(name + "-close").start(closing);
        try {
            closing.get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            LOG.atInfo().addKeyValue("service", name).log("stopped");
        } catch (TimeoutException | ExecutionException e) {
            LOG.atWarn()
                    .addKeyValue("service", name)
                    .addKeyValue("limit", STOP_LIMIT)
                    .log("did not stop in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
