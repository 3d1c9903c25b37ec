package dev.annals.serde;

import dev.annals.serde.internal.BoundedCache;
import dev.annals.serde.registry.SchemaRegistryClient;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.avro.Schema;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads Avro in the Confluent wire format, whoever wrote it.
 *
 * <p>Gives a {@link org.apache.avro.generic.GenericRecord} in the writer's schema, unless a reader's schema was given, a
 * {@link RecordMapper} binds the record to a plain class, or {@link SerdeConfig#SPECIFIC_READER} asks for generated
 * classes; then Avro's resolution (defaults, aliases, promotions) is applied. Strings, also as keys of maps, are
 * {@link String}; logical types stay what they are made of (a decimal is a {@link java.nio.ByteBuffer}, a timestamp a
 * {@link Long}) except in generated classes that convert them. Null stays null.
 *
 * <p>The registry is asked once for each schema id. Safe for use by many threads; {@link #configure} must come before.
 *
 * <p>Throws {@link dev.annals.serde.registry.RegistryUnavailableException} if a schema is needed and the registry away (try
 * later); {@link UnreadableBytesException} for bytes that are no such record, and
 * {@link dev.annals.serde.registry.RegistryRefusalException} for an id that the registry doesn't know (both final).
 */
public final class RegistryAvroDeserializer implements Deserializer<Object> {

    private static final int MAX_DECODERS = 1_000;

    private final BoundedCache<Integer, RecordDecoder> decoders = new BoundedCache<>(MAX_DECODERS);
    private final ClientHandle client;
    private final @Nullable UnaryOperator<Schema> readerSchema;
    private final @Nullable RecordMapper givenMapper;
    private SerdeConfig config;

    /** For use by class name; {@link #configure} finds the registry. Serdes of equal settings share one client. */
    public RegistryAvroDeserializer() {
        this(ClientHandle.ofSettings(), null, null);
    }

    /** With a client that the caller closes. */
    public RegistryAvroDeserializer(SchemaRegistryClient client) {
        this(ClientHandle.given(client), null, null);
    }

    /**
     * Gives generic records in a reader's schema.
     *
     * @param readerSchema from the writer's schema; called once for each schema id
     */
    public RegistryAvroDeserializer(SchemaRegistryClient client, UnaryOperator<Schema> readerSchema) {
        this(ClientHandle.given(client), readerSchema, null);
    }

    public RegistryAvroDeserializer(SchemaRegistryClient client, RecordMapper mapper) {
        this(ClientHandle.given(client), null, mapper);
    }

    private RegistryAvroDeserializer(
            ClientHandle client, @Nullable UnaryOperator<Schema> readerSchema, @Nullable RecordMapper mapper) {
        this.client = client;
        this.readerSchema = readerSchema;
        this.givenMapper = mapper;
        this.config = SerdeConfig.defaults(mapper);
    }

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        this.config = SerdeConfig.from(configs, isKey, givenMapper);
        client.configure(configs);
    }

    @Override
    public @Nullable Object deserialize(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        int schemaId = WireFormat.schemaId(topic, bytes);
        return decoders.get(schemaId, this::decoder).decode(topic, bytes);
    }

    private RecordDecoder decoder(int schemaId) {
        Schema writer = client.get().schemaById(schemaId);
        if (readerSchema != null) {
            return RecordDecoder.generic(schemaId, writer, readerSchema.apply(writer));
        }
        RecordMapper mapper = config.mapper();
        Schema mapped = mapper == null ? null : mapper.readerSchema(writer);
        if (mapper != null && mapped != null) {
            return RecordDecoder.mapped(schemaId, writer, mapped, mapper);
        }
        return config.specificReader() && writer.getType() == Schema.Type.RECORD
                ? RecordDecoder.specific(schemaId, writer)
                : RecordDecoder.generic(schemaId, writer, writer);
    }
}
