package dev.annals.engine.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * JSON Schema (draft 2020-12, as in OpenAPI 3.1) of what {@link JsonToAvro} reads and {@link AvroToJson} writes, and an
 * example of it. The docs of the Avro schema become descriptions; records are written where they stand, without
 * references.
 *
 * <p>An Avro field may carry a property {@code example}, which takes the place of the made-up one.
 */
public final class JsonSchemas {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String EXAMPLE = "example";

    private final boolean input;
    private final Deque<String> within = new ArrayDeque<>();

    private JsonSchemas(boolean input) {
        this.input = input;
    }

    /**
     * What {@link JsonToAvro} reads: fields with a default or null are optional, others are refused.
     *
     * @throws IllegalArgumentException if the schema has no form in JSON, or contains itself
     */
    public static ObjectNode input(Schema schema) {
        return new JsonSchemas(true).record(SchemaShape.requireSupported(schema));
    }

    /**
     * What {@link AvroToJson} writes: every field is there.
     *
     * @throws IllegalArgumentException if the schema has no form in JSON, or contains itself
     */
    public static ObjectNode output(Schema schema) {
        return new JsonSchemas(false).record(SchemaShape.requireWritable(schema));
    }

    /** A document of the schema, the same at each call. */
    public static ObjectNode example(Schema schema) {
        ObjectNode example = JSON.objectNode();
        for (Schema.Field field : schema.getFields()) {
            Object given = field.getObjectProp(EXAMPLE);
            example.set(field.name(), given == null ? exampleValue(field.schema()) : scalarNode(given));
        }
        return example;
    }

    private ObjectNode record(Schema schema) {
        if (within.contains(schema.getFullName())) {
            throw new IllegalArgumentException(
                    schema.getFullName() + ": a schema that contains itself can't be inlined");
        }
        within.push(schema.getFullName());
        ObjectNode json = described(type("object"), schema.getDoc());
        ObjectNode properties = json.putObject("properties");
        ArrayNode required = JSON.arrayNode();
        for (Schema.Field field : schema.getFields()) {
            properties.set(field.name(), property(field));
            if (!input || !SchemaShape.isOptional(field)) {
                required.add(field.name());
            }
        }
        if (!required.isEmpty()) {
            json.set("required", required);
        }
        if (input) {
            json.put("additionalProperties", false);
        }
        within.pop();
        return json;
    }

    private ObjectNode property(Schema.Field field) {
        ObjectNode json = value(field.schema());
        if (field.doc() != null) {
            json.put("description", field.doc());
        }
        Object example = field.getObjectProp(EXAMPLE);
        if (example != null) {
            json.putArray("examples").add(scalarNode(example));
        }
        return json;
    }

    private ObjectNode value(Schema declared) {
        ObjectNode json = nonNull(SchemaShape.nonNull(declared));
        return SchemaShape.isNullable(declared) ? orNull(json) : json;
    }

    private ObjectNode nonNull(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> record(schema);
            case ARRAY -> type("array").set("items", value(schema.getElementType()));
            case MAP -> type("object").set("additionalProperties", value(schema.getValueType()));
            case UNION -> choice(schema);
            default -> scalar(schema);
        };
    }

    /** An object with one member: the record, under its name. */
    private ObjectNode choice(Schema union) {
        ObjectNode json = JSON.objectNode();
        ArrayNode each = json.putArray("oneOf");
        for (Schema type : union.getTypes()) {
            ObjectNode one = type("object");
            one.putObject("properties").set(type.getName(), record(type));
            one.putArray("required").add(type.getName());
            each.add(one.put("additionalProperties", false));
        }
        return json;
    }

    private ObjectNode scalar(Schema schema) {
        LogicalType logical = schema.getLogicalType();
        if (logical instanceof LogicalTypes.Decimal decimal) {
            return decimal(decimal);
        }
        return switch (schema.getType()) {
            case STRING -> logical instanceof LogicalTypes.Uuid ? type("string").put("format", "uuid") : type("string");
            case ENUM -> enumeration(schema);
            case BOOLEAN -> type("boolean");
            case INT ->
                logical instanceof LogicalTypes.Date
                        ? type("string").put("format", "date")
                        : type("integer").put("format", "int32");
            case LONG ->
                Scalars.write(schema, 0L) == null
                        ? type("integer").put("format", "int64")
                        : type("string").put("format", "date-time");
            case FLOAT, DOUBLE -> type("number");
            case BYTES, FIXED -> type("string").put("contentEncoding", "base64");
            case NULL -> type("null");
            case RECORD, ARRAY, MAP, UNION -> throw new IllegalArgumentException("no scalar: " + schema.getType());
        };
    }

    private ObjectNode decimal(LogicalTypes.Decimal decimal) {
        ObjectNode json = type("string");
        if (input) {
            json.set("type", JSON.arrayNode().add("string").add("number"));
        }
        String fraction = decimal.getScale() == 0 ? "" : "(\\.[0-9]{1,%d})?".formatted(decimal.getScale());
        return json.put("format", "decimal").put("pattern", "^-?[0-9]+%s$".formatted(fraction));
    }

    private static ObjectNode enumeration(Schema schema) {
        ObjectNode json = described(type("string"), schema.getDoc());
        schema.getEnumSymbols().forEach(json.putArray("enum")::add);
        return json;
    }

    private static ObjectNode orNull(ObjectNode json) {
        JsonNode type = json.get("type");
        ArrayNode types = type instanceof ArrayNode array
                ? array.deepCopy()
                : JSON.arrayNode().add(type);
        if (json.get("enum") instanceof ArrayNode symbols) {
            symbols.addNull();
        }
        return json.set("type", types.add("null"));
    }

    private static ObjectNode type(String name) {
        return JSON.objectNode().put("type", name);
    }

    private static ObjectNode described(ObjectNode json, @Nullable String doc) {
        return doc == null ? json : json.put("description", doc);
    }

    private static JsonNode exampleValue(Schema declared) {
        Schema schema = SchemaShape.nonNull(declared);
        LogicalType logical = schema.getLogicalType();
        if (logical instanceof LogicalTypes.Decimal) {
            return JSON.textNode("12.5");
        }
        return switch (schema.getType()) {
            case RECORD -> example(schema);
            case ARRAY -> JSON.arrayNode().add(exampleValue(schema.getElementType()));
            case MAP -> JSON.objectNode().set("key", exampleValue(schema.getValueType()));
            case STRING ->
                JSON.textNode(logical instanceof LogicalTypes.Uuid ? "123e4567-e89b-12d3-a456-426614174000" : "text");
            case ENUM -> JSON.textNode(schema.getEnumSymbols().getFirst());
            case BOOLEAN -> JSON.booleanNode(true);
            case INT -> logical instanceof LogicalTypes.Date ? JSON.textNode("2011-01-04") : JSON.numberNode(1);
            case LONG -> Scalars.write(schema, 0L) == null ? JSON.numberNode(1) : JSON.textNode("2011-01-04T10:00:00Z");
            case FLOAT, DOUBLE -> JSON.numberNode(1.5);
            case BYTES, FIXED -> JSON.textNode("AQID");
            case UNION -> {
                Schema first = schema.getTypes().getFirst();
                yield JSON.objectNode().set(first.getName(), example(first));
            }
            case NULL -> JSON.nullNode();
        };
    }

    private static JsonNode scalarNode(Object value) {
        return switch (value) {
            case Integer number -> JSON.numberNode(number);
            case Long number -> JSON.numberNode(number);
            case Double number -> JSON.numberNode(number);
            case Boolean bool -> JSON.booleanNode(bool);
            default -> JSON.textNode(value.toString());
        };
    }
}
