package dev.annals.engine.projecting;

import org.apache.kafka.streams.processor.api.Record;

/** One step from events to rows. For one thread. */
interface Fold extends AutoCloseable {

    /** Each task has a fold of its own. */
    @FunctionalInterface
    interface Beginning {
        Fold in(FoldContext context);
    }

    /** @throws ViewFailedException if the view can't go on */
    void fold(Record<byte[], byte[]> record);

    @Override
    void close();
}
