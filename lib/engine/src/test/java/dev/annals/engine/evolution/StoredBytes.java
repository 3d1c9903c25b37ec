package dev.annals.engine.evolution;

import dev.annals.engine.kafka.AvroSerdes;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/** Records through the serdes that services run with, and a registry in memory. */
final class StoredBytes implements AutoCloseable {

    private static final String TOPIC = "carts.events";

    private final AvroSerdes serdes;
    private final Serializer<Object> serializer;
    private final Deserializer<Object> deserializer;

    StoredBytes(String registry) {
        serdes = new AvroSerdes(
                "dev.annals.serde.RegistryAvroSerializer",
                "dev.annals.serde.RegistryAvroDeserializer",
                Map.of("schema.registry.url", registry, "value.subject.name.strategy", "TopicRecordNameStrategy"));
        serializer = serdes.newSerializer();
        deserializer = serdes.newDeserializer();
    }

    AvroSerdes serdes() {
        return serdes;
    }

    byte[] of(GenericRecord written) {
        return serializer.serialize(TOPIC, written);
    }

    IndexedRecord read(byte[] bytes) {
        return (IndexedRecord) deserializer.deserialize(TOPIC, bytes);
    }

    IndexedRecord roundTrip(GenericRecord written) {
        return read(of(written));
    }

    @Override
    public void close() {
        serializer.close();
        deserializer.close();
    }
}
