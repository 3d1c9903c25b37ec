package dev.annals.serde;

import dev.annals.serde.internal.BoundedCache;
import dev.annals.serde.registry.RegisteredSchema;
import dev.annals.serde.registry.SchemaRegistryClient;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericContainer;
import org.apache.avro.util.Utf8;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Avro in the Confluent wire format; {@code io.confluent.kafka.serializers.KafkaAvroSerializer} can take its
 * place.
 *
 * <p>Takes Avro's generic and specific records, plain Java objects if a {@link RecordMapper} binds them, the primitives
 * that Confluent's serializer takes (strings, numbers, booleans, {@code byte[]}), and null, which stays null (a
 * tombstone). As in Confluent's format, a top-level {@code byte[]} follows the header as it is, without Avro's length.
 *
 * <p>The registry is asked once for each schema and topic. Safe for use by many threads, as a shared producer needs it;
 * {@link #configure} must come before.
 *
 * <p>Throws {@link dev.annals.serde.registry.RegistryUnavailableException} if a registry is needed and away (try
 * later), {@link dev.annals.serde.registry.RegistryRefusalException} if it doesn't accept or know the schema, and
 * {@link UnwritableValueException}, which names the field, if the value doesn't fit its schema.
 */
public final class RegistryAvroSerializer implements Serializer<Object> {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryAvroSerializer.class);

    /** A serializer sees few schemas; one made per record must not fill the memory. */
    private static final int MAX_ENCODERS = 1_000;

    private static final Schema STRING = Schema.create(Schema.Type.STRING);
    private static final Schema BYTES = Schema.create(Schema.Type.BYTES);

    /** Of values that need no record, as in Confluent's serializer. */
    private static final Map<Class<?>, Schema> PRIMITIVE_SCHEMAS = Map.of(
            String.class, STRING,
            Utf8.class, STRING,
            Boolean.class, Schema.create(Schema.Type.BOOLEAN),
            Integer.class, Schema.create(Schema.Type.INT),
            Long.class, Schema.create(Schema.Type.LONG),
            Float.class, Schema.create(Schema.Type.FLOAT),
            Double.class, Schema.create(Schema.Type.DOUBLE),
            byte[].class, BYTES);

    private final BoundedCache<Target, RecordEncoder> encoders = new BoundedCache<>(MAX_ENCODERS);
    private final ClientHandle client;
    private final @Nullable RecordMapper givenMapper;
    private SerdeConfig config;
    private boolean isKey;

    /** The class tells a generated record from a generic one of an equal schema. */
    private record Target(String topic, Schema schema, Class<?> type) {}

    /** For use by class name; {@link #configure} finds the registry. Serdes of equal settings share one client. */
    public RegistryAvroSerializer() {
        this(ClientHandle.ofSettings(), null);
    }

    /** With a client that the caller closes. */
    public RegistryAvroSerializer(SchemaRegistryClient client) {
        this(ClientHandle.given(client), null);
    }

    public RegistryAvroSerializer(SchemaRegistryClient client, RecordMapper mapper) {
        this(ClientHandle.given(client), mapper);
    }

    private RegistryAvroSerializer(ClientHandle client, @Nullable RecordMapper mapper) {
        this.client = client;
        this.givenMapper = mapper;
        this.config = SerdeConfig.defaults(mapper);
    }

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        this.isKey = isKey;
        this.config = SerdeConfig.from(configs, isKey, givenMapper);
        client.configure(configs);
        if (config.autoRegister() && config.useLatestVersion()) {
            LOG.warn(
                    "{} has no effect while {} is true, which is its default",
                    SerdeConfig.USE_LATEST_VERSION,
                    SerdeConfig.AUTO_REGISTER);
        }
    }

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable Object data) {
        return serialize(topic, null, data);
    }

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable Headers headers, @Nullable Object data) {
        if (data == null) {
            return null;
        }
        Object datum = toAvro(topic, data);
        Schema schema =
                datum instanceof GenericContainer container ? container.getSchema() : primitiveSchema(datum.getClass());
        if (schema == null) {
            throw unbound(topic, datum);
        }
        RecordEncoder encoder = encoders.get(new Target(topic, schema, datum.getClass()), this::encoder);
        byte[] bytes = encoder.encode(datum);
        byte[] id = encoder.header();
        if (id != null) {
            put(topic, headers, id);
        }
        return bytes;
    }

    private void put(String topic, @Nullable Headers headers, byte[] id) {
        String header = WireFormat.header(isKey);
        if (headers == null) {
            throw new UnwritableValueException(
                    "Topic %s: the schema's id is to stand in the header %s, but no headers were given"
                            .formatted(topic, header),
                    null);
        }
        headers.remove(header).add(header, id);
    }

    private static @Nullable Schema primitiveSchema(Class<?> type) {
        return ByteBuffer.class.isAssignableFrom(type) ? BYTES : PRIMITIVE_SCHEMAS.get(type);
    }

    private Object toAvro(String topic, Object data) {
        if (config.mapper() == null || data instanceof GenericContainer || primitiveSchema(data.getClass()) != null) {
            return data;
        }
        try {
            return config.mapper().toAvro(data);
        } catch (RuntimeException e) {
            throw new UnwritableValueException(
                    "Topic %s: %s can't be mapped to Avro: %s"
                            .formatted(topic, data.getClass().getName(), e.getMessage()),
                    e);
        }
    }

    private static UnwritableValueException unbound(String topic, Object data) {
        return new UnwritableValueException(
                "Topic %s: %s is no Avro record, and no record mapper is configured; pass one to the constructor or name its class in %s"
                        .formatted(topic, data.getClass().getName(), SerdeConfig.RECORD_MAPPER),
                null);
    }

    private RecordEncoder encoder(Target target) {
        Schema schema = target.schema();
        String subject = config.strategy().subject(target.topic(), isKey, schema);
        if (config.autoRegister()) {
            int id = client.get().register(subject, schema);
            return named(subject, schema, RecordEncoder.of(subject, id, schema, target.type()));
        }
        if (config.useLatestVersion()) {
            RegisteredSchema latest = client.get().latest(subject);
            return named(subject, latest.schema(), RecordEncoder.converting(subject, latest, schema, target.type()));
        }
        int id = client.get().lookup(subject, schema).id();
        return named(subject, schema, RecordEncoder.of(subject, id, schema, target.type()));
    }

    private RecordEncoder named(String subject, Schema written, RecordEncoder encoder) {
        return config.idInHeaderWritten() ? encoder.namedInHeader(client.get().guid(subject, written)) : encoder;
    }
}
