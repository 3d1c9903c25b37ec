package dev.annals.engine.projecting;

import dev.annals.engine.folding.StreamFold;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.Tombstones;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Folds each aggregate's events into one value by the rules of {@link StreamFold}. An event that can't be folded next
 * stops the view; one that a person has said to pass over leaves the value unchanged. For one thread.
 */
final class AggregateFold<E> implements AutoCloseable {

    /**
     * What one event did to its aggregate's value.
     *
     * @param version of the event
     */
    record Change(
            long version,
            @Nullable GenericRecord before,
            @Nullable GenericRecord after) {}

    private final String type;
    private final StreamFold rules;
    private final FoldSite site;
    private final EventReader<E> events;
    private final FoldStep.Store store;
    private final StoredValue.Codec values;
    private final BiFunction<@Nullable GenericRecord, StoredEvent<E>, @Nullable GenericRecord> step;

    /**
     * @param store with the values, which are of this schema
     * @param step the view's fold, from value to value as they are stored; throws what the view's own code throws
     */
    AggregateFold(
            ViewRuntime<E, ?> runtime,
            FoldStep.Context context,
            String store,
            Schema schema,
            BiFunction<@Nullable GenericRecord, StoredEvent<E>, @Nullable GenericRecord> step) {
        this.type = runtime.events().type().name();
        this.rules = runtime.rules();
        this.site = runtime.site(context);
        this.events = new EventReader<>(runtime, site);
        this.store = context.store(store);
        this.values = new StoredValue.Codec(schema);
        this.step = step;
    }

    /**
     * @return null if the event had been folded before, is passed over or erased, or has expired
     * @throws ViewFailedException if the view can't go on
     */
    @Nullable
    Change apply(Record<byte[], byte[]> record) {
        if (site.passesOver()) {
            passOver(record);
            return null;
        }
        if (Tombstones.isExpired(record.value(), record.headers())) {
            return null;
        }
        EventKey key = events.key(record);
        byte[] id = id(key);
        StoredValue stored = stored(id, record);
        if (StreamFold.isFolded(stored.version(), key.version())) {
            if (stored.has(site.offset())) {
                site.offsetReset();
            }
            return null;
        }
        StoredEvent<E> event = record.value() == null ? null : events.read(key, record);
        String refusal = rules.refusal(
                type, key.aggregateId(), stored.version(), key.version(), event == null ? null : event.events());
        if (refusal != null) {
            throw site.failure(record, refusal);
        }
        GenericRecord after =
                event == null ? stored.value() : site.guarded(record, () -> step.apply(stored.value(), event));
        put(id, key.version(), after, record);
        site.folded();
        return event == null ? null : new Change(key.version(), stored.value(), after);
    }

    /** The value stays as it is, and takes the event's version, so that the event after it is the next. */
    private void passOver(Record<byte[], byte[]> record) {
        EventKey key = events.keyOrNull(record);
        if (key == null) {
            return;
        }
        byte[] id = id(key);
        StoredValue stored = stored(id, record);
        if (!StreamFold.isFolded(stored.version(), key.version())) {
            put(id, key.version(), stored.value(), record);
        }
    }

    private StoredValue stored(byte[] id, Record<byte[], byte[]> record) {
        byte[] stored = store.get(id);
        return site.guarded(record, () -> values.decode(stored));
    }

    private void put(byte[] id, long version, @Nullable GenericRecord value, Record<byte[], byte[]> record) {
        store.put(id, site.guarded(record, () -> values.encode(new StoredValue(version, site.offset(), value))));
    }

    private static byte[] id(EventKey key) {
        return key.aggregateId().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        events.close();
    }
}
