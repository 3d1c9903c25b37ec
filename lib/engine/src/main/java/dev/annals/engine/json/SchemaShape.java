package dev.annals.engine.json;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;

/** The part of Avro that has one obvious form in JSON: everything but unions other than {@code [null, T]}. */
final class SchemaShape {

    private SchemaShape() {}

    static boolean isNullable(Schema schema) {
        return schema.getType() == Schema.Type.UNION || schema.getType() == Schema.Type.NULL;
    }

    /** {@code T} of {@code [null, T]}; any other schema as it is. */
    static Schema nonNull(Schema schema) {
        if (schema.getType() != Schema.Type.UNION) {
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
     * Checks that every schema inside has a form in JSON.
     *
     * @throws IllegalArgumentException if one has not; the message names it
     */
    static Schema requireSupported(Schema schema) {
        if (schema.getType() != Schema.Type.RECORD) {
            throw new IllegalArgumentException("expected a record schema, got " + schema.getType());
        }
        check(schema.getFullName(), schema, new HashSet<>());
        return schema;
    }

    private static void check(String path, Schema schema, Set<String> seen) {
        switch (schema.getType()) {
            case RECORD -> {
                if (seen.add(schema.getFullName())) {
                    schema.getFields().forEach(field -> check(path + "." + field.name(), field.schema(), seen));
                }
            }
            case ARRAY -> check(path + "[]", schema.getElementType(), seen);
            case MAP -> check(path + "{}", schema.getValueType(), seen);
            case UNION -> {
                List<Schema> types = schema.getTypes();
                long nulls = types.stream()
                        .filter(type -> type.getType() == Schema.Type.NULL)
                        .count();
                if (types.size() != 2 || nulls != 1) {
                    throw new IllegalArgumentException(
                            "%s: of unions only [null, T] has a form in JSON, got %s".formatted(path, schema));
                }
                check(path, nonNull(schema), seen);
            }
            default -> {
                // scalars always have a form
            }
        }
    }
}
