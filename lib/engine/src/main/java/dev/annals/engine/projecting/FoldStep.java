package dev.annals.engine.projecting;

import dev.annals.engine.kafka.RecordPlace;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** One step from events to rows. For one thread. */
interface FoldStep extends AutoCloseable {

    @FunctionalInterface
    interface Factory {
        FoldStep in(Context context);
    }

    /** @throws ViewFailedException if the view can't go on */
    void fold(Record<byte[], byte[]> record);

    @Override
    default void close() {}

    /** What a step has around it: the task of a Streams application, or memory alone. For one thread. */
    interface Context {

        /** Of the record that is folded now. */
        RecordPlace place();

        Store store(String name);

        /**
         * Hands a change of a part on to the fold of its group.
         *
         * @param cause the event's record
         */
        void change(String group, PartChange change, Record<byte[], byte[]> cause);

        /**
         * A row is another now, or gone.
         *
         * @param version to which it is folded, also if it is gone; greater than that of the change before under its
         *     key
         * @param row null if it is gone
         * @param cause the record that made it so
         */
        void row(String key, long version, @Nullable GenericRecord row, Record<byte[], byte[]> cause);

        /** Asks for a commit soon. */
        void commit();
    }

    interface Store {

        byte @Nullable [] get(byte[] key);

        void put(byte[] key, byte[] value);
    }
}
