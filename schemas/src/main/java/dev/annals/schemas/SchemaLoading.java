package dev.annals.schemas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.annals.schemas.SchemaCatalog.InvalidSchemaException;
import dev.annals.schemas.SchemaCatalog.SchemaNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@link SchemaCatalog#load}: parses a file after the files that it refers to.
 *
 * <p>Avro's parser knows only names that it has met, and cannot ask for one; so the references are read from the JSON
 * first.
 */
final class SchemaLoading {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ClassLoader loader;
    private final Map<String, Schema> loaded = new HashMap<>();
    private final Deque<SchemaResource> open = new ArrayDeque<>();

    SchemaLoading(ClassLoader loader) {
        this.loader = loader;
    }

    Schema load(String resourceOrFullName) {
        SchemaResource resource = SchemaResource.of(resourceOrFullName);
        String text = read(resource);
        if (text == null) {
            throw new SchemaNotFoundException(
                    "no schema %s on the class path (wanted: %s)".formatted(resource, resourceOrFullName));
        }
        Schema schema = parse(resource, text);
        if (!resourceOrFullName.endsWith(".avsc") && !schema.getFullName().equals(resourceOrFullName)) {
            throw new InvalidSchemaException("schema %s declares %s, but its place is that of %s"
                    .formatted(resource, schema.getFullName(), resourceOrFullName));
        }
        return schema;
    }

    private Schema parse(SchemaResource resource, String text) {
        if (open.contains(resource)) {
            throw new InvalidSchemaException(
                    "schemas refer to each other in a circle, declare them in one file: " + open + " and " + resource);
        }
        open.addLast(resource);
        for (String reference : references(resource, text)) {
            if (!loaded.containsKey(reference)) {
                loadReferenced(reference, resource);
            }
        }
        open.removeLast();
        return parseResolved(resource, text);
    }

    private void loadReferenced(String fullName, SchemaResource from) {
        for (SchemaResource candidate : List.of(from.sibling(fullName), SchemaResource.ofType(fullName))) {
            String text = read(candidate);
            if (text != null && parse(candidate, text).getFullName().equals(fullName)) {
                return;
            }
        }
        throw new SchemaNotFoundException(
                "schema %s refers to %s, which is neither declared in it nor found as %s or %s"
                        .formatted(from, fullName, from.sibling(fullName), SchemaResource.ofType(fullName)));
    }

    private Schema parseResolved(SchemaResource resource, String text) {
        Schema schema;
        try {
            schema = new Schema.Parser().addTypes(loaded.values()).parse(text);
        } catch (AvroRuntimeException e) {
            throw new InvalidSchemaException(
                    "schema %s is not a valid Avro schema: %s".formatted(resource, e.getMessage()), e);
        }
        if (!schema.getName().equals(resource.declares())) {
            throw new InvalidSchemaException("schema %s must declare a type named %s, but declares %s"
                    .formatted(resource, resource.declares(), schema.getFullName()));
        }
        loaded.put(schema.getFullName(), schema);
        return schema;
    }

    private static Set<String> references(SchemaResource resource, String text) {
        try {
            SchemaNames names = SchemaNames.in(JSON.readTree(text));
            Set<String> references = new TreeSet<>(names.used());
            references.removeAll(names.declared());
            return references;
        } catch (JsonProcessingException e) {
            throw new InvalidSchemaException(
                    "schema %s is not JSON: %s".formatted(resource, e.getOriginalMessage()), e);
        }
    }

    private @Nullable String read(SchemaResource resource) {
        try (InputStream in = loader.getResourceAsStream(resource.path())) {
            return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("schema %s cannot be read".formatted(resource), e);
        }
    }
}
