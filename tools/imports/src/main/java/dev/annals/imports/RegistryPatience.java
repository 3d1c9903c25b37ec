package dev.annals.imports;

import dev.annals.engine.kafka.RegistryFailures;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.SerializationException;

/** Tries again what needs the schema registry while that is away, up to a limit. */
record RegistryPatience(Duration limit) {

    private static final Duration PAUSE = Duration.ofMillis(500);

    /** @throws ImportFailedException if the registry stays away, or refuses */
    <T> T on(Supplier<T> attempt) {
        long start = System.nanoTime();
        while (true) {
            try {
                return attempt.get();
            } catch (SerializationException e) {
                if (!RegistryFailures.mayPass(e) || System.nanoTime() - start > limit.toNanos()) {
                    throw new ImportFailedException(
                            "the schema registry: %s. %s"
                                    .formatted(RegistryFailures.describe(e), ImportFailedException.SAFE),
                            e);
                }
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImportFailedException("interrupted. " + ImportFailedException.SAFE, e);
        }
    }
}
