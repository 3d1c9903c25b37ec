package dev.annals.core.projecting;

import dev.annals.core.kafka.HeaderName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Writes rows and tombstones. For one thread. */
record RowWriter(String topic, Serializer<Object> serializer) {

    /** What a row tells of the event that changed it last: enough to follow a request and to know the view's delay. */
    private static final List<HeaderName> HANDED_ON =
            List.of(HeaderName.TIME, HeaderName.CORRELATION_ID, HeaderName.TRACE_PARENT);

    /**
     * The record of a row.
     *
     * @param row null if it is gone
     * @throws org.apache.kafka.common.errors.SerializationException if the registry refuses it, or is away
     */
    Record<byte[], byte[]> row(String key, @Nullable GenericRecord row, Record<byte[], byte[]> cause) {
        Headers headers = handOn(cause);
        byte[] value = row == null ? null : serializer.serialize(topic, headers, row);
        return new Record<>(key.getBytes(StandardCharsets.UTF_8), value, cause.timestamp(), headers);
    }

    static Headers handOn(Record<byte[], byte[]> cause) {
        Headers headers = new RecordHeaders();
        HANDED_ON.forEach(name -> name.put(headers, name.in(cause.headers())));
        return headers;
    }
}
