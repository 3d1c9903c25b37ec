package dev.annals.engine.reacting;

import dev.annals.engine.avro.BindingException;
import dev.annals.engine.avro.DerivedSchema;
import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.avro.SchemaShapes;
import dev.annals.engine.avro.SingleObjectCodec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Instances to and from the bytes in the store, in Avro's single-object encoding, whose fingerprint says by which
 * {@code version()} of the process and which shape of its state they were made: others are folded anew from the
 * journal. One thread at a time.
 */
final class InstanceCodec<S extends Record> {

    private static final int INSTANCE = 0;
    private static final int STATE = 1;

    /** An instance without its state, see {@link Instance}. */
    record Stored(
            long entries,
            long sent,
            int hops,
            @Nullable String correlationId,
            Map<String, Long> seen,
            Map<String, Instant> timers,
            Map<String, Long> unanswered,
            Map<String, Long> failed) {}

    private final Journal<S> journal;
    private final RecordBinding<Stored> instances;
    private final RecordBinding<S> states;
    private final SingleObjectCodec codec;

    InstanceCodec(Journal<S> journal) {
        Schema stored = DerivedSchema.of(Stored.class);
        Schema state = DerivedSchema.of(journal.process().state());
        this.journal = journal;
        this.instances = RecordBinding.of(Stored.class, stored);
        this.states = RecordBinding.of(journal.process().state(), state);
        this.codec = new SingleObjectCodec(Schema.createRecord(
                "Instance_%s_%d"
                        .formatted(
                                SchemaShapes.of(List.of(stored, state)),
                                journal.process().version()),
                null,
                state.getNamespace(),
                false,
                List.of(new Schema.Field("instance", stored), new Schema.Field("state", state))));
    }

    /** @throws BindingException if a value does not fit its field */
    byte[] encode(Instance<S> instance) {
        GenericRecord record = new GenericData.Record(codec.schema());
        record.put(INSTANCE, instances.toAvro(instance.stored()));
        record.put(STATE, states.toAvro(instance.state()));
        return codec.encode(record);
    }

    /** Null if other code wrote it. */
    @Nullable
    Instance<S> decode(byte[] bytes) {
        if (!codec.wrote(bytes)) {
            return null;
        }
        GenericRecord record = codec.decode(bytes);
        return new Instance<>(
                journal, instances.fromAvro((GenericRecord) record.get(INSTANCE)), states.fromAvro((GenericRecord)
                        record.get(STATE)));
    }
}
