package dev.annals.checker.mutant;

import dev.annals.engine.kafka.HeaderName;
import dev.annals.serde.RegistryAvroDeserializer;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Loses the expected version while it reads the command. */
public final class WithoutExpectation implements Deserializer<Object> {

    private final RegistryAvroDeserializer right = new RegistryAvroDeserializer();

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        right.configure(configs, isKey);
    }

    @Override
    public @Nullable Object deserialize(String topic, Headers headers, byte @Nullable [] data) {
        headers.remove(HeaderName.EXPECTED_VERSION.key());
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
