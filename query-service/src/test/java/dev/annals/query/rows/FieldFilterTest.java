package dev.annals.query.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.api.Filter;
import dev.annals.service.http.ProblemException;
import org.apache.avro.Schema;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldFilterTest {

    private static final Schema ROW = new Schema.Parser().parse("""
                    {"type":"record","name":"Row","fields":[
                      {"name":"seats","type":"int"},
                      {"name":"total","type":{"type":"bytes","logicalType":"decimal","precision":18,"scale":4}},
                      {"name":"ratio","type":"double"},
                      {"name":"due","type":["null",{"type":"int","logicalType":"date"}]},
                      {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
                      {"name":"name","type":["null","string"]},
                      {"name":"open","type":"boolean"},
                      {"name":"status","type":{"type":"enum","name":"Status","symbols":["OLD","NEW"]}},
                      {"name":"tags","type":{"type":"array","items":"string"}}
                    ]}
                    """);

    private static FieldFilter filter(String field, String value) {
        return FieldFilter.of(Filter.byField("p", field), ROW, value);
    }

    @ParameterizedTest
    @CsvSource({
        "seats,8..12,8|9|10|12,7|13|-9",
        "seats,-12..-8,-8|-9|-12,-7|-13|8|0",
        "seats,10..,10|100,9|-10",
        "seats,..10,10|9|-100,11",
        "seats,7..7,7,6|8|70",
        "total,9.50..10,9.5|9.5001|10,9.4999|10.0001",
        "total,-1..-0.5,-1|-0.75|-0.5,-0.4999|-1.0001|0.75",
        "total,0.00001..,0.0001,0",
        "ratio,0.1..1e3,0.1|1000.0|2.5E2,0.09|1000.5|-0.5",
        "due,..2026-01-01,2026-01-01|2025-12-31|0001-01-01,2026-01-02",
        "at,2026-01-01T00:00:00Z..2026-01-02T00:00:00.5Z,2026-01-01T00:00:00Z|2026-01-02T00:00:00.500Z,2025-12-31T23:59:59.999Z|2026-01-02T00:00:00.501Z",
        "at,2026-01-01T01:00:00+01:00..,2026-01-01T00:00:00Z,2025-12-31T23:59:59Z",
        "name,B..J,B|France|Iz|J,Jb|Ja|A|b",
        "name,b..,b|é|z,a|Z"
    })
    void a_range_is_of_the_order_of_the_type_and_has_its_ends(String field, String value, String in, String out) {
        FieldFilter filter = filter(field, value);

        assertThat(in.split("\\|")).allMatch(filter::accepts);
        assertThat(out.split("\\|")).noneMatch(filter::accepts);
    }

    @ParameterizedTest
    @CsvSource({
        "seats,8,8,8.0",
        "total,12.5,12.5,12.50",
        "name,'\"quoted\"','\"quoted\"',quoted",
        "name,a.b,a.b,a",
        "name,'\"a..b\"',a..b,b",
        "name,'\"..\"',..,a",
        "name,'\"\"a..b\"\"','\"a..b\"',a..b",
        "status,NEW,NEW,OLD",
        "open,true,true,false"
    })
    void anything_else_is_one_value_as_it_stands_in_the_row(String field, String value, String in, String out) {
        FieldFilter filter = filter(field, value);

        assertThat(filter).isInstanceOf(FieldFilter.Equal.class);
        assertThat(filter.accepts(in)).isTrue();
        assertThat(filter.accepts(out)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"name,a,false", "name,a.b,false", "name,a..b,true", "seats,..1,true", "name,'\"a..b\"',true"})
    void what_older_releases_read_otherwise_is_known(String field, String value, boolean hasDots) {
        assertThat(filter(field, value).hasDots()).isEqualTo(hasDots);
    }

    @ParameterizedTest
    @CsvSource({
        "seats,..,'from..to with at least one of the two; a text that has .. in it stands in double quotes'",
        "name,..,'from..to with at least one of the two; a text that has .. in it stands in double quotes'",
        "name,a..b..c,'from..to with at least one of the two; a text that has .. in it stands in double quotes'",
        "seats,..1..,'from..to with at least one of the two; a text that has .. in it stands in double quotes'",
        "seats,10..9,from..to with from not above to",
        "total,1..0.9999,from..to with from not above to",
        "at,2026-01-01T00:00:00Z..2026-01-01T00:30:00+01:00,from..to with from not above to",
        "name,b..a,from..to with from not above to",
        "seats,few..,from..to of numbers such as 12.5",
        "seats,1...5x,from..to of numbers such as 12.5",
        "total,..1x,from..to of numbers such as 12.5",
        "due,2026-02-30..,from..to of dates such as 2011-01-04",
        "at,..2026-01-01,from..to of times such as 2011-01-04T10:00:00Z",
        "open,false..true,'one value, since open has no order'",
        "status,OLD..NEW,'one value, since status has no order'",
        "tags,a..,'one value, since tags has no order'"
    })
    void what_can_be_no_range_is_refused_with_what_was_expected_and_what_came(
            String field, String value, String expected) {
        assertThatThrownBy(() -> filter(field, value))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.getMessage())
                                .isEqualTo("p: expected %s, got '%s'", expected, value));
    }
}
