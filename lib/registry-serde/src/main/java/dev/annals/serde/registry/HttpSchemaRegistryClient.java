package dev.annals.serde.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.annals.serde.internal.BoundedCache;
import dev.annals.serde.registry.HttpTransport.Call;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A registry over HTTP, version 1 of Confluent's REST API (<a
 * href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">reference</a>).
 *
 * <p>Safe for use by many threads; share one between serdes. Every call is bounded by the limits of
 * {@link RegistryConfig}. A thread interrupted while it waits gets
 * {@link org.apache.kafka.common.errors.InterruptException}.
 */
final class HttpSchemaRegistryClient implements SchemaRegistryClient {

    /**
     * An id the registry doesn't know is not asked again for so long: records with a wrong id often come in numbers.
     */
    static final Duration UNKNOWN_ID_REMEMBERED = Duration.ofSeconds(5);

    /** No schema needs more, and a registry that answers nonsense must not keep us reading. */
    static final int MAX_REFERENCES = 1_000;

    private final HttpTransport transport;
    private final boolean normalize;
    private final BoundedCache<String, Schema> schemas;
    private final BoundedCache<String, UnknownId> unknownIds;
    private final BoundedCache<Registration, Integer> registered;
    private final BoundedCache<Registration, RegisteredSchema> lookedUp;
    private final BoundedCache<Registration, UUID> guids;

    private record Registration(String subject, Schema schema) {}

    private record UnknownId(RegistryRefusalException refusal, long seenNanos) {
        boolean isFresh() {
            return System.nanoTime() - seenNanos < UNKNOWN_ID_REMEMBERED.toNanos();
        }
    }

    HttpSchemaRegistryClient(RegistryConfig config) {
        this.transport = new HttpTransport(config);
        this.normalize = config.normalize();
        this.schemas = new BoundedCache<>(config.cacheCapacity());
        this.unknownIds = new BoundedCache<>(config.cacheCapacity());
        this.registered = new BoundedCache<>(config.cacheCapacity());
        this.lookedUp = new BoundedCache<>(config.cacheCapacity());
        this.guids = new BoundedCache<>(config.cacheCapacity());
    }

    @Override
    public int register(String subject, Schema schema) {
        return registered.get(new Registration(subject, schema), key -> {
            Schema portable = PortableSchema.of(schema);
            String purpose = "register schema %s under subject %s".formatted(schema.getFullName(), subject);
            String path = subjectPath(subject) + "/versions" + (normalize ? "?normalize=true" : "");
            int id = number(purpose, post(purpose, path, portable), "id");
            unknownIds.remove(idPath(id));
            schemas.get(idPath(id), known -> portable);
            return id;
        });
    }

    @Override
    public RegisteredSchema lookup(String subject, Schema schema) {
        return lookedUp.get(new Registration(subject, schema), key -> lookUpInAnyForm(subject, schema));
    }

    /**
     * Registries compare in different ways: Apicurio ignores documentation but not {@code avro.java.string}, Confluent
     * and Karapace compare more strictly unless they normalize. So: the schema without generator properties, then
     * normalized, then as the caller has it (a generated class registered it, properties and all).
     */
    private RegisteredSchema lookUpInAnyForm(String subject, Schema schema) {
        Schema portable = PortableSchema.of(schema);
        try {
            return lookUp(subject, portable, false);
        } catch (RegistryRefusalException e) {
            if (e.errorCode() != RegistryRefusalException.SCHEMA_NOT_FOUND) {
                throw e;
            }
        }
        try {
            return lookUp(subject, portable, true);
        } catch (RegistryRefusalException e) {
            if (portable.equals(schema) || e.errorCode() != RegistryRefusalException.SCHEMA_NOT_FOUND) {
                throw e;
            }
        }
        return lookUp(subject, schema, false);
    }

    private RegisteredSchema lookUp(String subject, Schema schema, boolean normalized) {
        String purpose = "find schema %s under subject %s".formatted(schema.getFullName(), subject);
        String path = subjectPath(subject) + (normalized ? "?normalize=true" : "");
        return registered(purpose, subject, post(purpose, path, schema));
    }

    @Override
    public UUID guid(String subject, Schema schema) {
        return guids.get(new Registration(subject, schema), key -> {
            String purpose = "get the GUID of schema %s under subject %s".formatted(schema.getFullName(), subject);
            JsonNode found = post(purpose, subjectPath(subject), PortableSchema.of(schema));
            try {
                return UUID.fromString(found.path("guid").asText());
            } catch (IllegalArgumentException e) {
                throw new RegistryRefusalException(
                        "Cannot %s: the registry gives none; let schema ids stand before the values".formatted(purpose),
                        e);
            }
        });
    }

    @Override
    public Schema schemaById(int id) {
        return schemaAt(idPath(id), "get schema id " + id);
    }

    @Override
    public Schema schemaByGuid(UUID guid) {
        return schemaAt("/schemas/guids/" + guid, "get schema GUID " + guid);
    }

    private static String idPath(int id) {
        return "/schemas/ids/" + id;
    }

    private Schema schemaAt(String path, String purpose) {
        Schema known = schemas.peek(path);
        if (known != null) {
            return known;
        }
        UnknownId unknown = unknownIds.peek(path);
        if (unknown != null && unknown.isFresh()) {
            throw unknown.refusal();
        }
        try {
            Schema schema = parse(purpose, get(purpose, path));
            schemas.put(path, schema);
            unknownIds.remove(path);
            return schema;
        } catch (RegistryRefusalException e) {
            unknownIds.put(path, new UnknownId(e, System.nanoTime()));
            throw e;
        }
    }

    @Override
    public RegisteredSchema latest(String subject) {
        String purpose = "get version latest of subject " + subject;
        return registered(purpose, subject, fetchVersion(purpose, subject, "latest"));
    }

    /** A registry may keep what was deleted until that is deleted too; one that does not knows it no more. */
    @Override
    public void delete(String subject) {
        delete(subject, "");
        List.of(registered, lookedUp, guids)
                .forEach(cache -> cache.removeIf(of -> of.subject().equals(subject)));
        try {
            delete(subject, "?permanent=true");
        } catch (RegistryRefusalException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    private void delete(String subject, String how) {
        var unused = transport.send(new Call("delete subject " + subject, "DELETE", subjectPath(subject) + how, null));
    }

    private RegisteredSchema registered(String purpose, String subject, JsonNode found) {
        int id = number(purpose, found, "id");
        Schema schema = schemas.get(idPath(id), key -> parse(purpose, found));
        return new RegisteredSchema(subject, number(purpose, found, "version"), id, schema);
    }

    private JsonNode fetchVersion(String purpose, String subject, String version) {
        return get(purpose, subjectPath(subject) + "/versions/" + version);
    }

    @Override
    public void close() {
        transport.close();
    }

    /** A named type that the schema uses and another subject defines. */
    private record Reference(String name, String subject, int version) {}

    /** Parses a schema after everything it refers to, so that the names are known when they are used. */
    private Schema parse(String purpose, JsonNode found) {
        String type = found.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw new RegistryRefusalException(
                    "Cannot %s: it is a schema of type %s, not AVRO".formatted(purpose, type),
                    RegistryRefusalException.NO_CODE);
        }
        List<String> texts = new ArrayList<>();
        collectReferences(found, new LinkedHashSet<>(), texts);
        texts.add(field(purpose, found, "schema").asText());
        try {
            Schema.Parser parser = PortableSchema.lenientParser();
            Schema last = Schema.create(Schema.Type.NULL);
            for (String text : texts) {
                last = parser.parse(text);
            }
            return last;
        } catch (AvroRuntimeException e) {
            throw new RegistryRefusalException(
                    "Cannot %s: what the registry has is no valid Avro schema: %s".formatted(purpose, e.getMessage()),
                    e);
        }
    }

    private void collectReferences(JsonNode schema, Set<Reference> seen, List<String> texts) {
        for (JsonNode node : schema.path("references")) {
            Reference reference = new Reference(
                    node.path("name").asText(),
                    node.path("subject").asText(),
                    node.path("version").asInt());
            if (!seen.add(reference)) {
                continue;
            }
            String purpose = "get version %d of subject %s, referenced as %s"
                    .formatted(reference.version(), reference.subject(), reference.name());
            if (seen.size() > MAX_REFERENCES) {
                throw new RegistryRefusalException(
                        "Cannot %s: more than %d references".formatted(purpose, MAX_REFERENCES),
                        RegistryRefusalException.NO_CODE);
            }
            JsonNode found = fetchVersion(purpose, reference.subject(), Integer.toString(reference.version()));
            collectReferences(found, seen, texts);
            texts.add(field(purpose, found, "schema").asText());
        }
    }

    private JsonNode get(String purpose, String path) {
        return transport.send(new Call(purpose, "GET", path, null));
    }

    private JsonNode post(String purpose, String path, Schema schema) {
        JsonNode body = JsonNodeFactory.instance.objectNode().put("schema", schema.toString());
        return transport.send(new Call(purpose, "POST", path, body));
    }

    private static String subjectPath(String subject) {
        return "/subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static int number(String purpose, JsonNode answer, String name) {
        JsonNode value = field(purpose, answer, name);
        if (!value.isInt()) {
            throw notAsExpected(purpose, answer, name);
        }
        return value.asInt();
    }

    private static JsonNode field(String purpose, JsonNode answer, String name) {
        @Nullable JsonNode value = answer.get(name);
        if (value == null) {
            throw notAsExpected(purpose, answer, name);
        }
        return value;
    }

    /** Says more about what answers at the URL than about the record. */
    private static RegistryUnavailableException notAsExpected(String purpose, JsonNode answer, String name) {
        return new RegistryUnavailableException(
                "Cannot %s: expected a \"%s\" in the registry's answer, got %s".formatted(purpose, name, answer), null);
    }
}
