package dev.annals.engine.rebuilding;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a store anew from a topic, a chunk at a time: what a chunk has changed and how far it came can be committed
 * together, so that a rebuild that was cut off goes on where it was. One thread at a time.
 */
public interface Rebuild extends AutoCloseable {

    /**
     * It can't go on past a place until a person does something; the message says where and what. To try again is safe.
     */
    final class StoppedException extends RuntimeException {

        private static final long serialVersionUID = 1;

        public StoppedException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** In offsets since the first record. */
    record Progress(long done, long of) {}

    /** Whether the store may be used. */
    boolean isDone();

    /** How far the topic is read; null while that isn't known. */
    @Nullable
    Progress progress();

    /** Whether it has changed the store, so that there is something to commit before the store is used. */
    boolean hasChanged();

    /** How many records it has taken. */
    long taken();

    /**
     * @param goOn asked again and again; the chunk ends early when it says no
     * @throws StoppedException if it can't go on here; the chunk is stored up to there, and can be tried again
     * @throws RuntimeException if Kafka or the registry are away; likewise
     */
    void step(BooleanSupplier goOn);

    @Override
    void close();
}
