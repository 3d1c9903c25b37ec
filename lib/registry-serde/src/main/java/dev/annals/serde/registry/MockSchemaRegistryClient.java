package dev.annals.serde.registry;

import static dev.annals.serde.registry.RegistryRefusalException.INCOMPATIBLE;
import static dev.annals.serde.registry.RegistryRefusalException.SCHEMA_NOT_FOUND;
import static dev.annals.serde.registry.RegistryRefusalException.SUBJECT_NOT_FOUND;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaValidationException;
import org.apache.avro.SchemaValidatorBuilder;
import org.apache.kafka.common.config.ConfigException;

/**
 * A registry in memory, for tests: {@code schema.registry.url=mock://scope}, as in Confluent's client. All clients of a
 * scope in this process share one content, until it is dropped. Compatibility is checked, BACKWARD.
 *
 * <p>Safe for use by many threads.
 */
public final class MockSchemaRegistryClient implements SchemaRegistryClient {

    private static final String SCHEME = "mock://";
    private static final ConcurrentMap<String, MockSchemaRegistryClient> SCOPES = new ConcurrentHashMap<>();

    private final List<Schema> schemas = new ArrayList<>();
    private final Map<String, List<Integer>> idsBySubject = new TreeMap<>();
    private boolean acceptsAnything;

    /** A registry that nobody else sees. */
    public MockSchemaRegistryClient() {}

    public static MockSchemaRegistryClient forScope(String scope) {
        return SCOPES.computeIfAbsent(scope, name -> new MockSchemaRegistryClient());
    }

    /** Forgets the scope; clients already made for it keep what they have. */
    public static void dropScope(String scope) {
        SCOPES.remove(scope);
    }

    static Optional<String> scopeIn(Map<String, ?> configs) {
        List<String> urls = RegistryConfig.urls(configs);
        List<String> mocks = urls.stream().filter(url -> url.startsWith(SCHEME)).toList();
        if (mocks.isEmpty()) {
            return Optional.empty();
        }
        if (urls.size() > 1) {
            throw new ConfigException(RegistryConfig.URL, urls, "a mock:// URL stands alone");
        }
        return Optional.of(mocks.getFirst().substring(SCHEME.length()));
    }

    @Override
    public synchronized int register(String subject, Schema schema) {
        Schema portable = PortableSchema.of(schema);
        List<Integer> ids = idsBySubject.getOrDefault(subject, List.of());
        Optional<Integer> known = ids.stream().filter(id -> has(id, portable)).findFirst();
        if (known.isPresent()) {
            return known.get();
        }
        requireCompatible(subject, portable);
        int id = idOf(portable);
        idsBySubject.computeIfAbsent(subject, name -> new ArrayList<>()).add(id);
        return id;
    }

    @Override
    public synchronized RegisteredSchema lookup(String subject, Schema schema) {
        Schema portable = PortableSchema.of(schema);
        List<Integer> ids = idsOf(subject);
        return IntStream.range(0, ids.size())
                .filter(index -> has(ids.get(index), portable))
                .mapToObj(index -> registered(subject, ids, index))
                .findFirst()
                .orElseThrow(() -> refusal(
                        "find schema %s under subject %s".formatted(schema.getFullName(), subject),
                        SCHEMA_NOT_FOUND,
                        "Schema not found"));
    }

    @Override
    public synchronized Schema schemaById(int id) {
        if (id < 1 || id > schemas.size()) {
            throw refusal("get schema id " + id, SCHEMA_NOT_FOUND, "Schema " + id + " not found");
        }
        return schemas.get(id - 1);
    }

    @Override
    public synchronized Schema schemaByGuid(UUID guid) {
        return schemas.stream()
                .filter(schema -> guid(schema).equals(guid))
                .findFirst()
                .orElseThrow(
                        () -> refusal("get schema GUID " + guid, SCHEMA_NOT_FOUND, "Schema " + guid + " not found"));
    }

    @Override
    public UUID guid(String subject, Schema schema) {
        return guid(lookup(subject, schema).schema());
    }

    private static UUID guid(Schema schema) {
        return UUID.nameUUIDFromBytes(schema.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public synchronized RegisteredSchema latest(String subject) {
        List<Integer> ids = idsOf(subject);
        return registered(subject, ids, ids.size() - 1);
    }

    @Override
    public synchronized void delete(String subject) {
        var unused = idsOf(subject);
        idsBySubject.remove(subject);
    }

    public synchronized List<Integer> versions(String subject) {
        return IntStream.rangeClosed(1, idsOf(subject).size()).boxed().toList();
    }

    public synchronized List<String> subjects() {
        return List.copyOf(idsBySubject.keySet());
    }

    /** As Confluent's level NONE: whatever is registered from now on is accepted. */
    public synchronized void acceptAnything() {
        acceptsAnything = true;
    }

    /** Does nothing: others may use the scope. */
    @Override
    public void close() {}

    private boolean has(int id, Schema schema) {
        return schemas.get(id - 1).equals(schema);
    }

    private int idOf(Schema schema) {
        int known = schemas.indexOf(schema);
        if (known >= 0) {
            return known + 1;
        }
        schemas.add(schema);
        return schemas.size();
    }

    private List<Integer> idsOf(String subject) {
        List<Integer> ids = idsBySubject.get(subject);
        if (ids == null) {
            throw refusal("read subject " + subject, SUBJECT_NOT_FOUND, "Subject '" + subject + "' not found");
        }
        return ids;
    }

    private RegisteredSchema registered(String subject, List<Integer> ids, int index) {
        int id = ids.get(index);
        return new RegisteredSchema(subject, index + 1, id, schemas.get(id - 1));
    }

    private void requireCompatible(String subject, Schema schema) {
        List<Integer> ids = idsBySubject.getOrDefault(subject, List.of());
        if (acceptsAnything || ids.isEmpty()) {
            return;
        }
        try {
            new SchemaValidatorBuilder()
                    .canReadStrategy()
                    .validateLatest()
                    .validate(schema, List.of(schemas.get(ids.getLast() - 1)));
        } catch (SchemaValidationException e) {
            throw refusal(
                    "register schema %s under subject %s".formatted(schema.getFullName(), subject),
                    INCOMPATIBLE,
                    "not BACKWARD compatible: " + e.getMessage());
        }
    }

    private static RegistryRefusalException refusal(String purpose, int code, String message) {
        return new RegistryRefusalException(
                "Cannot %s: the mock registry answered %d: %s".formatted(purpose, code, message), code);
    }
}
