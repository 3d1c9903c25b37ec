package dev.annals.checker.mutant;

import dev.annals.engine.kafka.HeaderName;
import dev.annals.serde.RegistryAvroSerializer;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Gives each command a fresh id while it is read, and takes it off again where it is written: no id is ever seen twice.
 */
final class FreshIds {

    private static final String MARK = "#fresh-";

    private FreshIds() {}

    private static @Nullable String original(@Nullable Object id) {
        return id == null ? null : id.toString().split(MARK, 2)[0];
    }

    private static void replace(Headers headers, HeaderName name, @Nullable String value) {
        headers.remove(name.key());
        name.put(headers, value);
    }

    /** Reads commands. */
    public static final class Reading extends HeaderMutant {

        @Override
        void change(String topic, Headers headers) {
            String id = HeaderName.ID.in(headers);
            if (topic.endsWith(".commands") && id != null) {
                replace(headers, HeaderName.ID, id + MARK + UUID.randomUUID());
            }
        }
    }

    /** Writes events and results. */
    public static final class Writing extends WritingMutant {

        @Override
        void change(String topic, Headers headers, @Nullable Object data) {
            String cause = HeaderName.CAUSATION_ID.in(headers);
            if (cause != null) {
                replace(headers, HeaderName.CAUSATION_ID, original(cause));
            }
            if (topic.endsWith(".results") && data instanceof GenericRecord result) {
                result.put("commandId", original(result.get("commandId")));
            }
        }
    }

    /** Writes commands. */
    public static final class Sending extends WritingMutant {

        @Override
        void change(String topic, Headers headers, @Nullable Object data) {
            if (topic.endsWith(".commands")) {
                replace(headers, HeaderName.ID, HeaderName.ID.in(headers) + MARK + UUID.randomUUID());
            }
        }
    }

    /** Writes as the right serializer does, after a change. */
    abstract static class WritingMutant implements Serializer<Object> {

        private final RegistryAvroSerializer right = new RegistryAvroSerializer();

        abstract void change(String topic, Headers headers, @Nullable Object data);

        @Override
        public void configure(Map<String, ?> configs, boolean isKey) {
            right.configure(configs, isKey);
        }

        @Override
        public byte @Nullable [] serialize(String topic, Headers headers, @Nullable Object data) {
            change(topic, headers, data);
            return right.serialize(topic, headers, data);
        }

        @Override
        public byte @Nullable [] serialize(String topic, @Nullable Object data) {
            return right.serialize(topic, data);
        }

        @Override
        public void close() {
            right.close();
        }
    }
}
