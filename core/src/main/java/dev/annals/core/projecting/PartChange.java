package dev.annals.core.projecting;

import dev.annals.core.avro.DerivedSchema;
import dev.annals.core.avro.RecordBinding;
import dev.annals.core.avro.SingleObjectCodec;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * What changed in one group: a part that no longer counts, a part that does now, or both.
 *
 * @param before the aggregate's old part in this group, null for none
 * @param after its new one, null for none
 */
record PartChange<P extends Record>(
        @Nullable P before, @Nullable P after) {

    /** Changes as the repartition topic has them: our own, read by nobody else. One thread at a time. */
    static final class Codec<P extends Record> {

        private static final String BEFORE = "before";
        private static final String AFTER = "after";

        private final RecordBinding<P> parts;
        private final SingleObjectCodec changes;

        Codec(Class<P> part) {
            Schema schema = DerivedSchema.of(part);
            this.parts = RecordBinding.of(part, schema);
            this.changes = new SingleObjectCodec(changeOf(schema));
        }

        private static Schema changeOf(Schema part) {
            Schema orNull = Schema.createUnion(Schema.create(Schema.Type.NULL), part);
            return Schema.createRecord(
                    "PartChange",
                    null,
                    "annals.internal",
                    false,
                    List.of(new Schema.Field(BEFORE, orNull), new Schema.Field(AFTER, orNull)));
        }

        byte[] encode(@Nullable GenericRecord before, @Nullable GenericRecord after) {
            GenericRecord change = new GenericData.Record(changes.schema());
            change.put(BEFORE, before);
            change.put(AFTER, after);
            return changes.encode(change);
        }

        PartChange<P> decode(byte[] bytes) {
            GenericRecord change = changes.decode(bytes);
            return new PartChange<>(part(change.get(BEFORE)), part(change.get(AFTER)));
        }

        private @Nullable P part(@Nullable Object value) {
            return value == null ? null : parts.fromAvro((GenericRecord) value);
        }
    }
}
