package dev.annals.query.table;

import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.TimestampedKeyValueStoreWithHeaders;
import org.apache.kafka.streams.state.ValueTimestampHeaders;
import org.jspecify.annotations.Nullable;

/** Puts each record of the topic into the store, as restoring does. */
final class TableProcessor implements Processor<Bytes, byte[], Void, Void> {

    private final String store;
    private final Progress progress;
    private final Waiters waiters;
    private final @Nullable SideStore sideStore;
    private @Nullable ProcessorContext<Void, Void> context;
    private @Nullable TimestampedKeyValueStoreWithHeaders<Bytes, byte[]> records;
    private @Nullable KeyValueStore<Bytes, byte[]> kept;
    private @Nullable Shard here;

    TableProcessor(String store, Progress progress, Waiters waiters, @Nullable SideStore sideStore) {
        this.store = store;
        this.progress = progress;
        this.waiters = waiters;
        this.sideStore = sideStore;
    }

    @Override
    public void init(ProcessorContext<Void, Void> initial) {
        context = initial;
        records = initial.getStateStore(store);
        if (sideStore != null) {
            kept = initial.getStateStore(TopicTable.KEPT);
            here = new Shard(store, false, records, kept, reason -> {}); // whoever reads for a client tells
        }
        progress.assigned(initial.taskId().partition());
    }

    @Override
    @SuppressWarnings("NullAway") // a null value deletes
    public void process(Record<Bytes, byte[]> record) {
        if (record.key() != null) {
            byte[] value = record.value();
            Objects.requireNonNull(records)
                    .put(
                            record.key(),
                            value == null
                                    ? null
                                    : ValueTimestampHeaders.make(value, record.timestamp(), record.headers()));
            tell(record.key().get(), value == null);
            waiters.changed(record.key());
        }
        Objects.requireNonNull(context)
                .recordMetadata()
                .ifPresent(at -> progress.processed(at.partition(), at.offset(), record.timestamp()));
    }

    private void tell(byte[] key, boolean removed) {
        if (sideStore != null) {
            sideStore.changed(key, removed, Objects.requireNonNull(here), Objects.requireNonNull(kept));
        }
    }

    @Override
    public void close() {
        progress.revoked(Objects.requireNonNull(context).taskId().partition());
        waiters.moved();
    }
}
