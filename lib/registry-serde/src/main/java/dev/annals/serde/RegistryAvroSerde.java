package dev.annals.serde;

import dev.annals.serde.registry.SchemaRegistryClient;
import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * {@link RegistryAvroSerializer} and {@link RegistryAvroDeserializer} in one, also for Kafka Streams'
 * {@code default.value.serde}. Threading and errors are theirs.
 */
public final class RegistryAvroSerde implements Serde<Object> {

    private final RegistryAvroSerializer serializer;
    private final RegistryAvroDeserializer deserializer;

    /** For use by class name; {@link #configure} finds the registry. */
    public RegistryAvroSerde() {
        this(new RegistryAvroSerializer(), new RegistryAvroDeserializer());
    }

    /** With a client that the caller closes. */
    public RegistryAvroSerde(SchemaRegistryClient client) {
        this(new RegistryAvroSerializer(client), new RegistryAvroDeserializer(client));
    }

    public RegistryAvroSerde(SchemaRegistryClient client, RecordMapper mapper) {
        this(new RegistryAvroSerializer(client, mapper), new RegistryAvroDeserializer(client, mapper));
    }

    private RegistryAvroSerde(RegistryAvroSerializer serializer, RegistryAvroDeserializer deserializer) {
        this.serializer = serializer;
        this.deserializer = deserializer;
    }

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        serializer.configure(configs, isKey);
        deserializer.configure(configs, isKey);
    }

    @Override
    public Serializer<Object> serializer() {
        return serializer;
    }

    @Override
    public Deserializer<Object> deserializer() {
        return deserializer;
    }
}
