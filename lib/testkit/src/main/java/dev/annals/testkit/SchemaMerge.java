package dev.annals.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.engine.avro.AvroNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One merge of a schema that was derived from a record with the file that was recorded before. The file keeps what only
 * it can know; the record adds to it, and is refused where data written with the file could not be read any more.
 */
final class SchemaMerge {

    private static final Map<String, String> DOCS_OF_OURS = Map.of(
            AvroNames.ROW_ID, "Key of the row.",
            AvroNames.ROW_VERSION, "Version that the row was folded to.");

    private final String name;
    private final List<String> refusals = new ArrayList<>();

    SchemaMerge(String name) {
        this.name = name;
    }

    /** Why the record can't be recorded, in words; empty if it can. */
    List<String> refusals() {
        return refusals;
    }

    ObjectNode of(ObjectNode derived, @Nullable ObjectNode recorded) {
        ObjectNode merged = recorded == null ? derived.deepCopy() : recorded.deepCopy();
        if (recorded != null && !recorded.get("type").equals(derived.get("type"))) {
            refuse(name, "is %s in the file".formatted(recorded.get("type")));
            return merged;
        }
        documented(merged, derived);
        if (derived.has("fields")) {
            merged.set("fields", fields(derived, recorded));
        } else if (recorded != null) {
            merged.set("symbols", symbols(derived.get("symbols"), recorded.get("symbols")));
        }
        return merged;
    }

    private ArrayNode fields(ObjectNode derived, @Nullable ObjectNode recorded) {
        Map<String, ObjectNode> before = byName(recorded);
        ArrayNode merged = JsonNodeFactory.instance.arrayNode();
        boolean isRow = derived.path("namespace").asText().endsWith(".views");
        for (JsonNode each : derived.get("fields")) {
            ObjectNode field = (ObjectNode) each;
            String fieldName = field.get("name").asText();
            ObjectNode old = before.remove(fieldName);
            if (recorded != null && old == null && !field.has("default")) {
                refuse(
                        fieldName,
                        "is new and can't be read from what was written before: make it @Nullable, or write it into the file with a default");
            }
            ObjectNode result = old == null ? field.deepCopy() : field(fieldName, field, old);
            if (isRow && !result.has("doc") && DOCS_OF_OURS.containsKey(fieldName)) {
                result.put("doc", DOCS_OF_OURS.get(fieldName));
            }
            merged.add(result);
        }
        before.keySet()
                .forEach(
                        gone -> refuse(
                                gone,
                                "is in the file only: if it was renamed, rename it there and keep this name in \"aliases\"; if it is gone, delete it there"));
        return merged;
    }

    private ObjectNode field(String fieldName, ObjectNode derived, ObjectNode old) {
        ObjectNode merged = old.deepCopy();
        documented(merged, derived);
        JsonNode is = derived.get("type");
        JsonNode was = old.get("type");
        if (is.isArray() && !was.isArray()) { // what was required can be absent now
            merged.set("type", JsonNodeFactory.instance.arrayNode().add("null").add(type(fieldName, is.get(1), was)));
            merged.set("default", NullNode.instance);
        } else {
            merged.set("type", type(fieldName, is, was));
        }
        return SchemaJson.orderedField(merged);
    }

    /** The type in the file where it says the same, perhaps with other digits of money. */
    private JsonNode type(String fieldName, JsonNode is, JsonNode was) {
        if (is.equals(was) || (isMoney(is) && isMoney(was)) || (isText(is) && isText(was))) {
            return was;
        }
        if (is.isArray() && was.isArray() && was.size() == is.size()) {
            return JsonNodeFactory.instance.arrayNode().add(was.get(0)).add(type(fieldName, is.get(1), was.get(1)));
        }
        for (String inner : List.of("items", "values")) {
            if (is.has(inner) && was.has(inner)) {
                return ((ObjectNode) was.deepCopy()).set(inner, type(fieldName, is.get(inner), was.get(inner)));
            }
        }
        refuse(
                fieldName,
                "is %s, but %s in the file: another type or meaning is a new field, or a new event; if nothing was written yet, delete the file"
                        .formatted(is, was));
        return was;
    }

    private static boolean isMoney(JsonNode type) {
        return type.path("logicalType").asText().equals("decimal");
    }

    private static boolean isText(JsonNode type) {
        return type.asText(type.path("type").asText()).equals("string");
    }

    /** Those that no constant has any more stay: they may have been written. */
    private static ArrayNode symbols(JsonNode derived, JsonNode recorded) {
        Set<JsonNode> all = new LinkedHashSet<>();
        recorded.forEach(all::add);
        derived.forEach(all::add);
        return JsonNodeFactory.instance.arrayNode().addAll(all);
    }

    private static void documented(ObjectNode merged, ObjectNode derived) {
        if (derived.has("doc")) {
            merged.set("doc", derived.get("doc"));
        }
    }

    private static Map<String, ObjectNode> byName(@Nullable JsonNode schema) {
        Map<String, ObjectNode> fields = new LinkedHashMap<>();
        if (schema != null) {
            schema.path("fields").forEach(field -> fields.put(field.get("name").asText(), (ObjectNode) field));
        }
        return fields;
    }

    private void refuse(String what, String why) {
        refusals.add(what.equals(name) ? "%s %s".formatted(name, why) : "%s.%s %s".formatted(name, what, why));
    }

    /** Where two forms of a file differ, in words. */
    static String difference(ObjectNode merged, ObjectNode recorded) {
        Map<String, ObjectNode> before = byName(recorded);
        String fields = byName(merged).values().stream()
                .filter(field -> !field.equals(before.get(field.get("name").asText())))
                .map(field -> field.get("name").asText())
                .collect(Collectors.joining(", "));
        return fields.isEmpty() ? "its doc, its symbols or the order of its fields" : fields;
    }
}
