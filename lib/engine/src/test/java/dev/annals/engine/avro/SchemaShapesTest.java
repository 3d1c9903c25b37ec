package dev.annals.engine.avro;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

class SchemaShapesTest {

    private static String shape(Schema... schemas) {
        return SchemaShapes.of(List.of(schemas));
    }

    private static Schema row(Schema.Field field) {
        return Schema.createRecord("Row", null, "test", false, List.of(field));
    }

    private static Schema.Field at(Schema type, String doc) {
        return new Schema.Field("at", type, doc);
    }

    private static Schema time() {
        return LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
    }

    private static Schema money(int scale) {
        return LogicalTypes.decimal(18, scale).addToSchema(Schema.create(Schema.Type.BYTES));
    }

    @Test
    void a_comment_does_not_change_it() {
        assertThat(shape(row(at(time(), "when")))).isEqualTo(shape(row(at(time(), "when it was"))));
    }

    @Test
    void a_long_that_becomes_a_time_does() {
        assertThat(shape(row(at(Schema.create(Schema.Type.LONG), "")))).isNotEqualTo(shape(row(at(time(), ""))));
    }

    @Test
    void so_does_another_scale_in_a_list_of_what_may_be_absent() {
        Schema four = Schema.createArray(Schema.createUnion(Schema.create(Schema.Type.NULL), money(4)));
        Schema two = Schema.createArray(Schema.createUnion(Schema.create(Schema.Type.NULL), money(2)));

        assertThat(shape(row(at(four, "")))).isNotEqualTo(shape(row(at(two, ""))));
    }

    @Test
    void and_so_does_a_field_more() {
        Schema one = SchemaBuilder.record("Row").fields().requiredLong("a").endRecord();
        Schema two = SchemaBuilder.record("Row")
                .fields()
                .requiredLong("a")
                .optionalString("b")
                .endRecord();

        assertThat(shape(one)).isNotEqualTo(shape(two));
    }

    @Test
    void a_record_may_contain_itself() {
        Schema tree = Schema.createRecord("Tree", null, "test", false);
        Schema orNone = Schema.createUnion(Schema.create(Schema.Type.NULL), tree);
        tree.setFields(List.of(new Schema.Field("left", orNone)));

        assertThat(shape(tree)).hasSize(16);
    }
}
