package dev.annals.engine.avro;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes a record of any schema: numbers that use what their type has (all digits of a decimal, microseconds of a time),
 * empty texts, one element in arrays and maps. To try out whether another schema can say the same, not to be kept.
 */
public final class SampleRecords {

    /** Below this, what may be null is null and what may be empty is empty: a schema can contain itself. */
    private static final int MAX_DEPTH = 4;

    /** A day in 2008, and a number that no byte holds. */
    private static final int SAMPLE_INT = 14_001;

    /** A time in 2020 in microseconds, and a number that no int holds. */
    private static final long SAMPLE_LONG = 1_600_000_000_123_457L;

    private static final float SAMPLE_FLOAT = 0.1f;

    /** A number that no float holds. */
    private static final double SAMPLE_DOUBLE = 0.1;

    private static final String NIL_UUID = "00000000-0000-0000-0000-000000000000";

    private SampleRecords() {}

    /** @throws IllegalArgumentException if it is no record schema */
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
            case BOOLEAN -> true;
            case INT -> SAMPLE_INT;
            case LONG -> SAMPLE_LONG;
            case FLOAT -> SAMPLE_FLOAT;
            case DOUBLE -> SAMPLE_DOUBLE;
            case STRING -> "uuid".equals(schema.getProp("logicalType")) ? NIL_UUID : "";
            case BYTES ->
                schema.getLogicalType() instanceof LogicalTypes.Decimal decimal
                        ? allDigits(decimal)
                        : ByteBuffer.wrap(new byte[1]);
            case FIXED -> new GenericData.Fixed(schema, new byte[schema.getFixedSize()]);
            case ENUM ->
                new GenericData.EnumSymbol(schema, schema.getEnumSymbols().getFirst());
            case ARRAY -> depth > MAX_DEPTH ? List.of() : List.of(required(schema.getElementType(), depth));
            case MAP -> depth > MAX_DEPTH ? Map.of() : Map.of("", required(schema.getValueType(), depth));
            case UNION -> value(branch(schema, depth), depth);
            case RECORD -> record(schema, depth);
        };
    }

    private static ByteBuffer allDigits(LogicalTypes.Decimal type) {
        BigInteger nines = BigInteger.TEN.pow(type.getPrecision()).subtract(BigInteger.ONE);
        return ByteBuffer.wrap(nines.toByteArray());
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
