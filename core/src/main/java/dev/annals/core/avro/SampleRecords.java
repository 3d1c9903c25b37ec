package dev.annals.core.avro;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Makes a record of any schema: zeros, empty texts, one element in arrays and maps. To try out a schema, not to be kept. */
public final class SampleRecords {

    /** Below this, what may be null is null and what may be empty is empty: a schema can contain itself. */
    private static final int MAX_DEPTH = 4;

    private static final String NIL_UUID = "00000000-0000-0000-0000-000000000000";

    private SampleRecords() {}

    /**
     * A record that fits the schema.
     *
     * @throws IllegalArgumentException if it is no record schema
     */
    public static GenericRecord of(Schema schema) {
        if (schema.getType() != Schema.Type.RECORD) {
            throw new IllegalArgumentException("expected a record schema, got " + schema.getType());
        }
        return record(schema, 0);
    }

    private static GenericRecord record(Schema schema, int depth) {
        GenericRecord record = new GenericData.Record(schema);
        schema.getFields().forEach(field -> record.put(field.pos(), value(field.schema(), depth + 1)));
        return record;
    }

    private static @Nullable Object value(Schema schema, int depth) {
        return switch (schema.getType()) {
            case NULL -> null;
            case BOOLEAN -> false;
            case INT -> 0;
            case LONG -> 0L;
            case FLOAT -> 0f;
            case DOUBLE -> 0d;
            case STRING -> "uuid".equals(schema.getProp("logicalType")) ? NIL_UUID : "";
            case BYTES -> ByteBuffer.wrap(new byte[1]);
            case FIXED -> new GenericData.Fixed(schema, new byte[schema.getFixedSize()]);
            case ENUM ->
                new GenericData.EnumSymbol(schema, schema.getEnumSymbols().getFirst());
            case ARRAY -> depth > MAX_DEPTH ? List.of() : List.of(required(schema.getElementType(), depth));
            case MAP -> depth > MAX_DEPTH ? Map.of() : Map.of("", required(schema.getValueType(), depth));
            case UNION -> value(branch(schema, depth), depth);
            case RECORD -> record(schema, depth);
        };
    }

    private static Object required(Schema schema, int depth) {
        Object value = value(schema, depth + 1);
        return value == null ? "" : value;
    }

    private static Schema branch(Schema union, int depth) {
        boolean nullWanted = depth > MAX_DEPTH;
        return union.getTypes().stream()
                .filter(type -> (type.getType() == Schema.Type.NULL) == nullWanted)
                .findFirst()
                .orElse(union.getTypes().getFirst());
    }
}
