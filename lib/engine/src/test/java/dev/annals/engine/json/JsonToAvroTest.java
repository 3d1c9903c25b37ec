package dev.annals.engine.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonToAvroTest {

    private static final JsonToAvro READER = JsonToAvro.of(Sample.SCHEMA);

    private static GenericRecord read(String json) {
        return READER.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static GenericRecord readWith(String field) {
        return read("{\"name\":\"a\",\"total\":1,%s}".formatted(field));
    }

    private static List<FieldError> errors(String json) {
        return catchThrowableOfType(InvalidJsonException.class, () -> read(json))
                .errors();
    }

    private static FieldError errorWith(String field) {
        List<FieldError> errors = errors("{\"name\":\"a\",\"total\":1,%s}".formatted(field));
        assertThat(errors).hasSize(1);
        return errors.getFirst();
    }

    private static BigDecimal total(String json) {
        ByteBuffer buffer = (ByteBuffer)
                read("{\"name\":\"a\",\"total\":%s}".formatted(json)).get("total");
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return new BigDecimal(new BigInteger(bytes), 4);
    }

    @Test
    void absent_optionals_are_null_and_absent_defaults_are_taken() {
        GenericRecord record = read("{\"name\":\"a\",\"total\":\"12.5\"}");

        assertThat(record.get("note")).isNull();
        assertThat(record.get("remark")).isNull();
        assertThat(record.get("currency")).hasToString("GBP");
        assertThat(record.get("kind")).hasToString("RED");
        assertThat((List<?>) record.get("lines")).isEmpty();
        assertThat(GenericData.get().validate(Sample.SCHEMA, record)).isTrue();
    }

    @Test
    void defaults_are_not_shared_between_records() {
        @SuppressWarnings("unchecked")
        List<Object> lines = (List<Object>) read("{\"name\":\"a\",\"total\":1}").get("lines");
        lines.add("changed");

        assertThat((List<?>) read("{\"name\":\"a\",\"total\":1}").get("lines")).isEmpty();
    }

    @Test
    void an_optional_may_be_null_and_a_default_may_not() {
        assertThat(readWith("\"note\":null").get("note")).isNull();
        assertThat(errorWith("\"currency\":null")).isEqualTo(new FieldError("currency", "a string", "null"));
    }

    @ParameterizedTest
    @CsvSource({
        "12.5,12.5000",
        "'\"12.5\"',12.5000",
        "0,0",
        "'\"-0.0001\"',-0.0001",
        "1e2,100",
        "1.50000,1.5",
        "'\"1.50000\"',1.5",
        "99999999999999.9999,99999999999999.9999",
        "90071992547409.9301,90071992547409.9301",
        "0e999999999,0"
    })
    void decimals_are_exact(String json, BigDecimal expected) {
        assertThat(total(json)).isEqualByComparingTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12.34567",
                "\"12.34567\"",
                "100000000000000",
                "1e999999999",
                "1e-999999999",
                "\"1e2\"",
                "\"\"",
                "\" 1\"",
                "\"NaN\"",
                "true",
                "[]",
                "{}",
                "null",
                "\"1,5\"",
                "\"+1\"",
                "\".5\""
            })
    void what_is_no_decimal_of_the_schema_is_refused(String json) {
        List<FieldError> errors = errors("{\"name\":\"a\",\"total\":%s}".formatted(json));

        assertThat(errors).hasSize(1);
        assertThat(errors.getFirst().path()).isEqualTo("total");
        assertThat(errors.getFirst().expected())
                .isEqualTo("a decimal number (JSON string or number) of at most 18 digits, 4 of them after the point");
    }

    @Test
    void a_fixed_decimal_keeps_its_sign() {
        var fixed = (GenericData.Fixed) readWith("\"weight\":\"-2.5\"").get("weight");

        assertThat(new BigInteger(fixed.bytes())).isEqualTo(-25000);
        assertThat(fixed.bytes()).hasSize(8);
    }

    @ParameterizedTest
    @CsvSource({
        "at,2011-01-04T10:00:00Z,1294135200000000",
        "at,2011-01-04T10:00:00.000001Z,1294135200000001",
        "at,2011-01-04T10:00:00.000001000Z,1294135200000001",
        "at,1969-12-31T23:59:59.999999Z,-1",
        "atMillis,2011-01-04T10:00:00.001Z,1294135200001"
    })
    void times_are_exact(String field, String text, long expected) {
        assertThat(readWith("\"%s\":\"%s\"".formatted(field, text)).get(field)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "at,2011-01-04T10:00:00.0000001Z",
        "atMillis,2011-01-04T10:00:00.0001Z",
        "at,2011-01-04T10:00:00",
        "at,2011-01-04T10:00:00+01:00",
        "at,2011-01-04",
        "at,+10000-01-01T00:00:00Z",
        "at,2011-13-04T10:00:00Z"
    })
    void a_time_that_is_not_utc_or_too_fine_is_refused(String field, String text) {
        FieldError error = errorWith("\"%s\":\"%s\"".formatted(field, text));

        assertThat(error.path()).isEqualTo(field);
        assertThat(error.expected()).startsWith("a time in UTC such as \"2011-01-04T10:00:00Z\", with at most");
        assertThat(error.actual()).isEqualTo("the string \"%s\"".formatted(text));
    }

    @Test
    void other_scalars_are_read_as_their_raw_values() {
        GenericRecord record = readWith("""
                "day":"2011-01-04","kind":"BLUE","ref":"123E4567-e89b-12d3-a456-426614174000","count":-3,
                "big":9223372036854775807,"ratio":0.5,"share":0.25,"urgent":true,"blob":"AQI=","hash":"AQI=",
                "tags":{"x":1},"lines":[{"sku":"s","unitPrice":"1"}]""");

        assertThat(record.get("day")).isEqualTo(14978);
        assertThat(record.get("kind")).hasToString("BLUE");
        assertThat(record.get("ref")).isEqualTo("123e4567-e89b-12d3-a456-426614174000");
        assertThat(record.get("count")).isEqualTo(-3);
        assertThat(record.get("big")).isEqualTo(Long.MAX_VALUE);
        assertThat(record.get("ratio")).isEqualTo(0.5);
        assertThat(record.get("share")).isEqualTo(0.25f);
        assertThat(record.get("urgent")).isEqualTo(true);
        assertThat(record.get("blob")).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
        assertThat(record.get("tags")).isEqualTo(Map.of("x", 1L));
        assertThat(GenericData.get().validate(Sample.SCHEMA, record)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"name\":1|name|a string|the number 1",
                "\"kind\":\"GREEN\"|kind|one of RED, BLUE|the string \"GREEN\"",
                "\"kind\":1|kind|one of RED, BLUE|the number 1",
                "\"ref\":\"1-1-1-1-1\"|ref|a UUID such as \"123e4567-e89b-12d3-a456-426614174000\"|the string \"1-1-1-1-1\"",
                "\"day\":\"2011-02-30\"|day|a date such as \"2011-01-04\"|the string \"2011-02-30\"",
                "\"count\":2147483648|count|a whole number from -2147483648 to 2147483647|the number 2147483648",
                "\"count\":1.0|count|a whole number from -2147483648 to 2147483647|the number 1.0",
                "\"big\":\"1\"|big|a whole number from -9223372036854775808 to 9223372036854775807|the string \"1\"",
                "\"big\":9223372036854775808|big|a whole number from -9223372036854775808 to 9223372036854775807|the number 9223372036854775808",
                "\"ratio\":1e400|ratio|a number|the number 1E+400",
                "\"share\":1e40|share|a number|the number 1E+40",
                "\"urgent\":\"true\"|urgent|true or false|the string \"true\"",
                "\"blob\":\"!\"|blob|bytes as a Base64 string|the string \"!\"",
                "\"hash\":\"AQID\"|hash|2 bytes as a Base64 string|the string \"AQID\"",
                "\"tags\":[]|tags|an object|an array",
                "\"tags\":{\"x\":\"y\"}|tags.x|a whole number from -9223372036854775808 to 9223372036854775807|the string \"y\"",
                "\"lines\":{}|lines|an array|an object",
                "\"lines\":[{\"sku\":\"a\",\"unitPrice\":1},7]|lines[1]|an object with sku, unitPrice|the number 7",
            })
    void an_error_names_the_field_what_was_expected_and_what_came(
            String json, String path, String expected, String actual) {
        String body = json.startsWith("\"name\"")
                ? "{\"total\":1,%s}".formatted(json)
                : "{\"name\":\"a\",\"total\":1,%s}".formatted(json);

        assertThat(errors(body)).containsExactly(new FieldError(path, expected, actual));
    }

    @Test
    void a_missing_field_of_a_nested_record_is_named_with_its_path() {
        assertThat(errorWith("\"lines\":[{\"sku\":\"a\",\"unitPrice\":1},{\"unitPrice\":1}]")
                        .message())
                .isEqualTo("lines[1].sku: expected a string, got nothing: the field is required");
    }

    @Test
    void an_unknown_field_is_refused_with_the_known_ones() {
        FieldError error = errorWith("\"lines\":[{\"sku\":\"a\",\"unitPrice\":1,\"price\":2}]");

        assertThat(error)
                .isEqualTo(new FieldError("lines[0].price", "no such field (known: sku, unitPrice)", "the number 2"));
    }

    @Test
    void several_errors_are_listed_up_to_a_limit() {
        assertThat(errors("{\"kind\":1,\"count\":true}"))
                .extracting(FieldError::path)
                .containsExactly("name", "total", "kind", "count");

        String many = "{\"name\":\"a\",\"total\":1,\"lines\":[%s0]}".formatted("0,".repeat(50));
        assertThat(errors(many)).hasSize(JsonToAvro.MAX_ERRORS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{", "", "{\"name\":}", "{}{}", "[]", "1", "null", "{\"name\":\"a\",\"name\":\"b\",\"total\":1}"
            })
    void a_document_that_is_not_one_json_object_is_refused(String json) {
        assertThat(errors(json)).first().extracting(FieldError::path).isEqualTo("");
    }

    @Test
    void a_repeated_field_and_a_syntax_error_say_where() {
        assertThat(errors("{\"name\":\"a\",\"name\":\"b\"}").getFirst().actual())
                .contains("name", "line 1");
        assertThat(errors("{\n\"name\" 1}").getFirst().message())
                .startsWith("the body: expected one JSON object in UTF-8, each field once, got Unexpected character")
                .contains("line 2, column 8");
    }

    @Test
    void nesting_length_and_numbers_have_limits() {
        String deep = "[".repeat(JsonToAvro.MAX_NESTING + 1);
        String longNumber = "9".repeat(101);
        String large = "\"" + "x".repeat(JsonToAvro.MAX_BYTES) + "\"";

        assertThat(errors("{\"lines\":" + deep).getFirst().expected()).startsWith("at most 1048576 bytes");
        assertThat(errors("{\"count\":" + longNumber + "}").getFirst().expected())
                .startsWith("at most 1048576 bytes");
        assertThat(errors("{\"name\":" + large + "}").getFirst().expected()).startsWith("at most 1048576 bytes");
    }

    @Test
    void a_long_value_is_shortened_in_the_message() {
        assertThat(errorWith("\"count\":\"%s\"".formatted("x".repeat(1000))).actual())
                .hasSizeLessThan(150);
    }

    @Test
    void a_schema_without_a_form_in_json_is_refused_when_the_reader_is_made() {
        Schema schema = new Schema.Parser()
                .parse(
                        "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"f\",\"type\":[\"int\",\"string\"]}]}");

        assertThatThrownBy(() -> JsonToAvro.of(schema))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("R.f: of unions only [null, T] has a form in JSON");
    }
}
