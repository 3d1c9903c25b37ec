package dev.annals.engine.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaParser;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class SampleRecordsTest {

    private static Schema parse(String json) {
        return new SchemaParser().parse(json).mainSchema();
    }

    @Test
    void fit_schemas_of_every_type() {
        Schema schema = parse("""
                {"type": "record", "name": "All", "fields": [
                  {"name": "nothing", "type": "null"},
                  {"name": "flag", "type": "boolean"},
                  {"name": "small", "type": "int"},
                  {"name": "large", "type": "long"},
                  {"name": "half", "type": "float"},
                  {"name": "whole", "type": "double"},
                  {"name": "text", "type": "string"},
                  {"name": "uuid", "type": {"type": "string", "logicalType": "uuid"}},
                  {"name": "money", "type": {"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 4}},
                  {"name": "fixed", "type": {"type": "fixed", "name": "Four", "size": 4}},
                  {"name": "colour", "type": {"type": "enum", "name": "Colour", "symbols": ["RED", "BLUE"]}},
                  {"name": "list", "type": {"type": "array", "items": "long"}},
                  {"name": "nulls", "type": {"type": "array", "items": ["null", "long"]}},
                  {"name": "map", "type": {"type": "map", "values": "string"}},
                  {"name": "either", "type": ["null", "string"]},
                  {"name": "nested", "type": {"type": "record", "name": "Inner", "fields": [
                    {"name": "time", "type": {"type": "long", "logicalType": "timestamp-micros"}}]}}
                ]}""");

        GenericRecord sample = SampleRecords.of(schema);

        assertThat(GenericData.get().validate(schema, sample)).isTrue();
        assertThat(sample.get("either")).as("what is optional is there").isEqualTo("");
        assertThat((Iterable<?>) sample.get("list")).hasSize(1);
    }

    @Test
    void end_where_a_schema_contains_itself() {
        Schema tree = parse("""
                {"type": "record", "name": "Tree", "fields": [
                  {"name": "left", "type": ["null", "Tree"]},
                  {"name": "children", "type": {"type": "array", "items": "Tree"}},
                  {"name": "named", "type": {"type": "map", "values": "Tree"}}
                ]}""");

        assertThat(GenericData.get().validate(tree, SampleRecords.of(tree))).isTrue();
    }

    @Test
    void are_made_of_records_only() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SampleRecords.of(SchemaBuilder.builder().stringType()))
                .withMessageContaining("STRING");
    }
}
