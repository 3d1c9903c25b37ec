package dev.annals.core.projecting;

import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Where a record stands, for messages: the view that reads it, and its coordinates. */
record Place(String view, ProcessingContext context) {

    String of(Record<byte[], byte[]> record) {
        String key = record.key() == null ? "none" : "'" + new String(record.key(), StandardCharsets.UTF_8) + "'";
        return "view %s stopped at %s, key %s"
                .formatted(view, context.recordMetadata().map(Place::at).orElse("?"), key);
    }

    private static String at(RecordMetadata metadata) {
        return "%s-%d offset %d".formatted(metadata.topic(), metadata.partition(), metadata.offset());
    }

    ViewFailedException failure(Record<byte[], byte[]> record, String reason) {
        return new ViewFailedException(of(record) + ": " + reason);
    }

    ViewFailedException failure(Record<byte[], byte[]> record, String reason, Throwable cause) {
        return new ViewFailedException(of(record) + ": " + reason, cause);
    }

    /** Runs the view's own code: whatever it throws is a bug that would be thrown again. */
    <T extends @Nullable Object> T guarded(Record<byte[], byte[]> record, Supplier<T> code) {
        try {
            return code.get();
        } catch (ViewFailedException e) {
            throw e;
        } catch (RuntimeException e) {
            throw failure(record, "folding it failed with " + e, e);
        }
    }
}
