package dev.annals.engine.projecting;

import dev.annals.engine.kafka.CloudEventHeaders;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.viewregistry.ViewId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows and tombstones as CloudEvents. Each says that the row under a key has come to a version, in a generation
 * of its view: the order in which another generation counts the changes of a group need not be the same. For one
 * thread.
 */
final class RowWriter {

    /** What a row tells of the event that changed it last: enough to follow a request and to know the view's delay. */
    private static final List<HeaderName> HANDED_ON =
            List.of(HeaderName.TIME, HeaderName.CORRELATION_ID, HeaderName.TRACE_PARENT);

    private final String generation;
    private final String topic;
    private final String type;
    private final Serializer<Object> serializer;
    private final CloudEventHeaders cloudEvents;

    /** @param type full name of the rows' schema */
    RowWriter(ViewId view, String topic, String type, Serializer<Object> serializer) {
        this.generation = view.toString();
        this.topic = topic;
        this.type = type;
        this.serializer = serializer;
        this.cloudEvents = new CloudEventHeaders("/annals/views/" + view.name());
    }

    /**
     * @param row null if it is gone
     * @param cause the headers of what changed it last, or {@link #handOn} of them
     * @throws org.apache.kafka.common.errors.SerializationException if the registry refuses it, or is away
     */
    Record<byte[], byte[]> row(String key, long version, @Nullable GenericRecord row, long timestamp, Headers cause) {
        String id = generation + "/" + key + "/" + version;
        String time = HeaderName.TIME.in(cause);
        Headers headers =
                row == null ? cloudEvents.withoutData(type, id, key, time) : cloudEvents.ofAvro(type, id, key, time);
        HeaderName.CORRELATION_ID.put(headers, HeaderName.CORRELATION_ID.in(cause));
        HeaderName.TRACE_PARENT.put(headers, HeaderName.TRACE_PARENT.in(cause));
        byte[] value = row == null ? null : serializer.serialize(topic, headers, row);
        return new Record<>(key.getBytes(StandardCharsets.UTF_8), value, timestamp, headers);
    }

    static Headers handOn(Record<byte[], byte[]> cause) {
        Headers headers = new RecordHeaders();
        HANDED_ON.forEach(name -> name.put(headers, name.in(cause.headers())));
        return headers;
    }
}
