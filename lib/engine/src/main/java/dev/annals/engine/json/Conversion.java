package dev.annals.engine.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** The conversion of one document, with the errors found so far. Used once, by one thread. */
final class Conversion {

    private static final int MAX_SHOWN = 100;

    private final List<FieldError> errors = new ArrayList<>();

    GenericRecord document(Schema schema, JsonNode document) {
        Object record = value("", schema, document);
        if (!errors.isEmpty()) {
            throw new InvalidJsonException(errors, null);
        }
        return (GenericRecord) Objects.requireNonNull(record);
    }

    /** The Avro value; null also where an error was noted. */
    private @Nullable Object value(String path, Schema declared, JsonNode node) {
        if (errors.size() >= JsonToAvro.MAX_ERRORS) {
            return null;
        }
        if (node.isNull() && SchemaShape.isNullable(declared)) {
            return null;
        }
        Schema schema = SchemaShape.nonNull(declared);
        return switch (schema.getType()) {
            case RECORD -> record(path, schema, node);
            case ARRAY -> array(path, schema, node);
            case MAP -> map(path, schema, node);
            default -> scalar(path, schema, node);
        };
    }

    private @Nullable GenericRecord record(String path, Schema schema, JsonNode node) {
        if (!node.isObject()) {
            note(path, "an object with " + names(schema), describe(node));
            return null;
        }
        GenericRecord record = new GenericData.Record(schema);
        int known = 0;
        for (Schema.Field field : schema.getFields()) {
            JsonNode child = node.get(field.name());
            if (child != null) {
                known++;
            }
            record.put(
                    field.pos(), child == null ? absent(path, field) : value(at(path, field), field.schema(), child));
        }
        if (known < node.size()) {
            refuseUnknown(path, schema, node);
        }
        return record;
    }

    private @Nullable Object absent(String path, Schema.Field field) {
        if (field.hasDefaultValue()) {
            // A copy, since Avro caches the default and a list or buffer can be changed.
            return GenericData.get().deepCopy(field.schema(), GenericData.get().getDefaultValue(field));
        }
        if (!SchemaShape.isNullable(field.schema())) {
            note(
                    at(path, field),
                    Scalars.expected(SchemaShape.nonNull(field.schema())),
                    "nothing: the field is required");
        }
        return null;
    }

    private void refuseUnknown(String path, Schema schema, JsonNode node) {
        node.fieldNames().forEachRemaining(name -> {
            if (schema.getField(name) == null) {
                note(
                        join(path, shortened(name)),
                        "no such field (known: " + names(schema) + ")",
                        describe(node.get(name)));
            }
        });
    }

    private @Nullable Object array(String path, Schema schema, JsonNode node) {
        if (!node.isArray()) {
            note(path, "an array", describe(node));
            return null;
        }
        var array = new GenericData.Array<@Nullable Object>(node.size(), schema);
        for (int i = 0; i < node.size(); i++) {
            array.add(value(path + "[" + i + "]", schema.getElementType(), node.get(i)));
        }
        return array;
    }

    private @Nullable Object map(String path, Schema schema, JsonNode node) {
        if (!node.isObject()) {
            note(path, "an object", describe(node));
            return null;
        }
        Map<String, @Nullable Object> map = LinkedHashMap.newLinkedHashMap(node.size());
        node.properties()
                .forEach(entry -> map.put(
                        entry.getKey(), value(join(path, entry.getKey()), schema.getValueType(), entry.getValue())));
        return map;
    }

    private @Nullable Object scalar(String path, Schema schema, JsonNode node) {
        Object value = Scalars.read(schema, node);
        if (value == null) {
            note(path, Scalars.expected(schema), describe(node));
        }
        return value;
    }

    private void note(String path, String expected, String actual) {
        if (errors.size() < JsonToAvro.MAX_ERRORS) {
            errors.add(new FieldError(path, expected, actual));
        }
    }

    private static String at(String path, Schema.Field field) {
        return join(path, field.name());
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** What was found, in words. */
    private static String describe(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "an array";
            case NULL -> "null";
            case MISSING -> "nothing";
            case STRING -> "the string " + shortened(node.toString());
            case NUMBER -> "the number " + shortened(node.toString());
            case BOOLEAN -> node.toString();
            case BINARY, POJO -> node.getNodeType().name();
        };
    }

    static String shortened(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }

    private static String names(Schema schema) {
        return schema.getFields().stream().map(Schema.Field::name).collect(Collectors.joining(", "));
    }
}
