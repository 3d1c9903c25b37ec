package dev.annals.engine.deciding;

import dev.annals.api.Decider;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.avro.DerivedSchema;
import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.avro.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * States to and from the bytes in the store, in three forms that their header tells apart.
 *
 * <ul>
 *   <li>whole: the version and the state, by the present {@link Decider#version} and shape;
 *   <li>part: the same, but folded from the first events only, headed by the version it has to reach;
 *   <li>foreign: of another version or shape. It also begins with the version to reach, and that is all that is read of it.
 * </ul>
 *
 * One thread at a time.
 */
final class StateCodec<S extends Record> {

    private static final String VERSION = "version";

    private final S initial;
    private final RecordBinding<S> binding;
    private final SingleObjectCodec whole;
    private final SingleObjectCodec part;

    /**
     * A state on its way.
     *
     * @param version of the last event in it; 0: none
     * @param reach how many events the aggregate is known to have
     */
    record Folded<S>(long version, S state, long reach) {}

    StateCodec(Class<S> type, Decider<?, S, ?> decider) {
        Schema schema = DerivedSchema.of(type);
        this.initial = decider.initial();
        this.binding = RecordBinding.of(type, schema);
        this.whole = codec("Stored", decider.version(), schema, VERSION);
        this.part = codec("Part", decider.version(), schema, "reach", VERSION);
    }

    private static SingleObjectCodec codec(String prefix, int version, Schema state, String... numbers) {
        List<Schema.Field> fields = new ArrayList<>();
        for (String number : numbers) {
            fields.add(new Schema.Field(number, Schema.create(Schema.Type.LONG)));
        }
        fields.add(new Schema.Field("state", state));
        String name = "%s%s_%016x".formatted(prefix, state.getName(), shape(state));
        return new SingleObjectCodec(Schema.createRecord(
                version == 1 ? name : name + "_" + version, null, state.getNamespace(), false, fields));
    }

    /** The codec's own fingerprint is blind to logical types: a long that becomes a time must not pass for one. */
    private static long shape(Schema schema) {
        return SchemaNormalization.fingerprint64(schema.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Of version and shape: states of another one were not made by this code. */
    long identity() {
        return whole.fingerprint();
    }

    boolean isWhole(byte[] stored) {
        return whole.wrote(stored);
    }

    /** @throws BindingException if the state is not whole, or damaged */
    AggregateStates.Versioned<S> decode(byte[] stored) {
        GenericRecord record = decodeWhole(stored);
        return new AggregateStates.Versioned<>((long) record.get(0), binding.fromAvro((GenericRecord) record.get(1)));
    }

    /** The fields {@code version} and {@code state}; throws as {@link #decode} does. */
    GenericRecord decodeWhole(byte[] stored) {
        return whole.decode(stored);
    }

    byte[] encode(AggregateStates.Versioned<S> value) {
        GenericRecord record = new GenericData.Record(whole.schema());
        record.put(0, value.version());
        record.put(1, binding.toAvro(value.state()));
        return whole.encode(record);
    }

    /** A state in any form; of a foreign one nothing is folded yet. */
    Folded<S> decodeAny(byte[] stored) {
        if (whole.wrote(stored)) {
            AggregateStates.Versioned<S> value = decode(stored);
            return new Folded<>(value.version(), value.state(), value.version());
        }
        if (part.wrote(stored)) {
            GenericRecord record = part.decode(stored);
            return new Folded<>(
                    (long) record.get(1), binding.fromAvro((GenericRecord) record.get(2)), (long) record.get(0));
        }
        return new Folded<>(0, initial, SingleObjectCodec.firstLong(stored));
    }

    Folded<S> none() {
        return new Folded<>(0, initial, 0);
    }

    byte[] encode(Folded<S> value) {
        if (value.version == value.reach) {
            return encode(new AggregateStates.Versioned<>(value.version, value.state));
        }
        GenericRecord record = new GenericData.Record(part.schema());
        record.put(0, value.reach);
        record.put(1, value.version);
        record.put(2, binding.toAvro(value.state));
        return part.encode(record);
    }
}
