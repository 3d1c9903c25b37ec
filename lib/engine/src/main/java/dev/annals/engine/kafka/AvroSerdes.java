package dev.annals.engine.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Makes the (de)serializers of values, which are named by class so that Confluent's own can take the place of ours.
 * Both handle {@link org.apache.avro.generic.IndexedRecord}.
 *
 * <p>What they read comes in the schema it was written with, and is resolved by Annals alone; what they write is looked
 * at, so that it means what it was given ({@link ExactSerializer}).
 *
 * @param serializer a {@link Serializer} class name
 * @param deserializer a {@link Deserializer} class name
 * @param configuration passed to both: {@code schema.registry.url} and what belongs to it
 */
public record AvroSerdes(String serializer, String deserializer, Map<String, Object> configuration) {

    /** Settings under which values would not be raw records in their writer's schema, with what they must be. */
    private static final Map<String, String> FIXED = Map.of(
            "specific.avro.reader", "false",
            "avro.use.logical.type.converters", "false",
            "value.schema.id.serializer", "io.confluent.kafka.serializers.schema.id.PrefixSchemaIdSerializer");

    /**
     * With which schema to write. A deserializer that heeds them as well reads as the latest schema, whatever was
     * meant.
     */
    private static final Set<String> OF_WRITING = Set.of("use.latest.version", "use.latest.with.metadata");

    /** @throws ConfigException if a setting contradicts what correctness needs, or can't be had of its provider */
    public AvroSerdes {
        configuration = Map.copyOf(resolved(configuration));
        configuration.forEach(AvroSerdes::requireRight);
    }

    /**
     * With what {@code config.providers} have in the place of {@code ${provider:path:key}}, as every Kafka client
     * resolves its own settings: who makes a serializer himself has to do it for it.
     */
    private static Map<String, Object> resolved(Map<String, Object> settings) {
        return new AbstractConfig(new ConfigDef(), settings, false).originals();
    }

    private static void requireRight(String key, Object value) {
        String right = FIXED.get(key);
        String given = value instanceof Class<?> type ? type.getName() : value.toString();
        if (right != null && !given.equals(right)) {
            throw new ConfigException(
                    "%s=%s can't be had: it must be %s, since Annals compares schemas and stores values as they are on the wire; remove the setting"
                            .formatted(key, given, right));
        }
    }

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
        return new ExactSerializer(made, newDeserializer());
    }

    /**
     * A new deserializer, for one thread.
     *
     * @throws KafkaException if the class is missing or refuses its configuration
     */
    public Deserializer<Object> newDeserializer() {
        @SuppressWarnings("unchecked") // by contract of the configuration
        Deserializer<Object> made = make(deserializer, Deserializer.class);
        Map<String, Object> reading = new HashMap<>(configuration);
        reading.keySet().removeAll(OF_WRITING);
        made.configure(reading, false);
        return made;
    }

    /** Values may be passwords. */
    @Override
    public String toString() {
        return "AvroSerdes[%s, %s, settings of %s]"
                .formatted(serializer, deserializer, new TreeSet<>(configuration.keySet()));
    }

    private static <T> T make(String className, Class<T> type) {
        try {
            return Utils.newInstance(className, type);
        } catch (ClassNotFoundException e) {
            throw new KafkaException("%s %s is not on the class path".formatted(type.getSimpleName(), className), e);
        }
    }
}
