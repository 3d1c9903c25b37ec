package dev.annals.testkit;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Records of any schema whose values are at the edges of their types. The same each time. */
enum Extremes {
    /** Null where that is allowed, zeros, empty texts and lists. */
    ABSENT,
    LEAST,
    GREATEST,
    ORDINARY;

    /** Below this, lists are empty and what may be null is null: a schema can contain itself. */
    private static final int MAX_DEPTH = 4;

    /** Marks, a pair of surrogates, a combining accent, right-to-left, and what JSON escapes. */
    private static final String UNICODE =
            "Gr\u00FC\u00DFe \u4E16\u754C \uD83C\uDFEE e\u0301 \u05E9\u05DC \"\\/\n\t\u0001";

    private static final long FIRST_MICROS = -62_135_596_800_000_000L; // 0001-01-01
    private static final long LAST_MICROS = 253_402_300_799_999_999L; // 9999-12-31T23:59:59.999999
    private static final long SOME_MICROS = 1_291_191_960_123_456L;
    private static final int FIRST_DAY = -719_162;
    private static final int LAST_DAY = 2_932_896;
    private static final int SOME_DAY = 14_944;
    private static final int ELEMENTS = 3;

    static List<GenericRecord> of(Schema schema) {
        return Stream.of(values()).map(each -> each.record(schema, 0)).toList();
    }

    private <T> T pick(T absent, T least, T greatest, T ordinary) {
        return switch (this) {
            case ABSENT -> absent;
            case LEAST -> least;
            case GREATEST -> greatest;
            case ORDINARY -> ordinary;
        };
    }

    private GenericRecord record(Schema schema, int depth) {
        GenericRecord record = new GenericData.Record(schema);
        schema.getFields().forEach(field -> record.put(field.pos(), value(field.schema(), depth + 1)));
        return record;
    }

    private @Nullable Object value(Schema schema, int depth) {
        return switch (schema.getType()) {
            case NULL -> null;
            case BOOLEAN -> pick(false, false, true, true);
            case INT ->
                schema.getLogicalType() instanceof LogicalTypes.Date
                        ? pick(0, FIRST_DAY, LAST_DAY, SOME_DAY)
                        : pick(0, Integer.MIN_VALUE, Integer.MAX_VALUE, 42);
            case LONG ->
                schema.getLogicalType() instanceof LogicalTypes.TimestampMicros
                        ? pick(0L, FIRST_MICROS, LAST_MICROS, SOME_MICROS)
                        : pick(0L, Long.MIN_VALUE, Long.MAX_VALUE, 42L);
            case FLOAT -> pick(0f, -1.5f, 1.5f, 0.5f);
            case DOUBLE -> pick(0d, -Double.MAX_VALUE, Double.MAX_VALUE, 0.1);
            case STRING ->
                "uuid".equals(schema.getProp("logicalType"))
                        ? "0190b5d2-7c4f-7a55-8f3e-0123456789ab"
                        : pick("", "x", UNICODE, "ordinary");
            case BYTES -> ByteBuffer.wrap(bytes(schema));
            case FIXED -> new GenericData.Fixed(schema, new byte[schema.getFixedSize()]);
            case ENUM -> new GenericData.EnumSymbol(schema, symbol(schema.getEnumSymbols()));
            case ARRAY -> elements(schema.getElementType(), depth);
            case MAP -> entries(schema.getValueType(), depth);
            case UNION -> branch(schema, depth);
            case RECORD -> record(schema, depth);
        };
    }

    private byte[] bytes(Schema schema) {
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            BigInteger greatest = BigInteger.TEN.pow(decimal.getPrecision()).subtract(BigInteger.ONE);
            return pick(BigInteger.ZERO, greatest.negate(), greatest, BigInteger.valueOf(123_400))
                    .toByteArray();
        }
        return pick(new byte[0], new byte[] {Byte.MIN_VALUE}, new byte[] {Byte.MAX_VALUE, 0, -1}, new byte[] {1, 2});
    }

    private Object symbol(List<String> symbols) {
        return pick(symbols.getFirst(), symbols.getFirst(), symbols.getLast(), symbols.get(symbols.size() / 2));
    }

    private List<@Nullable Object> elements(Schema element, int depth) {
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = 0; i < size(depth); i++) {
            elements.add(value(element, depth + 1));
        }
        return elements;
    }

    private Map<String, @Nullable Object> entries(Schema value, int depth) {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        for (int i = 0; i < size(depth); i++) {
            entries.put(UNICODE + i, value(value, depth + 1));
        }
        return entries;
    }

    private int size(int depth) {
        return depth > MAX_DEPTH ? 0 : pick(0, 1, ELEMENTS, 2);
    }

    private @Nullable Object branch(Schema union, int depth) {
        boolean nullWanted = this == ABSENT || depth > MAX_DEPTH;
        return union.getTypes().stream()
                .filter(type -> (type.getType() == Schema.Type.NULL) == nullWanted)
                .findFirst()
                .map(type -> value(type, depth))
                .orElse(null);
    }
}
