package dev.annals.core.projecting;

import dev.annals.core.kafka.HeaderName;
import dev.annals.core.kafka.RegistryFailures;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Writes rows and tombstones. */
final class RowWriter {

    /** What a row tells of the event that changed it last: enough to follow a request and to know the view's delay. */
    private static final List<HeaderName> HANDED_ON =
            List.of(HeaderName.TIME, HeaderName.CORRELATION_ID, HeaderName.TRACE_PARENT);

    private final String topic;
    private final Serializer<Object> serializer;
    private final Place place;

    RowWriter(String topic, Serializer<Object> serializer, Place place) {
        this.topic = topic;
        this.serializer = serializer;
        this.place = place;
    }

    /** @throws ViewFailedException if the row can't be written, however often it is tried */
    Record<byte[], byte[]> row(String key, GenericRecord row, Record<byte[], byte[]> cause) {
        Headers headers = handOn(cause);
        try {
            return record(key, serializer.serialize(topic, headers, row), cause.timestamp(), headers);
        } catch (SerializationException e) {
            if (RegistryFailures.mayPass(e)) {
                throw e;
            }
            throw place.failure(cause, "its row can't be written: " + RegistryFailures.describe(e), e);
        }
    }

    static Record<byte[], byte[]> tombstone(String key, Record<byte[], byte[]> cause) {
        return record(key, null, cause.timestamp(), handOn(cause));
    }

    static Headers handOn(Record<byte[], byte[]> cause) {
        Headers headers = new RecordHeaders();
        HANDED_ON.forEach(name -> name.put(headers, name.in(cause.headers())));
        return headers;
    }

    private static Record<byte[], byte[]> record(String key, byte @Nullable [] value, long timestamp, Headers headers) {
        return new Record<>(key.getBytes(StandardCharsets.UTF_8), value, timestamp, headers);
    }
}
