package dev.annals.engine.deciding;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writers' types for each field of the {@link Ledger}, with what the writer means by a value, in JSON; null where that
 * can't be told.
 */
final class ForeignTypes {

    static final String ID = "123e4567-e89b-12d3-a456-426614174000";

    /** What stands in the other fields, in JSON as the field has it. */
    static final Map<String, String> USUAL = Map.of(
            "amount", "\"7.25\"",
            "at", "\"2020-09-13T12:26:40.123Z\"",
            "day", "\"2008-05-01\"",
            "ref", "\"" + ID + "\"",
            "note", "\"hello\"",
            "count", "14000",
            "pieces", "14000",
            "ratio", "14000.0",
            "flag", "true");

    /** What a writer's value means: a kind of thing, in which equal values are equal. */
    private record Type(String name, Schema schema, Object value, String field) {}

    private static final List<Type> TYPES = List.of(
            new Type("decimal(18,4)", decimal(18, 4), unscaled(72_500), "amount"),
            new Type("decimal(18,2)", decimal(18, 2), unscaled(725), "amount"),
            new Type("decimal(30,6)", decimal(30, 6), unscaled(7_250_000), "amount"),
            new Type("decimal(30,6), too fine", decimal(30, 6), unscaled(7_250_001), ""),
            new Type("decimal(38,2), too large", decimal(38, 2), new BigDecimal("1e17"), ""),
            new Type("fixed decimal(18,2)", fixedDecimal(), fixed(fixedDecimal(), 725), "amount"),
            new Type("big-decimal", typed("bytes", "big-decimal"), big("7.25"), "amount"),
            new Type("bytes", Schema.create(Schema.Type.BYTES), utf8("hello"), "note"),
            new Type("bytes, no text", Schema.create(Schema.Type.BYTES), ByteBuffer.wrap(new byte[] {-1}), ""),
            new Type("string, an amount", Schema.create(Schema.Type.STRING), "3.00", ""),
            new Type("string", Schema.create(Schema.Type.STRING), "hello", "note"),
            new Type("string, a UUID", Schema.create(Schema.Type.STRING), ID, "ref"),
            new Type("uuid", typed("string", "uuid"), ID, "ref"),
            new Type("fixed uuid", fixedUuid(), fixedId(), "ref"),
            new Type("timestamp-millis", typed("long", "timestamp-millis"), 1_600_000_000_123L, "at"),
            new Type("timestamp-micros", typed("long", "timestamp-micros"), 1_600_000_000_123_000L, "at"),
            new Type("timestamp-nanos", typed("long", "timestamp-nanos"), 1_600_000_000_123_000_000L, "at"),
            new Type("timestamp-nanos, too fine", typed("long", "timestamp-nanos"), 1_600_000_000_123_000_001L, ""),
            new Type("local-timestamp-micros", typed("long", "local-timestamp-micros"), 1_600_000_000_123_000L, ""),
            new Type("time-millis", typed("int", "time-millis"), 1, ""),
            new Type("time-micros", typed("long", "time-micros"), 1L, ""),
            new Type("date", typed("int", "date"), 14_000, "day"),
            new Type("int", Schema.create(Schema.Type.INT), 14_000, "count pieces ratio"),
            new Type("long", Schema.create(Schema.Type.LONG), 14_000L, "count ratio"),
            new Type("long, too large", Schema.create(Schema.Type.LONG), Long.MAX_VALUE - 1, ""),
            new Type("float", Schema.create(Schema.Type.FLOAT), 14_000f, "ratio"),
            new Type("double", Schema.create(Schema.Type.DOUBLE), 14_000d, "ratio"),
            new Type("boolean", Schema.create(Schema.Type.BOOLEAN), true, "flag"));

    /**
     * One writer's type in one field.
     *
     * @param record the writer's, all other fields as ours
     * @param expected what the field means, in JSON; null if the record is to be refused
     */
    record Case(
            String name,
            String field,
            GenericRecord record,
            @Nullable String expected) {
        @Override
        public String toString() {
            return name + " in " + field;
        }
    }

    private ForeignTypes() {}

    /** Every type in every field of a record with our fields. */
    static List<Case> in(Schema ours) {
        List<Case> cases = new ArrayList<>();
        for (String field : USUAL.keySet()) {
            TYPES.forEach(type -> cases.add(new Case(
                    type.name, field, record(ours, field, type.schema, raw(type.value)), expected(type, field))));
        }
        return cases;
    }

    private static @Nullable String expected(Type type, String field) {
        if (field.equals("note") && type.schema.getType() == Schema.Type.STRING) {
            return "\"" + type.value + "\""; // a text, whatever else it is called
        }
        if (field.equals("note") && type.name.equals("fixed uuid")) {
            return "\"" + ID + "\"";
        }
        if (field.equals("count") && type.name.equals("long, too large")) {
            return type.value.toString();
        }
        return List.of(type.field.split(" ")).contains(field) ? USUAL.get(field) : null;
    }

    private static GenericRecord record(Schema ours, String field, Schema type, Object value) {
        List<Schema.Field> fields = new ArrayList<>();
        for (Schema.Field each : ours.getFields()) {
            fields.add(new Schema.Field(each.name(), each.name().equals(field) ? type : each.schema()));
        }
        Schema writer = Schema.createRecord(ours.getName(), null, ours.getNamespace(), false, fields);
        GenericRecord record = new GenericData.Record(writer);
        record.put("amount", unscaled(72_500));
        record.put("at", 1_600_000_000_123_000L);
        record.put("day", 14_000);
        record.put("ref", ID);
        record.put("note", "hello");
        record.put("count", 14_000L);
        record.put("pieces", 14_000);
        record.put("ratio", 14_000d);
        record.put("flag", true);
        if (writer.getField("id") != null) {
            record.put("id", "a");
            record.put("version", 1L);
        }
        record.put(field, value);
        return record;
    }

    private static Object raw(Object value) {
        return value instanceof BigDecimal large
                ? ByteBuffer.wrap(large.toBigInteger().toByteArray())
                : value;
    }

    private static Schema decimal(int precision, int scale) {
        return LogicalTypes.decimal(precision, scale).addToSchema(Schema.create(Schema.Type.BYTES));
    }

    private static Schema typed(String type, String logicalType) {
        return new Schema.Parser().parse("{\"type\": \"%s\", \"logicalType\": \"%s\"}".formatted(type, logicalType));
    }

    private static Schema fixedDecimal() {
        return LogicalTypes.decimal(18, 2).addToSchema(Schema.createFixed("Money", null, "t", Long.BYTES));
    }

    private static Schema fixedUuid() {
        return LogicalTypes.uuid().addToSchema(Schema.createFixed("Id", null, "t", 2 * Long.BYTES));
    }

    private static Object fixed(Schema schema, long value) {
        return new GenericData.Fixed(
                schema, ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    private static Object fixedId() {
        return new GenericData.Fixed(
                fixedUuid(),
                HexFormat.of().parseHex(UUID.fromString(ID).toString().replace("-", "")));
    }

    private static ByteBuffer unscaled(long value) {
        return ByteBuffer.wrap(BigInteger.valueOf(value).toByteArray());
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ByteBuffer big(String value) {
        return new Conversions.BigDecimalConversion()
                .toBytes(new BigDecimal(value), Schema.create(Schema.Type.BYTES), LogicalTypes.bigDecimal());
    }
}
