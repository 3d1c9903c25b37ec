package dev.annals.core.deciding;

import dev.annals.core.avro.DerivedSchema;
import dev.annals.core.avro.RecordBinding;
import dev.annals.core.avro.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** The states of the aggregates of one task, in the store, with the last used ones also as objects. */
final class AggregateStates<S extends Record> {

    /** States kept as objects; the others are read from the store. */
    private static final int MAX_CACHED = 10_000;

    private final S initial;
    private final CommandStore store;
    private final RecordBinding<S> binding;
    private final SingleObjectCodec codec;
    private final Map<String, Versioned<S>> cache = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Versioned<S>> eldest) {
            return size() > MAX_CACHED;
        }
    };

    /** A state with the number of events that made it. */
    record Versioned<S>(long version, S state) {}

    AggregateStates(Class<S> type, S initial, CommandStore store) {
        this.initial = initial;
        this.store = store;
        Schema schema = DerivedSchema.of(type);
        this.binding = RecordBinding.of(type, schema);
        this.codec = new SingleObjectCodec(Schema.createRecord(
                "Stored%s_%016x".formatted(type.getSimpleName(), shape(schema)),
                null,
                schema.getNamespace(),
                false,
                List.of(
                        new Schema.Field("version", Schema.create(Schema.Type.LONG)),
                        new Schema.Field("state", schema))));
    }

    /** The codec's own fingerprint is blind to logical types: a long that becomes a time must not pass for one. */
    private static long shape(Schema schema) {
        return SchemaNormalization.fingerprint64(schema.toString().getBytes(StandardCharsets.UTF_8));
    }

    Versioned<S> get(String aggregateId) {
        Versioned<S> cached = cache.get(aggregateId);
        if (cached != null) {
            return cached;
        }
        byte[] stored = store.get(StoreKeys.state(aggregateId));
        return stored == null ? new Versioned<>(0, initial) : decode(stored);
    }

    private Versioned<S> decode(byte[] stored) {
        GenericRecord record = codec.decode(stored);
        return new Versioned<>((long) record.get(0), binding.fromAvro((GenericRecord) record.get(1)));
    }

    byte[] encode(Versioned<S> value) {
        GenericRecord record = new GenericData.Record(codec.schema());
        record.put(0, value.version);
        record.put(1, binding.toAvro(value.state));
        return codec.encode(record);
    }

    void put(String aggregateId, Versioned<S> value, byte[] encoded) {
        store.put(StoreKeys.state(aggregateId), encoded);
        cache.put(aggregateId, value);
    }
}
