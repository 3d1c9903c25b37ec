package dev.annals.engine.kafka;

import java.time.Instant;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** A record that could not be read or handled, as it is kept for people. */
public final class DeadLetterRecord {

    /** The reason of a record that an operator had passed over. */
    public static final String SKIPPED = "skipped";

    /** The reason of a record that Kafka's client can't read, and of those behind it that it takes along. */
    public static final String INVALID_RECORD = "invalid-record";

    private DeadLetterRecord() {}

    /**
     * The record as received, with the reason. One that is too large to be written again keeps only where it stands: a
     * sender can compress what the broker then takes, but nobody else could write.
     *
     * @param place where it stands; null if it came through no topic
     * @param reason in kebab case, for machines
     * @param message for people
     * @param maxBytes the largest record that is copied
     */
    public static Record<byte[], byte[]> of(
            Record<byte[], byte[]> record,
            @Nullable RecordPlace place,
            String reason,
            @Nullable String message,
            int maxBytes) {
        long size = size(record);
        boolean fits = size <= maxBytes;
        Headers headers = fits ? asReceived(record.headers()) : new RecordHeaders();
        HeaderName.DEAD_LETTER_REASON.put(headers, reason);
        HeaderName.DEAD_LETTER_MESSAGE.put(
                headers,
                fits
                        ? message
                        : "%s (left out: its %d bytes, at most %d are copied)".formatted(message, size, maxBytes));
        HeaderName.DEAD_LETTER_LEFT_OUT.put(headers, fits ? null : Long.toString(size));
        if (place != null) {
            putPlace(headers, place);
        }
        return fits ? record.withHeaders(headers) : new Record<>(null, null, record.timestamp(), headers);
    }

    /** Without what its sender says of a dead letter. */
    private static Headers asReceived(Headers all) {
        Headers headers = new RecordHeaders();
        for (Header each : all) {
            if (!each.key().startsWith(HeaderName.DEAD_LETTER_PREFIX)) {
                headers.add(each);
            }
        }
        return headers;
    }

    /**
     * Of a record that nobody has read, since an operator had it passed over: only where it stands.
     *
     * @param timestamp of the dead letter
     * @param actor who had it passed over; nobody has verified it
     * @param reason the operator's
     * @param time when he did
     */
    public static Record<byte[], byte[]> ofSkipped(
            RecordPlace place, long timestamp, String actor, String reason, Instant time) {
        Headers headers = unread(SKIPPED, reason, place);
        HeaderName.putOperator(headers, actor);
        HeaderName.TIME.put(headers, time.toString());
        return new Record<>(null, null, timestamp, headers);
    }

    /**
     * Of what Kafka's client can't read: only where it stands.
     *
     * @param place of the first of them
     * @param lastOffset of the last of them
     * @param timestamp of the dead letter
     * @param message why
     */
    public static Record<byte[], byte[]> ofInvalid(RecordPlace place, long lastOffset, long timestamp, String message) {
        Headers headers = unread(INVALID_RECORD, message, place);
        HeaderName.DEAD_LETTER_LAST_OFFSET.put(headers, Long.toString(lastOffset));
        return new Record<>(null, null, timestamp, headers);
    }

    private static Headers unread(String reason, String message, RecordPlace place) {
        Headers headers = new RecordHeaders();
        HeaderName.DEAD_LETTER_REASON.put(headers, reason);
        HeaderName.DEAD_LETTER_MESSAGE.put(headers, message);
        putPlace(headers, place);
        return headers;
    }

    private static void putPlace(Headers headers, RecordPlace place) {
        HeaderName.DEAD_LETTER_TOPIC.put(headers, place.topic());
        HeaderName.DEAD_LETTER_PARTITION.put(headers, Integer.toString(place.partition()));
        HeaderName.DEAD_LETTER_OFFSET.put(headers, Long.toString(place.offset()));
    }

    /**
     * What a producer counts before it sends the record, in bytes: key, value, headers, and what stands around them.
     */
    public static long size(Record<byte[], byte[]> record) {
        return AbstractRecords.estimateSizeInBytesUpperBound(
                RecordBatch.CURRENT_MAGIC_VALUE,
                CompressionType.NONE,
                record.key(),
                record.value(),
                record.headers().toArray());
    }
}
