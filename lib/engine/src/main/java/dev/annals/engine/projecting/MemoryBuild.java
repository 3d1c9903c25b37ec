package dev.annals.engine.projecting;

import dev.annals.engine.kafka.RecordPlace;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * What the stores of a generation hold, and its rows, after its old events: by the folds of {@link ViewTopology}, but
 * in memory, so that each entry and each row is written once and not at every event.
 *
 * <p>Takes partitions of events, several at a time where several threads do so: what is in them is independent until it
 * comes to groups, whose changes are folded one at a time and in any order, as the application folds them. Of what
 * aggregates came to it holds those of the partitions that are taken; of groups, all. Thread-safe; each
 * {@link Partition} is for one thread.
 */
public final class MemoryBuild implements AutoCloseable {

    /** Where the result goes; told by all threads that take partitions. */
    public interface Output {

        /** @param partition null for the one that the key belongs to */
        void entry(String store, @Nullable Integer partition, byte[] key, byte[] value);

        /** A row, for the generation's topic; the key says for which partition. */
        void row(Record<byte[], byte[]> row);
    }

    /** What is held would not fit. */
    public static final class TooLargeException extends RuntimeException {

        TooLargeException(long bytes, long limit) {
            super("it takes %,d bytes of memory, and may take %,d".formatted(bytes, limit));
        }
    }

    private final ViewRuntime<?, ?> runtime;
    private final Map<String, GenerationFolds.OfEvents> byTopic = new LinkedHashMap<>();
    private final @Nullable Groups groups;
    private final long limit;
    private final AtomicLong held = new AtomicLong();

    /** A generation's groups. For one thread at a time: whoever holds this one's lock. */
    private record Groups(MemoryContext context, GroupFold<?> fold) {}

    /**
     * A generation before its first event.
     *
     * @param limit of the memory for what is held, in bytes, about
     */
    public MemoryBuild(GenerationFolds folds, long limit) {
        this.runtime = folds.runtime();
        this.limit = limit;
        this.groups = groups(folds);
        folds.ofEvents().forEach(each -> byTopic.put(each.topic(), each));
    }

    private static @Nullable Groups groups(GenerationFolds folds) {
        if (folds.ofGroups() == null) {
            return null;
        }
        MemoryContext context = new MemoryContext((group, change, cause) -> {
            throw new IllegalStateException("a group's fold hands on rows only");
        });
        return new Groups(context, folds.ofGroups().in(context));
    }

    /** The stores into which entries are put. */
    public Set<String> stores() {
        Set<String> stores = new LinkedHashSet<>();
        byTopic.values().forEach(each -> stores.add(each.store()));
        if (groups != null) {
            stores.add(ViewTopology.GROUPS);
        }
        return stores;
    }

    /** A partition of events before its first record. */
    public Partition partition(String eventsTopic, int number) {
        return new Partition(
                number,
                Objects.requireNonNull(byTopic.get(eventsTopic), () -> "no events of " + eventsTopic + " are folded"));
    }

    /** What one partition's aggregates come to. For one thread. */
    public final class Partition implements AutoCloseable {

        private final int number;
        private final String store;
        private final MemoryContext context = new MemoryContext(MemoryBuild.this::change);
        private final FoldStep fold;

        private Partition(int number, GenerationFolds.OfEvents events) {
            this.number = number;
            this.store = events.store();
            this.fold = events.steps().in(context);
        }

        /**
         * @throws ViewFailedException if the view can't go on
         * @throws TooLargeException if memory is not for so much
         */
        public void take(ConsumerRecord<byte[], byte[]> record) {
            context.at(new RecordPlace(record.topic(), record.partition(), record.offset()));
            fold.fold(new Record<>(record.key(), record.value(), Math.max(record.timestamp(), 0), record.headers()));
            hold(context.grown());
        }

        /**
         * Hands out what the aggregates came to, and forgets them.
         *
         * @param last the offset of the last record. The entry made by it says that it ends before it: whoever goes on
         *     there reads that record once more, to no effect, and so shows that it has gone on
         */
        public void end(long last, Output out) {
            context.store()
                    .forEach((key, stored) -> out.entry(store, number, key, StoredValue.Codec.before(last, stored)));
            if (groups == null) {
                rows(context, out);
            }
            context.clear();
            hold(context.grown());
        }

        @Override
        public void close() {
            fold.close();
        }
    }

    private void change(String group, PartChange change, Record<byte[], byte[]> cause) {
        Groups to = Objects.requireNonNull(groups, "only what has groups has parts");
        synchronized (to) {
            to.context.next();
            to.fold.fold(group, change, cause);
            hold(to.context.grown());
        }
    }

    private void hold(long more) {
        if (more == 0) { // mostly; threads that count at a time slow each other down
            return;
        }
        long bytes = held.addAndGet(more);
        if (more > 0 && bytes > limit) {
            throw new TooLargeException(bytes, limit);
        }
    }

    /** Hands out what the groups came to, when all partitions have ended. */
    public void end(Output out) {
        if (groups != null) {
            synchronized (groups) {
                groups.context
                        .store()
                        .forEach((key, stored) -> out.entry(
                                ViewTopology.GROUPS,
                                null,
                                key,
                                StoredValue.Codec.before(StoredValue.NONE + 1, stored)));
                rows(groups.context, out);
            }
        }
    }

    private void rows(MemoryContext context, Output out) {
        RowBinding<?> rows = runtime.rows();
        StoredValue.Codec values = new StoredValue.Codec(rows.schema());
        try (Serializer<Object> serializer = runtime.serdes().newSerializer()) {
            RowWriter writer = runtime.rowWriter(serializer);
            context.store().forEach((id, stored) -> {
                GenericRecord row = values.decode(stored).value();
                if (row != null) {
                    String key = rows.key(row);
                    MemoryContext.Cause cause = context.cause(key);
                    out.row(writer.row(key, rows.version(row), row, cause.timestamp(), cause.headers()));
                }
            });
        }
    }

    /** When all partitions are closed. */
    @Override
    public void close() {
        if (groups != null) {
            groups.fold.close();
        }
    }
}
