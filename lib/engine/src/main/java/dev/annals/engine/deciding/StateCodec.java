package dev.annals.engine.deciding;

import dev.annals.api.Decider;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.avro.DerivedSchema;
import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.avro.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * States to and from the bytes in the store: Avro's single-object encoding of the fields {@code known}, {@code version}
 * and {@code state}, whose fingerprint says by which {@link Decider#version} and shape the state was folded. Of a state
 * that other code has folded, {@code known} is all that is read.
 *
 * <p>Any thread may encode; one at a time may decode.
 */
public final class StateCodec<S extends Record> {

    private static final int KNOWN = 0;
    private static final int VERSION = 1;
    private static final int STATE = 2;

    private final S initial;
    private final RecordBinding<S> binding;
    private final SingleObjectCodec codec;

    /**
     * A state with the number of events in it.
     *
     * @param version of the last event in it; 0: none
     * @param known how many events the aggregate is known to have: more than are in the state only while that is being
     *     rebuilt
     */
    public record Versioned<S>(long version, S state, long known) {

        public Versioned(long version, S state) {
            this(version, state, version);
        }

        public boolean isWhole() {
            return version == known;
        }
    }

    public StateCodec(Class<S> type, Decider<?, S, ?> decider) {
        Schema schema = DerivedSchema.of(type);
        this.initial = decider.initial();
        this.binding = RecordBinding.of(type, schema);
        this.codec = new SingleObjectCodec(Schema.createRecord(
                "Stored%s_%016x_%d".formatted(schema.getName(), shape(schema), decider.version()),
                null,
                schema.getNamespace(),
                false,
                List.of(
                        new Schema.Field("known", Schema.create(Schema.Type.LONG)),
                        new Schema.Field("version", Schema.create(Schema.Type.LONG)),
                        new Schema.Field("state", schema))));
    }

    /** The codec's own fingerprint is blind to logical types: a long that becomes a time must not pass for one. */
    private static long shape(Schema schema) {
        return SchemaNormalization.fingerprint64(schema.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Of version and shape: states of another one were not folded by this code. */
    public long identity() {
        return codec.fingerprint();
    }

    public byte[] encode(Versioned<S> value) {
        GenericRecord record = new GenericData.Record(codec.schema());
        record.put(KNOWN, value.known);
        record.put(VERSION, value.version);
        record.put(STATE, binding.toAvro(value.state));
        return codec.encode(record);
    }

    /**
     * A state that may be used.
     *
     * @throws BindingException if other code has folded it, not all events are in it, or it is damaged
     */
    public Versioned<S> decode(byte[] stored) {
        Versioned<S> value = versioned(codec.decode(stored));
        if (!value.isWhole()) {
            throw new BindingException("a stored state has %d of %d events; it must be rebuilt from the events"
                    .formatted(value.version, value.known));
        }
        return value;
    }

    /** A state in any form; of one that other code has folded, no event is in it yet. */
    public Versioned<S> decodeAny(byte[] stored) {
        return codec.wrote(stored) ? versioned(codec.decode(stored)) : new Versioned<>(0, initial, known(stored));
    }

    /** Whether this code, of this version and shape, has folded a state in any form. */
    public boolean wrote(byte[] stored) {
        return codec.wrote(stored);
    }

    /** {@link Versioned#known} of a state in any form. */
    public static long known(byte[] stored) {
        return SingleObjectCodec.firstLong(stored);
    }

    /**
     * A state that may be used, as a record of the derived schema; null if {@link #decode} would refuse it, and it
     * isn't damaged.
     */
    @Nullable
    GenericRecord decodeAvro(byte[] stored) {
        if (!codec.wrote(stored)) {
            return null;
        }
        GenericRecord record = codec.decode(stored);
        return record.get(VERSION).equals(record.get(KNOWN)) ? (GenericRecord) record.get(STATE) : null;
    }

    private Versioned<S> versioned(GenericRecord record) {
        return new Versioned<>((long) record.get(VERSION), binding.fromAvro((GenericRecord) record.get(STATE)), (long)
                record.get(KNOWN));
    }

    public Versioned<S> none() {
        return new Versioned<>(0, initial);
    }
}
