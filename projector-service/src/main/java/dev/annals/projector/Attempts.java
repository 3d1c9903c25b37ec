package dev.annals.projector;

import dev.annals.service.StartupException;
import io.micrometer.core.instrument.Counter;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something to be done for each view or generation, and tried again at the next look if it fails. What fails is counted
 * each time and logged once, until it succeeds or fails otherwise; it holds up nothing that is to be done for others,
 * whatever it is: a note may say what nobody has foreseen, and nobody else would go on. For one thread.
 */
final class Attempts {

    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    private final Counter failures;
    private final Map<Object, String> failing = new HashMap<>();

    Attempts(Counter failures) {
        this.failures = failures;
    }

    @FunctionalInterface
    interface Attempt {
        void run() throws ExecutionException, InterruptedException;
    }

    /** @param what a view or a generation */
    void at(Object what, Attempt attempt) throws InterruptedException {
        try {
            attempt.run();
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
