package dev.annals.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;

/** A named Avro type as the JSON of its own file: every other named type is referred to by its full name. */
final class SchemaJson {

    /** What there is of these comes first and in this order, whatever order Avro writes. */
    private static final List<String> ORDER =
            List.of("type", "name", "namespace", "aliases", "items", "values", "default", "doc", "symbols", "fields");

    private static final List<String> ORDER_OF_FIELD = List.of("name", "aliases", "type", "default", "doc");
    private static final Set<String> DECLARING = Set.of("record", "enum", "fixed");
    private static final Set<String> BUILT_IN =
            Arrays.stream(Schema.Type.values()).map(Schema.Type::getName).collect(Collectors.toSet());
    private static final int MAX_LINE = 120;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String namespace;

    private SchemaJson(String namespace) {
        this.namespace = namespace;
    }

    /** Equal for files that say the same, docs and aliases included. */
    static ObjectNode of(Schema schema) {
        try {
            ObjectNode tree = (ObjectNode) JSON.readTree(schema.toString());
            ObjectNode file = JsonNodeFactory.instance.objectNode();
            SchemaJson names = new SchemaJson(schema.getNamespace());
            tree.properties().forEach(each -> file.set(each.getKey(), each.getValue()));
            if (tree.has("fields")) {
                ArrayNode fields = file.putArray("fields");
                tree.get("fields").forEach(field -> fields.add(names.field((ObjectNode) field)));
            }
            return ordered(file, ORDER);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Avro wrote no JSON for " + schema.getFullName(), e);
        }
    }

    private ObjectNode field(ObjectNode field) {
        field.set("type", type(field.get("type"), namespace));
        return orderedField(field);
    }

    static ObjectNode orderedField(ObjectNode field) {
        return ordered(field, ORDER_OF_FIELD);
    }

    /** @param around the namespace in which names without one are */
    private JsonNode type(JsonNode type, String around) {
        if (type.isTextual()) {
            return BUILT_IN.contains(type.asText()) ? type : TextNode.valueOf(fullName(type.asText(), around));
        }
        if (type.isArray()) {
            ArrayNode union = JsonNodeFactory.instance.arrayNode();
            type.forEach(branch -> union.add(type(branch, around)));
            return union;
        }
        if (DECLARING.contains(type.path("type").asText())) {
            return TextNode.valueOf(
                    fullName(type.path("name").asText(), type.path("namespace").asText(around)));
        }
        ObjectNode container = (ObjectNode) type;
        for (String inner : List.of("items", "values")) {
            if (container.has(inner)) {
                container.set(inner, type(container.get(inner), around));
            }
        }
        return ordered(container, ORDER);
    }

    private static String fullName(String name, String namespace) {
        return name.contains(".") ? name : namespace + "." + name;
    }

    private static ObjectNode ordered(ObjectNode node, List<String> order) {
        ObjectNode ordered = JsonNodeFactory.instance.objectNode();
        order.stream().filter(node::has).forEach(name -> ordered.set(name, node.get(name)));
        node.properties().forEach(each -> ordered.putIfAbsent(each.getKey(), each.getValue()));
        return ordered;
    }

    /** The text of a file: what fits a line is on one. */
    static String pretty(ObjectNode file) {
        StringBuilder text = new StringBuilder();
        write(ordered(file, List.of("type", "name", "namespace", "aliases", "doc")), "", 0, true, text);
        return text.append('\n').toString();
    }

    private static void write(JsonNode node, String indent, int before, boolean broken, StringBuilder to) {
        String line = line(node);
        if (!node.isContainerNode() || node.isEmpty() || (!broken && before + line.length() <= MAX_LINE)) {
            to.append(line);
            return;
        }
        String inner = indent + "  ";
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        to.append(node.isObject() ? '{' : '[');
        for (int i = 0; i < node.size(); i++) {
            String name = node.isObject() ? "\"" + names.get(i) + "\": " : "";
            to.append(i == 0 ? "\n" : ",\n").append(inner).append(name);
            JsonNode value = node.isObject() ? node.get(names.get(i)) : node.get(i);
            write(value, inner, inner.length() + name.length() + 1, broken && name.contains("fields"), to);
        }
        to.append('\n').append(indent).append(node.isObject() ? '}' : ']');
    }

    private static String line(JsonNode node) {
        if (!node.isContainerNode()) {
            return node.toString();
        }
        List<String> parts = new ArrayList<>();
        if (node.isObject()) {
            node.properties().forEach(each -> parts.add("\"" + each.getKey() + "\": " + line(each.getValue())));
            return "{" + String.join(", ", parts) + "}";
        }
        node.forEach(each -> parts.add(line(each)));
        return "[" + String.join(", ", parts) + "]";
    }
}
