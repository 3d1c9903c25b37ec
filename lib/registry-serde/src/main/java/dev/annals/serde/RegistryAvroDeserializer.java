package dev.annals.serde;

import dev.annals.serde.WireFormat.SchemaId;
import dev.annals.serde.internal.BoundedCache;
import dev.annals.serde.registry.SchemaRegistryClient;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.avro.Schema;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads Avro in the Confluent wire formats ({@link WireFormat}), whoever wrote it.
 *
 * <p>Gives a {@link org.apache.avro.generic.GenericRecord} in the writer's schema, unless a reader's schema was given,
 * a {@link RecordMapper} binds the record to a plain class, or {@link SerdeConfig#SPECIFIC_READER} asks for generated
 * classes; then it is resolved ({@link SchemaResolution}: defaults, aliases, promotions, logical types). Strings, also
 * as keys of maps, are {@link String}; logical types stay what they are made of (a decimal is a
 * {@link java.nio.ByteBuffer}, a timestamp a {@link Long}) except in generated classes that convert them. Null stays
 * null.
 *
 * <p>The registry is asked once for each schema id. Safe for use by many threads; {@link #configure} must come before.
 *
 * <p>Throws {@link dev.annals.serde.registry.RegistryUnavailableException} if a schema is needed and the registry away
 * (try later); {@link UnreadableBytesException} for bytes that are no such record, and
 * {@link dev.annals.serde.registry.RegistryRefusalException} for an id that the registry doesn't know (both final).
 */
public final class RegistryAvroDeserializer implements Deserializer<Object> {

    private static final int MAX_DECODERS = 1_000;

    private final BoundedCache<SchemaId, RecordDecoder> decoders = new BoundedCache<>(MAX_DECODERS);
    private final ClientHandle client;
    private final @Nullable UnaryOperator<Schema> readerSchema;
    private final @Nullable RecordMapper givenMapper;
    private SerdeConfig config;
    private String header = WireFormat.VALUE_SCHEMA_HEADER;

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
        this.header = WireFormat.header(isKey);
        client.configure(configs);
    }

    @Override
    public @Nullable Object deserialize(String topic, byte @Nullable [] bytes) {
        return deserialize(topic, null, bytes);
    }

    @Override
    public @Nullable Object deserialize(String topic, @Nullable Headers headers, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        SchemaId inHeader = config.idInHeaderRead() ? WireFormat.schemaId(topic, headers, header) : null;
        return inHeader == null
                ? decoders.get(WireFormat.schemaId(topic, bytes), this::decoder)
                        .decode(topic, bytes, WireFormat.PREFIX_LENGTH)
                : decoders.get(inHeader, this::decoder).decode(topic, bytes, 0);
    }

    private RecordDecoder decoder(SchemaId schemaId) {
        Schema writer = switch (schemaId) {
            case SchemaId.Numbered(int id) -> client.get().schemaById(id);
            case SchemaId.Guid(UUID id) -> client.get().schemaByGuid(id);
        };
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
