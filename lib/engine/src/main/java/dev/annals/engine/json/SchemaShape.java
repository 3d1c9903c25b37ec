package dev.annals.engine.json;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * The part of Avro that has one obvious form in JSON: everything but unions other than {@code [null, T]}. What is only
 * written may also hold unions of records: a value of one is an object whose one member has the record's name.
 */
final class SchemaShape {

    private SchemaShape() {}

    static boolean isNullable(Schema schema) {
        return (schema.getType() == Schema.Type.UNION && !isChoice(schema)) || schema.getType() == Schema.Type.NULL;
    }

    /** Whether it is a union of records alone. */
    static boolean isChoice(Schema schema) {
        return schema.getType() == Schema.Type.UNION
                && schema.getTypes().stream().allMatch(type -> type.getType() == Schema.Type.RECORD);
    }

    /** {@code T} of {@code [null, T]}; any other schema as it is. */
    static Schema nonNull(Schema schema) {
        if (schema.getType() != Schema.Type.UNION || isChoice(schema)) {
            return schema;
        }
        List<Schema> types = schema.getTypes();
        return types.getFirst().getType() == Schema.Type.NULL ? types.getLast() : types.getFirst();
    }

    /** True where a document may leave the field out. */
    static boolean isOptional(Schema.Field field) {
        return field.hasDefaultValue() || isNullable(field.schema());
    }

    /**
     * Checks that every schema inside has a form in JSON that can be read.
     *
     * @throws IllegalArgumentException if one has not; the message names it
     */
    static Schema requireSupported(Schema schema) {
        return require(schema, false);
    }

    /** As {@link #requireSupported}, of what is only written. */
    static Schema requireWritable(Schema schema) {
        return require(schema, true);
    }

    private static Schema require(Schema schema, boolean choices) {
        if (schema.getType() != Schema.Type.RECORD) {
            throw new IllegalArgumentException("expected a record schema, got " + schema.getType());
        }
        check(schema.getFullName(), schema, choices, new HashSet<>());
        return schema;
    }

    private static void check(String path, Schema schema, boolean choices, Set<String> seen) {
        switch (schema.getType()) {
            case RECORD -> {
                if (seen.add(schema.getFullName())) {
                    schema.getFields()
                            .forEach(field -> check(path + "." + field.name(), field.schema(), choices, seen));
                }
            }
            case ARRAY -> check(path + "[]", schema.getElementType(), choices, seen);
            case MAP -> check(path + "{}", schema.getValueType(), choices, seen);
            case UNION -> {
                List<Schema> types = schema.getTypes();
                if (choices && isChoice(schema)) {
                    types.forEach(type -> check(path + "/" + type.getName(), type, true, seen));
                    return;
                }
                long nulls = types.stream()
                        .filter(type -> type.getType() == Schema.Type.NULL)
                        .count();
                if (types.size() != 2 || nulls != 1) {
                    throw new IllegalArgumentException(
                            "%s: of unions only [null, T] has a form in JSON, got %s".formatted(path, schema));
                }
                check(path, nonNull(schema), choices, seen);
            }
            default -> {
                // scalars always have a form
            }
        }
    }
}
