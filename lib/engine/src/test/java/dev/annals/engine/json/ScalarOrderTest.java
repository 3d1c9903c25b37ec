package dev.annals.engine.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarOrderTest {

    private static ScalarOrder<?> order(String field) {
        return Objects.requireNonNull(ScalarOrder.of(Sample.SCHEMA, field), field);
    }

    private static <T> int compare(ScalarOrder<T> order, String one, String other) {
        return Integer.signum(order.compare(order.read(one), order.read(other)));
    }

    @ParameterizedTest
    @CsvSource({
        "count,9,10",
        "count,-10,-9",
        "big,-9223372036854775808,9223372036854775807",
        "total,9.5,10",
        "total,-0.0002,-0.0001",
        "ratio,9.5,1.0E10",
        "ratio,1,Infinity",
        "share,-2.5,-0.5",
        "day,0999-12-31,2011-01-04",
        "at,2011-01-04T10:00:00Z,2011-01-04T10:00:00.000001Z",
        "atMillis,1969-12-31T23:59:59Z,1970-01-01T00:00:00Z",
        "name,Z,a",
        "name,a,aa",
        "name,Z,É",
        "name,\uFFFD,\uD83D\uDE00",
        "note,'',a",
        "ref,123e4567-e89b-12d3-a456-426614174000,123e4567-e89b-12d3-a456-426614174001"
    })
    void values_stand_in_the_order_of_their_type(String field, String smaller, String greater) {
        assertThat(compare(order(field), smaller, greater)).isNegative();
        assertThat(compare(order(field), greater, smaller)).isPositive();
        assertThat(compare(order(field), greater, greater)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "total,12.5,12.5000",
        "count,10,10.0",
        "weight,-0,0",
        "at,2011-01-04T10:00:00Z,2011-01-04T10:00:00.000Z",
        "atMillis,2011-01-04T10:00:00Z,2011-01-04T11:30:00+01:30"
    })
    void a_value_is_the_same_however_it_is_written(String field, String one, String other) {
        assertThat(compare(order(field), one, other)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "total,12.5x",
        "count,ten",
        "big,0x10",
        "ratio,1..2",
        "day,2011-02-30",
        "day,2011-01-04T10:00:00Z",
        "at,2011-01-04",
        "at,2011-01-04T10:00:00"
    })
    void what_is_no_such_value_is_refused(String field, String text) {
        assertThatThrownBy(() -> order(field).read(text))
                .isInstanceOfAny(IllegalArgumentException.class, DateTimeException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kind", "urgent", "blob", "hash", "tags", "lines", "nothing"})
    void other_fields_have_no_order(String field) {
        assertThat(ScalarOrder.of(Sample.SCHEMA, field)).isNull();
    }

    @Test
    void the_text_of_a_value_is_that_in_json() throws Exception {
        GenericRecord record = JsonToAvro.of(Sample.SCHEMA).read(new ObjectMapper().readTree("""
                        {"name":"Ada","total":"-12.50","weight":3,"at":"2011-01-04T10:00:00.000001Z","day":"2011-01-04",
                         "kind":"BLUE","ref":"123e4567-e89b-12d3-a456-426614174000","count":-7,"big":9223372036854775807,
                         "ratio":0.1,"share":0.5,"urgent":true,"blob":"AQID"}"""));
        ObjectNode json = AvroToJson.toTree(record);

        assertThat(json.properties())
                .filteredOn(field ->
                        field.getValue().isValueNode() && !field.getValue().isNull())
                .hasSizeGreaterThan(12)
                .allSatisfy(field -> assertThat(AvroToJson.text(
                                Sample.SCHEMA.getField(field.getKey()).schema(), record.get(field.getKey())))
                        .isEqualTo(field.getValue().asText()));
    }

    @Test
    void a_list_has_the_text_of_each_element_and_any_other_value_its_own() {
        Schema text = Schema.create(Schema.Type.STRING);
        Schema list = Schema.createArray(text);
        Schema optional = Schema.createUnion(Schema.create(Schema.Type.NULL), list);

        assertThat(AvroToJson.texts(list, List.of("a", "b"))).containsExactly("a", "b");
        assertThat(AvroToJson.texts(optional, List.of("a"))).containsExactly("a");
        assertThat(AvroToJson.texts(list, List.of())).isEmpty();
        assertThat(AvroToJson.texts(text, "Ada")).containsExactly("Ada");
    }
}
