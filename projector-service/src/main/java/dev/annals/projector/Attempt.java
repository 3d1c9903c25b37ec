package dev.annals.projector;

import dev.annals.service.StartupException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something to be done for one view or generation, and tried again at the next look if Kafka does not do it. */
@FunctionalInterface
interface Attempt {

    void run() throws ExecutionException, InterruptedException;

    /**
     * What fails is logged, and holds up nothing that is to be done for others.
     *
     * @param what a view or a generation
     */
    static void at(Object what, Attempt attempt) throws InterruptedException {
        try {
            attempt.run();
        } catch (ExecutionException | KafkaException | StartupException e) {
            Logger log = LoggerFactory.getLogger(Attempt.class);
            log.atWarn()
                    .addKeyValue("view", what)
                    .addKeyValue("reason", e.toString())
                    .log("not now; it is tried again");
        }
    }
}
