package dev.annals.engine.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordBindingTest {

    private static final String DECIMAL =
            "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 6, \"scale\": 2}";
    private static final String TIME = "{\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}";
    private static final String MILLIS = "{\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}";
    private static final String DATE = "{\"type\": \"int\", \"logicalType\": \"date\"}";
    private static final String ENUM = "{\"type\": \"enum\", \"name\": \"E\", \"symbols\": [\"A\", \"B\", \"NEW\"]}";

    enum Letter {
        A,
        B
    }

    record Text(String value) {}

    record Money(BigDecimal value) {}

    record Time(Instant value) {}

    record Day(LocalDate value) {}

    record Id(UUID value) {}

    record Whole(int value) {}

    record Boxed(Integer value) {}

    record Chosen(Letter value) {}

    record Texts(List<String> value) {}

    record Sums(Map<String, BigDecimal> value) {}

    record Inner(Money inner) {}

    record Two(String first, String second) {}

    record Struck(List<Instant> times) {}

    record Strict(int value) {
        Strict {
            if (value < 0) {
                throw new IllegalArgumentException("value must not be negative");
            }
        }
    }

    private static Schema schema(String type) {
        return new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"value\", \"type\": %s}]}"
                        .formatted(type));
    }

    private static <T extends Record> RecordBinding<T> binding(Class<T> type, String schema) {
        return RecordBinding.of(type, schema(schema));
    }

    private static GenericRecord avro(RecordBinding<?> binding, @Nullable Object value) {
        GenericRecord record = new GenericData.Record(binding.schema());
        record.put(0, value);
        return record;
    }

    @Nested
    class Binding {

        @Test
        void a_component_without_a_field_is_named() {
            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> binding(Two.class, "\"string\""))
                    .withMessageContaining("Two.first");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {"\"long\"", "\"bytes\"", "[\"null\", \"long\"]", "{\"type\": \"array\", \"items\": \"string\"}"
                })
        void a_field_of_another_type_is_named(String type) {
            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> binding(Text.class, type))
                    .withMessageContaining("Text.value");
        }

        @Test
        void a_long_without_a_logical_type_is_no_time() {
            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> binding(Time.class, "\"long\""))
                    .withMessageContaining("Time.value");
        }

        /** They would lose what the decider decided by: what is cut is for rows, which are made anew. */
        @Test
        void an_event_has_no_times_in_milliseconds() {
            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> RecordBindings.of("annals.clocks", List.of(Struck.class)))
                    .withMessageContaining("annals.clocks.Struck")
                    .withMessageContaining("timestamp-micros");
        }

        @Test
        void a_primitive_can_not_stand_for_an_optional_field() {
            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> binding(Whole.class, "[\"null\", \"int\"]"))
                    .withMessageContaining("Whole.value");
        }

        @Test
        void a_union_of_two_types_is_refused() {
            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> binding(Text.class, "[\"null\", \"string\", \"long\"]"))
                    .withMessageContaining("Text.value");
        }

        @Test
        void an_enum_constant_that_the_schema_lacks_is_named() {
            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(
                            () -> binding(Chosen.class, "{\"type\": \"enum\", \"name\": \"E\", \"symbols\": [\"A\"]}"))
                    .withMessageContaining("Chosen.value")
                    .withMessageContaining("no symbol B");
        }

        @Test
        void an_element_of_another_type_is_named() {
            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> binding(Texts.class, "{\"type\": \"array\", \"items\": \"long\"}"))
                    .withMessageContaining("Texts.value[]");
        }
    }

    @Nested
    class Writing {

        @Test
        void zeros_are_added_and_taken_away_but_no_digit() {
            var money = binding(Money.class, DECIMAL);

            assertThat(money.fromAvro(money.toAvro(new Money(new BigDecimal("1.5"))))
                            .value())
                    .isEqualTo(new BigDecimal("1.50"));
            assertThat(money.fromAvro(money.toAvro(new Money(new BigDecimal("1.5000"))))
                            .value())
                    .isEqualTo(new BigDecimal("1.50"));
            assertThat(money.fromAvro(money.toAvro(new Money(new BigDecimal("1E+3"))))
                            .value())
                    .isEqualTo(new BigDecimal("1000.00"));
        }

        /** In as many bytes as a writer may use: up to 8 they are read without a copy. */
        @ParameterizedTest
        @CsvSource({"0", "1", "-1", "127", "128", "-128", "-129", "999999", "-999999"})
        void a_decimal_may_be_padded(long unscaled) {
            var money = binding(Money.class, DECIMAL);
            byte[] bare = BigInteger.valueOf(unscaled).toByteArray();
            for (int length = bare.length; length <= 32; length++) {
                byte[] padded = new byte[1 + length + 1]; // with what belongs to others around it
                Arrays.fill(padded, 1, 1 + length, (byte) (unscaled < 0 ? -1 : 0));
                System.arraycopy(bare, 0, padded, 1 + length - bare.length, bare.length);
                ByteBuffer bytes = ByteBuffer.wrap(padded, 1, length);
                GenericRecord record = new GenericData.Record(money.schema());
                record.put("value", bytes);

                assertThat(money.fromAvro(record).value())
                        .as("%d bytes", length)
                        .isEqualTo(BigDecimal.valueOf(unscaled, 2));
                assertThat(bytes.remaining()).isEqualTo(length);
            }
        }

        @ParameterizedTest
        @CsvSource({"1.005, at most 2 decimals", "12345.00, at most 6 digits", "-99999.99, at most 6 digits"})
        void a_decimal_that_does_not_fit_names_its_field(String value, String reason) {
            var money = binding(Money.class, DECIMAL);

            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> money.toAvro(new Money(new BigDecimal(value))))
                    .withMessageContaining("Money.value")
                    .withMessageContaining(reason);
        }

        @ParameterizedTest
        @CsvSource({
            "2011-01-04T10:00:00.123999999Z, 2011-01-04T10:00:00.123Z",
            "1969-12-31T23:59:59.999999Z, 1969-12-31T23:59:59.999Z"
        })
        void a_time_in_milliseconds_is_cut_towards_the_past(Instant time, Instant cut) {
            RecordBinding<Time> binding = binding(Time.class, MILLIS);

            GenericRecord avro = binding.toAvro(new Time(time));
            assertThat(avro.get(0)).isEqualTo(cut.toEpochMilli());
            assertThat(binding.fromAvro(avro)).isEqualTo(new Time(cut));
        }

        @Test
        void a_time_or_day_out_of_range_names_its_field() {
            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> binding(Time.class, MILLIS).toAvro(new Time(Instant.MAX)))
                    .withMessageContaining("Time.value");
            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> binding(Time.class, TIME).toAvro(new Time(Instant.MAX)))
                    .withMessageContaining("Time.value");
            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> binding(Day.class, DATE).toAvro(new Day(LocalDate.MAX)))
                    .withMessageContaining("Day.value");
        }

        @Test
        @SuppressWarnings("NullAway") // what the type forbids and a bug does all the same
        void null_where_the_schema_has_none_names_its_field() {
            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> binding(Text.class, "\"string\"").toAvro(new Text(null)))
                    .withMessageContaining("Text.value");
            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> binding(Texts.class, "{\"type\": \"array\", \"items\": \"string\"}")
                            .toAvro(new Texts(Arrays.asList("a", null))))
                    .withMessageContaining("Texts.value[]");
        }

        @Test
        void a_value_in_a_nested_record_names_its_own_field() {
            Schema schema = new Schema.Parser().parse("""
                            {"type": "record", "name": "R", "fields": [{"name": "inner", "type":
                              {"type": "record", "name": "Money", "fields": [{"name": "value", "type": %s}]}}]}
                            """.formatted(DECIMAL));

            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() ->
                            RecordBinding.of(Inner.class, schema).toAvro(new Inner(new Money(new BigDecimal("0.001")))))
                    .withMessageContaining("Money.value");
        }

        @Test
        void fields_that_the_class_lacks_stay_empty_for_others_to_fill() {
            Schema schema = new Schema.Parser().parse("""
                            {"type": "record", "name": "R", "fields": [
                              {"name": "version", "type": "long"}, {"name": "value", "type": "int"}]}
                            """);
            RecordBinding<Whole> binding = RecordBinding.of(Whole.class, schema);

            GenericRecord record = binding.toAvro(new Whole(7));
            record.put("version", 3L);

            assertThat(record.get("value")).isEqualTo(7);
            assertThat(binding.fromAvro(record)).isEqualTo(new Whole(7));
        }
    }

    @Nested
    class Reading {

        @Test
        void a_text_that_is_no_uuid_names_its_field() {
            var id = binding(Id.class, "\"string\"");

            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> id.fromAvro(avro(id, "no-uuid")))
                    .withMessageContaining("Id.value")
                    .withMessageContaining("no-uuid");
        }

        @Test
        void a_decimal_without_bytes_names_its_field() {
            var money = binding(Money.class, DECIMAL);

            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> money.fromAvro(avro(money, ByteBuffer.wrap(new byte[0]))))
                    .withMessageContaining("Money.value");
        }

        @Test
        void a_decimal_of_more_digits_than_the_schema_has_names_its_field() {
            var money = binding(Money.class, DECIMAL);

            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> money.fromAvro(avro(money, ByteBuffer.wrap(new byte[] {127, 0, 0, 0}))))
                    .withMessageContaining("Money.value")
                    .withMessageContaining("at most 6 digits");
            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> money.fromAvro(avro(money, ByteBuffer.wrap(new byte[500_000]))))
                    .withMessageContaining("Money.value");
        }

        @Test
        void a_padded_decimal_is_read() {
            var money = binding(Money.class, DECIMAL);

            assertThat(money.fromAvro(avro(money, ByteBuffer.wrap(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 100})))
                            .value())
                    .isEqualTo(new BigDecimal("1.00"));
        }

        @Test
        void reading_a_decimal_twice_gives_the_same() {
            var money = binding(Money.class, DECIMAL);
            GenericRecord record = avro(money, ByteBuffer.wrap(new byte[] {100}));

            assertThat(money.fromAvro(record)).isEqualTo(money.fromAvro(record));
        }

        @Test
        void a_symbol_that_the_enum_lacks_names_its_field() {
            var chosen = binding(Chosen.class, ENUM);

            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> chosen.fromAvro(avro(chosen, "NEW")))
                    .withMessageContaining("Chosen.value")
                    .withMessageContaining("NEW");
        }

        @Test
        void null_where_the_schema_has_none_names_its_field() {
            var text = binding(Text.class, "\"string\"");

            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> text.fromAvro(avro(text, null)))
                    .withMessageContaining("Text.value");
        }

        @Test
        void a_record_that_refuses_its_values_says_why() {
            var strict = binding(Strict.class, "\"int\"");

            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> strict.fromAvro(avro(strict, -1)))
                    .withMessageContaining("Strict")
                    .withMessageContaining("must not be negative");
        }

        @Test
        void strings_of_other_kinds_are_read() {
            var text = binding(Text.class, "\"string\"");

            assertThat(text.fromAvro(avro(text, new org.apache.avro.util.Utf8("grün"))))
                    .isEqualTo(new Text("grün"));
        }

        @Test
        void what_was_read_can_not_be_changed() {
            var texts = binding(Texts.class, "{\"type\": \"array\", \"items\": \"string\"}");
            Texts read = texts.fromAvro(texts.toAvro(new Texts(new ArrayList<>(List.of("a")))));

            assertThatThrownBy(() -> read.value().add("b")).isInstanceOf(UnsupportedOperationException.class);
        }
    }
}
