package dev.annals.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * The full names that a schema's JSON declares and uses, by the rules of "Names" in the Avro specification: a name
 * without a dot is in the namespace of the nearest declaration around it.
 */
final class SchemaNames {

    private static final Set<String> DECLARING = Set.of("record", "error", "enum", "fixed");

    private final Set<String> declared = new HashSet<>();
    private final Set<String> used = new HashSet<>();

    static SchemaNames in(JsonNode schema) {
        SchemaNames names = new SchemaNames();
        names.visit(schema, "");
        return names;
    }

    Set<String> declared() {
        return declared;
    }

    Set<String> used() {
        return used;
    }

    private void visit(JsonNode schema, String namespace) {
        if (schema.isTextual()) {
            use(schema.asText(), namespace);
        } else if (schema.isArray()) {
            schema.forEach(branch -> visit(branch, namespace));
        } else if (schema.isObject()) {
            visitObject(schema, namespace);
        }
    }

    private void visitObject(JsonNode schema, String namespace) {
        JsonNode type = schema.path("type");
        if (DECLARING.contains(type.asText())) {
            visitDeclaration(schema, namespace);
        } else {
            visit(type, namespace);
            visit(schema.path("items"), namespace);
            visit(schema.path("values"), namespace);
        }
    }

    private void visitDeclaration(JsonNode schema, String around) {
        String name = schema.path("name").asText();
        String fullName =
                name.contains(".") ? name : join(schema.path("namespace").asText(around), name);
        declared.add(fullName);
        String namespace = fullName.substring(0, Math.max(0, fullName.lastIndexOf('.')));
        schema.path("fields").forEach(field -> visit(field.path("type"), namespace));
    }

    private void use(String name, String namespace) {
        if (!isBuiltIn(name)) {
            used.add(name.contains(".") ? name : join(namespace, name));
        }
    }

    private static String join(String namespace, String name) {
        return namespace.isEmpty() ? name : namespace + "." + name;
    }

    /** Primitive types, and {@code array}, {@code map} and so on, which can stand as a complex schema's type. */
    private static boolean isBuiltIn(String name) {
        for (Schema.Type type : Schema.Type.values()) {
            if (type.name().toLowerCase(Locale.ROOT).equals(name)) {
                return true;
            }
        }
        return false;
    }
}
