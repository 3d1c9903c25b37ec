package dev.annals.engine.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Records of older and newer writers, read as the current class. */
class SchemaResolutionTest {

    record Part(String name) {}

    record Thing(
            long count, @Nullable String note, @Nullable Part part) {}

    private static final Schema CURRENT = parse("""
            {"name": "count", "type": "long"},
            {"name": "note", "type": ["null", "string"], "default": null},
            {"name": "part", "type": ["null", {"type": "record", "name": "Part",
              "fields": [{"name": "name", "type": "string"}]}], "default": null}
            """);

    private final RecordBinding<Thing> binding = RecordBinding.of(Thing.class, CURRENT);

    private static Schema parse(String fields) {
        return new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"Thing\", \"namespace\": \"t\", \"fields\": [%s]}"
                        .formatted(fields));
    }

    @Test
    void a_field_that_an_older_writer_lacks_gets_its_default() {
        GenericRecord record = new GenericData.Record(parse("{\"name\": \"count\", \"type\": \"long\"}"));
        record.put("count", 3L);

        assertThat(binding.fromAvro(record)).isEqualTo(new Thing(3, null, null));
    }

    @Test
    void an_int_of_an_older_writer_is_promoted() {
        GenericRecord record = new GenericData.Record(parse("{\"name\": \"count\", \"type\": \"int\"}"));
        record.put("count", 3);

        assertThat(binding.fromAvro(record)).isEqualTo(new Thing(3, null, null));
    }

    @Test
    void a_field_of_a_newer_writer_is_skipped_wherever_it_stands() {
        GenericRecord record = new GenericData.Record(
                parse("{\"name\": \"new\", \"type\": \"string\"}, {\"name\": \"count\", \"type\": \"long\"}"));
        record.put("new", "x");
        record.put("count", 3L);

        assertThat(binding.fromAvro(record)).isEqualTo(new Thing(3, null, null));
    }

    @Test
    void a_new_field_of_a_nested_optional_record_is_skipped() {
        Schema newer = parse("""
                {"name": "count", "type": "long"},
                {"name": "part", "type": ["null", {"type": "record", "name": "Part",
                  "fields": [{"name": "size", "type": "int"}, {"name": "name", "type": "string"}]}], "default": null}
                """);
        GenericRecord part = new GenericData.Record(
                newer.getField("part").schema().getTypes().get(1));
        part.put("size", 9);
        part.put("name", "wheel");
        GenericRecord record = new GenericData.Record(newer);
        record.put("count", 3L);
        record.put("part", part);

        assertThat(binding.fromAvro(record)).isEqualTo(new Thing(3, null, new Part("wheel")));
    }

    @Test
    void an_equal_schema_of_another_origin_needs_no_resolution() {
        Schema copy = new Schema.Parser().parse(CURRENT.toString());
        GenericRecord record = new GenericData.Record(copy);
        record.put("count", 3L);
        record.put("note", "n");

        assertThat(new SchemaResolver(CURRENT).resolve(record)).isSameAs(record);
        assertThat(binding.fromAvro(record)).isEqualTo(new Thing(3, "n", null));
    }

    @Test
    void a_record_without_a_required_field_is_refused_and_names_it() {
        GenericRecord record = new GenericData.Record(parse("{\"name\": \"note\", \"type\": [\"null\", \"string\"]}"));

        assertThatExceptionOfType(BindingException.class)
                .isThrownBy(() -> binding.fromAvro(record))
                .withMessageContaining("t.Thing")
                .withMessageContaining("count");
    }
}
