package dev.annals.engine.projecting;

import dev.annals.engine.avro.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * What changed in one group: a part that no longer counts, a part that does now, or both.
 *
 * @param codec of the aggregate type whose parts they are
 * @param before the aggregate's old part in this group, null for none
 * @param after its new one, null for none
 */
record PartChange(
        Codec codec,
        @Nullable GenericRecord before,
        @Nullable GenericRecord after) {

    private static final String TYPE_HEADER = "annals_type";

    /** As the repartition topic has it, under the key of its group. */
    Record<byte[], byte[]> toRecord(String group, Record<byte[], byte[]> cause) {
        Headers headers = RowWriter.handOn(cause);
        headers.add(TYPE_HEADER, codec.type.getBytes(StandardCharsets.UTF_8));
        return new Record<>(
                group.getBytes(StandardCharsets.UTF_8), codec.encode(before, after), cause.timestamp(), headers);
    }

    /** The aggregate type whose parts a record of the repartition topic has; empty if it does not say. */
    static String typeOf(Headers headers) {
        Header header = headers.lastHeader(TYPE_HEADER);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    /**
     * Changes of one type's parts as the repartition topic has them: our own, read by nobody else. One thread at a
     * time.
     */
    static final class Codec {

        private static final String BEFORE = "before";
        private static final String AFTER = "after";

        private final String type;
        private final SingleObjectCodec changes;

        /** @param part the schema of the type's parts */
        Codec(String type, Schema part) {
            this.type = type;
            this.changes = new SingleObjectCodec(changeOf(part));
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

        String type() {
            return type;
        }

        private byte[] encode(@Nullable GenericRecord before, @Nullable GenericRecord after) {
            GenericRecord change = new GenericData.Record(changes.schema());
            change.put(BEFORE, before);
            change.put(AFTER, after);
            return changes.encode(change);
        }

        PartChange decode(byte[] bytes) {
            GenericRecord change = changes.decode(bytes);
            return new PartChange(this, (GenericRecord) change.get(BEFORE), (GenericRecord) change.get(AFTER));
        }
    }
}
