package dev.annals.checker.mutant;

import dev.annals.serde.RegistryAvroDeserializer;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Reads as the right deserializer does, and has other headers stand at the record from then on. */
abstract class HeaderMutant implements Deserializer<Object> {

    private final RegistryAvroDeserializer right = new RegistryAvroDeserializer();

    abstract void change(String topic, Headers headers);

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        right.configure(configs, isKey);
    }

    @Override
    public @Nullable Object deserialize(String topic, Headers headers, byte @Nullable [] data) {
        change(topic, headers);
        return right.deserialize(topic, headers, data);
    }

    @Override
    public @Nullable Object deserialize(String topic, byte @Nullable [] data) {
        return right.deserialize(topic, data);
    }

    @Override
    public void close() {
        right.close();
    }
}
