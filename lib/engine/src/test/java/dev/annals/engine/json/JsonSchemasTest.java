package dev.annals.engine.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class JsonSchemasTest {

    private static JsonNode property(JsonNode schema, String name) {
        return schema.get("properties").get(name);
    }

    @Test
    void input_requires_only_what_has_no_default_and_refuses_the_rest() {
        JsonNode schema = JsonSchemas.input(Sample.SCHEMA);

        assertThat(schema.get("required").toString()).isEqualTo("[\"name\",\"total\"]");
        assertThat(schema.get("additionalProperties").booleanValue()).isFalse();
        assertThat(property(schema, "total").toString())
                .isEqualTo("{\"type\":[\"string\",\"number\"],\"format\":\"decimal\","
                        + "\"pattern\":\"^-?[0-9]+(\\\\.[0-9]{1,4})?$\"}");
    }

    @Test
    void output_has_every_field() {
        JsonNode schema = JsonSchemas.output(Sample.SCHEMA);

        assertThat(schema.get("required")).hasSize(Sample.SCHEMA.getFields().size());
        assertThat(property(schema, "total").get("type").textValue()).isEqualTo("string");
    }

    @Test
    void docs_and_examples_of_the_avro_schema_are_kept() {
        JsonNode schema = JsonSchemas.input(Sample.SCHEMA);

        assertThat(schema.get("description").textValue()).isEqualTo("An order");
        assertThat(property(schema, "name").toString())
                .isEqualTo("{\"type\":\"string\",\"description\":\"Who\",\"examples\":[\"Ada\"]}");
    }

    @Test
    void every_kind_of_value_has_a_schema() {
        JsonNode schema = JsonSchemas.input(Sample.SCHEMA);

        assertThat(property(schema, "note").toString()).isEqualTo("{\"type\":[\"string\",\"null\"]}");
        assertThat(property(schema, "at").toString())
                .isEqualTo("{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}");
        assertThat(property(schema, "day").get("format").textValue()).isEqualTo("date");
        assertThat(property(schema, "ref").get("format").textValue()).isEqualTo("uuid");
        assertThat(property(schema, "kind").toString()).isEqualTo("{\"type\":\"string\",\"enum\":[\"RED\",\"BLUE\"]}");
        assertThat(property(schema, "big").toString()).isEqualTo("{\"type\":\"integer\",\"format\":\"int64\"}");
        assertThat(property(schema, "blob").get("contentEncoding").textValue()).isEqualTo("base64");
        assertThat(property(schema, "tags")
                        .get("additionalProperties")
                        .get("type")
                        .textValue())
                .isEqualTo("integer");
        assertThat(property(property(schema, "lines").get("items"), "sku").toString())
                .isEqualTo("{\"type\":\"string\"}");
    }

    @Test
    void the_example_is_a_document_of_the_schema() {
        JsonNode example = JsonSchemas.example(Sample.SCHEMA);

        // The made-up bytes don't have the length of a fixed.
        JsonToAvro.of(Sample.SCHEMA).read(((com.fasterxml.jackson.databind.node.ObjectNode) example).without("hash"));
        assertThat(example.get("name").textValue()).isEqualTo("Ada");
    }

    @Test
    void a_schema_that_contains_itself_is_refused() {
        Schema tree = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"Tree\",\"fields\":["
                        + "{\"name\":\"children\",\"type\":{\"type\":\"array\",\"items\":\"Tree\"}}]}");

        assertThatThrownBy(() -> JsonSchemas.output(tree)).hasMessageContaining("Tree: a schema that contains itself");
    }

    @Test
    void a_record_of_a_union_says_which_it_is_where_it_is_written() {
        Schema opened = SchemaBuilder.record("Opened").namespace("n").fields().endRecord();
        Schema closed = SchemaBuilder.record("Closed").namespace("n").fields().endRecord();
        Schema schema = SchemaBuilder.record("Entry")
                .fields()
                .name("what")
                .type(Schema.createUnion(opened, closed))
                .noDefault()
                .endRecord();
        GenericRecord entry = new GenericData.Record(schema);
        entry.put("what", new GenericData.Record(closed));

        assertThat(AvroToJson.toTree(entry)).hasToString("{\"what\":{\"Closed\":{}}}");
        assertThat(property(JsonSchemas.output(schema), "what").get("oneOf"))
                .extracting(
                        each -> each.get("required").toString(),
                        each -> each.get("additionalProperties").asBoolean())
                .containsExactly(tuple("[\"Opened\"]", false), tuple("[\"Closed\"]", false));
        assertThat(JsonSchemas.example(schema)).hasToString("{\"what\":{\"Opened\":{}}}");
        assertThatThrownBy(() -> JsonSchemas.input(schema)).hasMessageContaining("Entry.what");
    }
}
