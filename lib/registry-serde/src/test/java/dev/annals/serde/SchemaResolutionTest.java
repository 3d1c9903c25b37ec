package dev.annals.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A value means the same to the reader as to the writer, or it is refused. */
class SchemaResolutionTest {

    private static final UUID ID = UUID.fromString("123e4567-e89b-12d3-a456-426614174000");

    /**
     * Every logical type of Avro, every plain type, and what stands for a foreign one.
     *
     * @param value raw, as a generic reader gives it
     * @param meaning equal for values that mean the same; null where the type says nothing but the value itself
     */
    record Sample(
            String name,
            Schema schema,
            Object value,
            @Nullable Object meaning) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Sample> SAMPLES = List.of(
            sample("decimal(18,4)", decimal(18, 4), unscaled(72_500), amount("7.25")),
            sample("decimal(18,2)", decimal(18, 2), unscaled(725), amount("7.25")),
            sample("decimal(30,6)", decimal(30, 6), unscaled(7_250_000), amount("7.25")),
            sample("decimal(4,2)", decimal(4, 2), unscaled(725), amount("7.25")),
            sample(
                    "fixed decimal(18,2)",
                    fixedDecimal("Money8", 8, 18, 2),
                    fixedUnscaled("Money8", 8, 725),
                    amount("7.25")),
            sample(
                    "fixed decimal(18,4)",
                    fixedDecimal("Money9", 9, 18, 4),
                    fixedUnscaled("Money9", 9, 72_500),
                    amount("7.25")),
            sample("big-decimal", type("bytes", "big-decimal"), bigDecimal("7.25"), amount("7.25")),
            sample("timestamp-millis", type("long", "timestamp-millis"), 1_600_000_000_123L, "instant"),
            sample("timestamp-micros", type("long", "timestamp-micros"), 1_600_000_000_123_000L, "instant"),
            sample("timestamp-nanos", type("long", "timestamp-nanos"), 1_600_000_000_123_000_000L, "instant"),
            sample("local-timestamp-millis", type("long", "local-timestamp-millis"), 1_600_000_000_123L, "local"),
            sample("local-timestamp-micros", type("long", "local-timestamp-micros"), 1_600_000_000_123_000L, "local"),
            sample("local-timestamp-nanos", type("long", "local-timestamp-nanos"), 1_600_000_000_123_000_000L, "local"),
            sample("time-millis", type("int", "time-millis"), 43_200_123, "noon"),
            sample("time-micros", type("long", "time-micros"), 43_200_123_000L, "noon"),
            sample("date", type("int", "date"), 14_000, "date"),
            sample(
                    "duration",
                    fixed("Span", 12, "duration"),
                    new GenericData.Fixed(fixed("Span", 12, "duration"), new byte[12]),
                    "duration"),
            sample("uuid", type("string", "uuid"), ID.toString(), ID),
            sample("fixed uuid", fixed("Id", 16, "uuid"), fixedUuid(), ID),
            sample("a logical type nobody knows", type("long", "furlongs"), 5L, "furlongs"),
            sample(
                    "a decimal that is none",
                    new Schema.Parser()
                            .parse("{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":2,\"scale\":4}"),
                    unscaled(725),
                    "none"),
            sample("int", Schema.create(Schema.Type.INT), 14_000, null),
            sample("long", Schema.create(Schema.Type.LONG), 14_000L, null),
            sample("float", Schema.create(Schema.Type.FLOAT), 14_000f, null),
            sample("double", Schema.create(Schema.Type.DOUBLE), 14_000d, null),
            sample("boolean", Schema.create(Schema.Type.BOOLEAN), true, null),
            sample("string", Schema.create(Schema.Type.STRING), "3.00", null),
            sample(
                    "bytes",
                    Schema.create(Schema.Type.BYTES),
                    ByteBuffer.wrap("3.00".getBytes(StandardCharsets.UTF_8)),
                    null));

    /** What Avro promotes, of types without a logical type. */
    private static final Map<String, List<String>> PROMOTIONS = Map.of(
            "int", List.of("long", "float", "double"),
            "long", List.of("float", "double"),
            "float", List.of("double"),
            "string", List.of("bytes"),
            "bytes", List.of("string"));

    static Stream<Arguments> every_pair() {
        return SAMPLES.stream().flatMap(writer -> SAMPLES.stream().map(reader -> Arguments.of(writer, reader)));
    }

    @ParameterizedTest(name = "{0} read as {1}")
    @MethodSource("every_pair")
    void every_pair_of_types_gives_the_exact_value_or_is_refused(Sample writer, Sample reader) {
        Schema from = record(writer.schema());
        Schema to = record(reader.schema());
        GenericRecord written = new GenericData.Record(from);
        written.put("amount", writer.value());
        SchemaResolution resolution = SchemaResolution.of(from, to);

        Object expected = expected(writer, reader);
        if (expected == null) {
            assertThatExceptionOfType(AvroTypeException.class)
                    .isThrownBy(() -> resolution.resolve(written))
                    .withMessageContaining("Deposit.amount")
                    .withMessageContaining(reader.schema().getType().getName())
                    .withMessageContaining(writer.schema().getType().getName());
        } else {
            GenericRecord read = (GenericRecord) resolution.resolve(written);
            assertThat(read.getSchema()).isSameAs(to);
            assertThat(comparable(reader, read.get("amount"))).isEqualTo(comparable(reader, expected));
            boolean plain = reader.meaning() == null && writer.meaning() == null;
            boolean text = writer.name().equals("uuid") && reader.name().equals("string");
            assertThat(resolution.convertsMeaning()).isEqualTo(!writer.equals(reader) && !plain && !text);
        }
    }

    /** A big-decimal of equal value may have another scale. */
    private static Object comparable(Sample reader, Object value) {
        return reader.name().equals("big-decimal")
                ? new Conversions.BigDecimalConversion()
                        .fromBytes((ByteBuffer) value, reader.schema(), LogicalTypes.bigDecimal())
                        .stripTrailingZeros()
                : value;
    }

    /** Null if it is to be refused. */
    private static @Nullable Object expected(Sample writer, Sample reader) {
        if (reader.meaning() != null && reader.meaning().equals(writer.meaning())) {
            return reader.value();
        }
        if (reader.name().equals("string") && ID.equals(writer.meaning())) {
            return ID.toString(); // a text, whatever else it is called
        }
        if (reader.meaning() == null && writer.meaning() == null) {
            boolean promoted = PROMOTIONS.getOrDefault(writer.name(), List.of()).contains(reader.name());
            return promoted || reader.name().equals(writer.name()) ? reader.value() : null;
        }
        return null;
    }

    @ParameterizedTest
    @CsvSource({
        "18, 4, 125, 18, 2, ", // 0.0125
        "18, 4, 1200, 18, 2, 12", // 0.12
        "18, 4, -1200, 18, 2, -12",
        "18, 2, 0, 18, 4, 0",
        "30, 0, 123456789012345678, 18, 4, ", // too many digits before the point
        "18, 4, 100000, 4, 2, 1000", // 10.00
        "18, 4, 1000000, 4, 2, ", // 100.00
    })
    void an_amount_is_converted_where_no_digit_is_lost(
            int precision, int scale, long value, int toPrecision, int toScale, @Nullable Long expected) {
        Schema from = decimal(precision, scale);
        Schema to = decimal(toPrecision, toScale);
        if (expected == null) {
            refuses(from, to, unscaled(value));
        } else {
            assertThat(SchemaResolution.of(from, to).resolve(unscaled(value))).isEqualTo(unscaled(expected));
        }
    }

    @Test
    void a_time_is_converted_where_no_part_of_it_is_lost_and_it_stays_in_range() {
        Schema millis = type("long", "timestamp-millis");
        Schema micros = type("long", "timestamp-micros");
        assertThat(SchemaResolution.of(micros, millis).resolve(-5_000L)).isEqualTo(-5L);
        refuses(micros, millis, -5_001L);
        refuses(millis, micros, Long.MAX_VALUE / 999);
        refuses(type("long", "time-micros"), type("int", "time-millis"), 3_000_000_000_000L);
    }

    @Test
    void a_number_that_no_floating_point_number_has_is_not_rounded() {
        Schema wide = Schema.create(Schema.Type.LONG);
        assertThat(SchemaResolution.of(wide, Schema.create(Schema.Type.DOUBLE)).resolve(1L << 53))
                .isEqualTo(0x1p53);
        refuses(wide, Schema.create(Schema.Type.DOUBLE), (1L << 53) + 1);
        refuses(wide, Schema.create(Schema.Type.DOUBLE), Long.MAX_VALUE);
        refuses(Schema.create(Schema.Type.INT), Schema.create(Schema.Type.FLOAT), (1 << 24) + 1);
    }

    @Test
    void bytes_that_are_no_text_and_a_text_that_is_no_uuid_are_refused() {
        refuses(Schema.create(Schema.Type.BYTES), Schema.create(Schema.Type.STRING), ByteBuffer.wrap(new byte[] {-1}));
        refuses(Schema.create(Schema.Type.STRING), type("string", "uuid"), "1-1-1-1-1");
        assertThat(SchemaResolution.of(Schema.create(Schema.Type.STRING), type("string", "uuid"))
                        .resolve(ID.toString()))
                .isEqualTo(ID.toString());
    }

    @Test
    void a_number_made_to_be_expensive_is_refused_at_once() {
        Schema big = type("bytes", "big-decimal");
        refuses(big, decimal(18, 4), bigDecimal("1E+2000000000"));
        refuses(big, decimal(18, 4), bigDecimal("1E-2000000000"));
        refuses(big, decimal(18, 4), ByteBuffer.wrap(new byte[1 << 20]));
        refuses(big, decimal(18, 4), ByteBuffer.wrap(new byte[0]));
        refuses(decimal(Integer.MAX_VALUE, 0), decimal(18, 4), ByteBuffer.wrap(filled(1 << 20)));
        refuses(decimal(18, 2), decimal(18, 4), ByteBuffer.wrap(new byte[0]));
        assertThat(SchemaResolution.of(big, decimal(18, 4)).resolve(bigDecimal("0E-2000000000")))
                .isEqualTo(unscaled(0));
    }

    @Test
    void amounts_in_lists_maps_unions_and_records_of_the_same_kind_are_found() {
        SchemaResolution resolution = SchemaResolution.of(tree(2), tree(4));
        Schema from = tree(2);
        GenericRecord leaf = new GenericData.Record(from);
        leaf.put("price", unscaled(725));
        leaf.put("many", List.of(unscaled(100), unscaled(1)));
        leaf.put("named", Map.of("a", unscaled(50)));
        GenericRecord root = new GenericData.Record(from);
        root.put("many", List.of());
        root.put("named", Map.of());
        root.put("next", leaf);

        GenericRecord read = (GenericRecord) resolution.resolve(root);

        assertThat(read.get("price")).isNull();
        GenericRecord next = (GenericRecord) read.get("next");
        assertThat(next.get("price")).isEqualTo(unscaled(72_500));
        assertThat(next.get("many")).isEqualTo(List.of(unscaled(10_000), unscaled(100)));
        assertThat(next.get("named")).isEqualTo(Map.of("a", unscaled(5_000)));
        assertThat(next.get("next")).isNull();
    }

    @Test
    void a_refusal_in_a_branch_that_is_not_used_refuses_nothing() {
        Schema from = record(parse("[\"null\", \"string\"]"));
        Schema to = record(parse("[\"null\", %s]".formatted(decimal(18, 4))));
        GenericRecord written = new GenericData.Record(from);
        assertThat(((GenericRecord) SchemaResolution.of(from, to).resolve(written)).get("amount"))
                .isNull();
        written.put("amount", "3.00");
        refuses(from, to, written);
    }

    @Test
    void names_are_found_by_alias_and_defaults_are_each_their_own() {
        Schema from = parse("""
                {"type": "record", "name": "Old", "fields": [
                  {"name": "sum", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
                  {"name": "gone", "type": "string"},
                  {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B", "C"]}}]}
                """);
        Schema to = parse("""
                {"type": "record", "name": "New", "aliases": ["Old"], "fields": [
                  {"name": "tags", "type": {"type": "array", "items": "string"}, "default": []},
                  {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["B", "X"], "default": "X"}},
                  {"name": "amount", "aliases": ["sum"],
                   "type": {"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 4}}]}
                """);
        GenericRecord written = new GenericData.Record(from);
        written.put("sum", unscaled(725));
        written.put("gone", "x");
        written.put("kind", new GenericData.EnumSymbol(from.getField("kind").schema(), "B"));
        SchemaResolution resolution = SchemaResolution.of(from, to);

        GenericRecord first = (GenericRecord) resolution.resolve(written);
        GenericRecord second = (GenericRecord) resolution.resolve(written);

        assertThat(first.get("amount")).isEqualTo(unscaled(72_500));
        assertThat(first.get("kind")).hasToString("B");
        assertThat((List<?>) first.get("tags")).isEmpty();
        assertThat(first.get("tags")).isNotSameAs(second.get("tags"));
        written.put("kind", new GenericData.EnumSymbol(from.getField("kind").schema(), "C"));
        assertThat(((GenericRecord) resolution.resolve(written)).get("kind")).hasToString("X");
    }

    @Test
    void the_message_names_the_field_what_was_expected_and_what_came() {
        Schema from = record(Schema.create(Schema.Type.STRING));
        GenericRecord written = new GenericData.Record(from);
        written.put("amount", "3.00");
        assertThatExceptionOfType(AvroTypeException.class)
                .isThrownBy(
                        () -> SchemaResolution.of(from, record(decimal(18, 4))).resolve(written))
                .withMessage("Deposit.amount: expected bytes decimal(18,4), but the writer's schema has string");
        Schema finer = record(decimal(18, 6));
        GenericRecord fine = new GenericData.Record(finer);
        fine.put("amount", unscaled(1));
        assertThatExceptionOfType(AvroTypeException.class)
                .isThrownBy(
                        () -> SchemaResolution.of(finer, record(decimal(18, 4))).resolve(fine))
                .withMessage(
                        "Deposit.amount: expected bytes decimal(18,4), but the writer's bytes decimal(18,6) is 0.000001");
    }

    private static void refuses(Schema from, Schema to, Object value) {
        SchemaResolution resolution = SchemaResolution.of(from, to);
        assertThatExceptionOfType(AvroTypeException.class).isThrownBy(() -> resolution.resolve(value));
    }

    private static Sample sample(String name, Schema schema, Object value, @Nullable Object meaning) {
        return new Sample(name, schema, value, meaning);
    }

    private static Schema parse(String schema) {
        return new Schema.Parser().parse(schema);
    }

    private static Schema record(Schema amount) {
        return Schema.createRecord("Deposit", null, "t", false, List.of(new Schema.Field("amount", amount)));
    }

    private static Schema tree(int scale) {
        return parse("""
                {"type": "record", "name": "Tree", "fields": [
                  {"name": "price", "type": ["null", %1$s]},
                  {"name": "many", "type": {"type": "array", "items": %1$s}},
                  {"name": "named", "type": {"type": "map", "values": %1$s}},
                  {"name": "next", "type": ["null", "Tree"]}]}
                """.formatted(decimal(18, scale)));
    }

    private static Schema decimal(int precision, int scale) {
        return LogicalTypes.decimal(precision, scale).addToSchema(Schema.create(Schema.Type.BYTES));
    }

    private static Schema type(String type, String logicalType) {
        return parse("{\"type\": \"%s\", \"logicalType\": \"%s\"}".formatted(type, logicalType));
    }

    private static Schema fixed(String name, int size, String logicalType) {
        return parse("{\"type\": \"fixed\", \"name\": \"%s\", \"size\": %d, \"logicalType\": \"%s\"}"
                .formatted(name, size, logicalType));
    }

    private static Schema fixedDecimal(String name, int size, int precision, int scale) {
        return LogicalTypes.decimal(precision, scale).addToSchema(Schema.createFixed(name, null, "t", size));
    }

    private static String amount(String text) {
        return "amount " + new BigDecimal(text);
    }

    private static ByteBuffer unscaled(long value) {
        return ByteBuffer.wrap(BigInteger.valueOf(value).toByteArray());
    }

    private static GenericFixed fixedUnscaled(String name, int size, int value) {
        byte[] bytes =
                ByteBuffer.allocate(size).putInt(size - Integer.BYTES, value).array();
        return new GenericData.Fixed(fixedDecimal(name, size, 18, name.equals("Money8") ? 2 : 4), bytes);
    }

    private static GenericFixed fixedUuid() {
        byte[] bytes = HexFormat.of().parseHex(ID.toString().replace("-", ""));
        return new GenericData.Fixed(fixed("Id", 16, "uuid"), bytes);
    }

    private static ByteBuffer bigDecimal(String value) {
        return new Conversions.BigDecimalConversion()
                .toBytes(new BigDecimal(value), type("bytes", "big-decimal"), LogicalTypes.bigDecimal());
    }

    private static byte[] filled(int size) {
        byte[] bytes = new byte[size];
        java.util.Arrays.fill(bytes, (byte) 1);
        return bytes;
    }
}
