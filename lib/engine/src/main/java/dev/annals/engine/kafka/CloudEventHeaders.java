package dev.annals.engine.kafka;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The attributes that make a record a CloudEvent: version 1.0, in the binary mode of its Kafka binding. What one
 * writer's records have in common is encoded once. For one thread.
 */
public final class CloudEventHeaders {

    /**
     * The binding's own example of Avro in binary mode. Five bytes of the wire format stand before it, as all Kafka
     * clients expect.
     */
    public static final String AVRO = "application/avro";

    private static final Header SPEC_VERSION = HeaderName.SPEC_VERSION.header(HeaderName.CLOUD_EVENTS_VERSION);
    private static final Header CONTENT_TYPE = HeaderName.CONTENT_TYPE.header(AVRO);

    private final Header source;
    private final Map<String, Header> types = new HashMap<>();

    /** @param source a URI reference; with the id of a record it is unique */
    public CloudEventHeaders(String source) {
        this.source = HeaderName.SOURCE.header(source);
    }

    /**
     * Of a command, as its senders write it.
     *
     * @param type full name of the Avro record
     */
    public static Headers ofCommand(String id, String type, String source, Instant time) {
        Headers headers = new RecordHeaders();
        headers.add(SPEC_VERSION);
        HeaderName.ID.put(headers, id);
        HeaderName.TYPE.put(headers, type);
        HeaderName.SOURCE.put(headers, source);
        HeaderName.TIME.put(headers, time.truncatedTo(ChronoUnit.MICROS).toString());
        return headers;
    }

    /**
     * Of a record whose value is Avro.
     *
     * @param type full name of the Avro record
     * @param time RFC 3339, if it is known
     */
    public Headers ofAvro(String type, String id, String subject, @Nullable String time) {
        Headers headers = withoutData(type, id, subject, time);
        headers.add(CONTENT_TYPE);
        return headers;
    }

    /** Of a record without a value: to the binding an event without data, to a compacted topic a tombstone. */
    public Headers withoutData(String type, String id, String subject, @Nullable String time) {
        Headers headers = new RecordHeaders();
        headers.add(SPEC_VERSION);
        headers.add(source);
        headers.add(types.computeIfAbsent(type, HeaderName.TYPE::header));
        HeaderName.ID.put(headers, id);
        HeaderName.SUBJECT.put(headers, subject);
        HeaderName.TIME.put(headers, time);
        return headers;
    }
}
