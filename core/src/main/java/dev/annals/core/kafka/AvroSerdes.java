package dev.annals.core.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Makes the (de)serializers of values, which are named by class so that Confluent's own can take the place of ours. Both
 * handle {@link org.apache.avro.generic.IndexedRecord}.
 *
 * @param serializer a {@link Serializer} class name
 * @param deserializer a {@link Deserializer} class name
 * @param configuration passed to both as it is: {@code schema.registry.url} and what belongs to it
 */
public record AvroSerdes(String serializer, String deserializer, Map<String, Object> configuration) {

    public AvroSerdes {
        configuration = Map.copyOf(configuration);
    }

    /** The same, with one setting of another value. */
    public AvroSerdes with(String key, Object value) {
        Map<String, Object> changed = new HashMap<>(configuration);
        changed.put(key, value);
        return new AvroSerdes(serializer, deserializer, changed);
    }

    /**
     * A new serializer, for one thread.
     *
     * @throws KafkaException if the class is missing or refuses its configuration
     */
    public Serializer<Object> newSerializer() {
        @SuppressWarnings("unchecked") // by contract of the configuration
        Serializer<Object> made = make(serializer, Serializer.class);
        made.configure(configuration, false);
        return made;
    }

    /**
     * A new deserializer, for one thread.
     *
     * @throws KafkaException if the class is missing or refuses its configuration
     */
    public Deserializer<Object> newDeserializer() {
        @SuppressWarnings("unchecked") // by contract of the configuration
        Deserializer<Object> made = make(deserializer, Deserializer.class);
        made.configure(configuration, false);
        return made;
    }

    private static <T> T make(String className, Class<T> type) {
        try {
            return Utils.newInstance(className, type);
        } catch (ClassNotFoundException e) {
            throw new KafkaException("%s %s is not on the class path".formatted(type.getSimpleName(), className), e);
        }
    }
}
