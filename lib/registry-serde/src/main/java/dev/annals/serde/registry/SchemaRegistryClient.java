package dev.annals.serde.registry;

import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;

/**
 * A schema registry.
 *
 * <p>Implementations are safe for use by many threads. Every call either returns, or throws
 * {@link RegistryUnavailableException} (try later) or {@link RegistryRefusalException} (final). Answers that can't
 * change (the schema of an id, the id of a schema under a subject) are cached, so a registry that is down stops only
 * schemas never seen.
 *
 * <p>The property {@code avro.java.string}, which Avro's code generator adds, says nothing about the data: it is left
 * out of what is registered and does not keep a lookup from finding a schema.
 */
public interface SchemaRegistryClient extends AutoCloseable {

    /**
     * A client of one's own for {@code schema.registry.url}, to be closed; {@code mock://scope} gives the process-wide
     * in-memory registry of that scope.
     *
     * @throws org.apache.kafka.common.config.ConfigException if a setting is wrong
     */
    static SchemaRegistryClient create(Map<String, ?> configs) {
        return MockSchemaRegistryClient.scopeIn(configs)
                .<SchemaRegistryClient>map(MockSchemaRegistryClient::forScope)
                .orElseGet(() -> new HttpSchemaRegistryClient(RegistryConfig.from(configs)));
    }

    /**
     * The client that all serdes with these settings in this process share; not to be closed.
     *
     * @throws org.apache.kafka.common.config.ConfigException if a setting is wrong
     */
    static SchemaRegistryClient shared(Map<String, ?> configs) {
        return MockSchemaRegistryClient.scopeIn(configs)
                .<SchemaRegistryClient>map(MockSchemaRegistryClient::forScope)
                .orElseGet(() -> SharedClients.of(configs));
    }

    /**
     * Registers the schema, with all that it uses inside it. A schema that the subject already has keeps its id.
     *
     * @return the id
     */
    int register(String subject, Schema schema);

    /** Finds a schema under the subject; differences in documentation don't count where the registry lets them pass. */
    RegisteredSchema lookup(String subject, Schema schema);

    Schema schemaById(int id);

    /** Of a registry that knows GUIDs (Confluent Platform 8); others refuse, as they do an unknown id. */
    Schema schemaByGuid(UUID guid);

    /**
     * The GUID of a schema that the subject has, equal in every registry.
     *
     * @throws RegistryRefusalException also if the registry knows no GUIDs
     */
    UUID guid(String subject, Schema schema);

    /** Never from the cache. */
    RegisteredSchema latest(String subject);

    /**
     * Takes a subject away with all that is in it; of records that were written with it, nobody can read one any more.
     */
    void delete(String subject);

    @Override
    void close();
}
