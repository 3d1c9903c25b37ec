package dev.annals.projector.generations;

import dev.annals.service.StartupException;
import io.micrometer.core.instrument.Counter;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retries of what is to be done for each view or generation, at the next look. What fails is counted each time and
 * logged once, until it succeeds or fails otherwise; it holds up nothing that is to be done for others, whatever it is:
 * the registry may say what nobody has foreseen, and nobody else would go on. For one thread.
 */
final class Retries {

    private static final Logger LOG = LoggerFactory.getLogger(Retries.class);

    private final Counter failures;
    private final Map<Object, String> failing = new HashMap<>();

    Retries(Counter failures) {
        this.failures = failures;
    }

    @FunctionalInterface
    interface Action {
        void run() throws ExecutionException, InterruptedException;
    }

    /** @param what a view or a generation */
    void attempt(Object what, Action action) throws InterruptedException {
        try {
            action.run();
            failing.remove(what);
        } catch (ExecutionException | RuntimeException e) {
            failures.increment();
            if (!e.toString().equals(failing.put(what, e.toString()))) {
                log(what, e);
            }
        }
    }

    private static void log(Object what, Exception failure) {
        boolean mayPass = failure instanceof ExecutionException
                || failure instanceof KafkaException
                || failure instanceof StartupException;
        var entry = mayPass ? LOG.atWarn() : LOG.atError().setCause(failure);
        entry.addKeyValue("view", what)
                .addKeyValue("reason", failure.toString())
                .log("not now; it is tried again");
    }
}
