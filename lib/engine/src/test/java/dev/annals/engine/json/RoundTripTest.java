package dev.annals.engine.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class RoundTripTest {

    private static final long MIN_MICROS = -62_167_219_200_000_000L;
    private static final long MAX_MICROS = 253_402_300_799_999_999L;

    @Property(tries = 300)
    void what_is_written_is_read_as_the_same_record(@ForAll("records") GenericRecord record) {
        byte[] json = AvroToJson.toTree(record).toString().getBytes(StandardCharsets.UTF_8);

        assertThat(JsonToAvro.of(Sample.SCHEMA).read(json)).isEqualTo(record);
    }

    @Property(tries = 300)
    void money_is_written_plainly_and_exactly(@ForAll("money") BigDecimal money) {
        GenericRecord record = JsonToAvro.of(Sample.SCHEMA)
                .read("{\"name\":\"a\",\"total\":%s}"
                        .formatted(money.toPlainString())
                        .getBytes(StandardCharsets.UTF_8));

        String written = AvroToJson.toTree(record).get("total").textValue();

        assertThat(new BigDecimal(written)).isEqualByComparingTo(money);
        assertThat(written).matches("0|-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?");
    }

    @Test
    void null_fields_are_present() {
        GenericRecord record =
                JsonToAvro.of(Sample.SCHEMA).read("{\"name\":\"a\",\"total\":0}".getBytes(StandardCharsets.UTF_8));

        assertThat(AvroToJson.toTree(record).toString())
                .startsWith("{\"name\":\"a\",\"note\":null,\"remark\":null,\"currency\":\"GBP\",\"total\":\"0\",");
    }

    @Provide
    Arbitrary<BigDecimal> money() {
        return Arbitraries.bigDecimals()
                .between(new BigDecimal("-99999999999999.9999"), new BigDecimal("99999999999999.9999"))
                .ofScale(4);
    }

    @Provide
    Arbitrary<GenericRecord> records() {
        Arbitrary<GenericRecord> scalars = Combinators.combine(
                        Arbitraries.strings().ofMaxLength(20),
                        money(),
                        Arbitraries.longs().between(MIN_MICROS, MAX_MICROS).injectNull(0.2),
                        Arbitraries.integers(),
                        Arbitraries.longs(),
                        Arbitraries.doubles(),
                        Arbitraries.of("RED", "BLUE"))
                .as(RoundTripTest::record);
        Arbitrary<List<GenericRecord>> lines = Combinators.combine(
                        Arbitraries.strings().alpha(), money())
                .as(RoundTripTest::line)
                .list()
                .ofMaxSize(3);
        Arbitrary<Map<String, Long>> tags = Arbitraries.maps(
                        Arbitraries.strings().ofMaxLength(5), Arbitraries.longs())
                .ofMaxSize(3);
        return Combinators.combine(scalars, lines, tags).as((record, someLines, someTags) -> {
            record.put(
                    "lines",
                    new GenericData.Array<>(Sample.SCHEMA.getField("lines").schema(), someLines));
            record.put("tags", someTags);
            return record;
        });
    }

    private static GenericRecord record(
            String name, BigDecimal total, Long at, int count, long big, double ratio, String kind) {
        GenericRecord record = new GenericData.Record(Sample.SCHEMA);
        record.put("name", name);
        record.put("currency", "EUR");
        record.put("total", bytes(total));
        record.put("at", at);
        record.put("day", at == null ? null : (int) Math.floorDiv(at, 86_400_000_000L));
        record.put(
                "kind",
                new GenericData.EnumSymbol(Sample.SCHEMA.getField("kind").schema(), kind));
        record.put("count", count);
        record.put("big", big);
        record.put("ratio", ratio);
        record.put("share", (float) count);
        record.put("urgent", count > 0);
        record.put("blob", ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    private static GenericRecord line(String sku, BigDecimal price) {
        GenericRecord line =
                new GenericData.Record(Sample.SCHEMA.getField("lines").schema().getElementType());
        line.put("sku", sku);
        line.put("unitPrice", bytes(price));
        return line;
    }

    private static ByteBuffer bytes(BigDecimal value) {
        return ByteBuffer.wrap(value.setScale(4).unscaledValue().toByteArray());
    }
}
