package dev.annals.engine.projecting;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class StoredValueTest {

    private static final Schema SCHEMA =
            SchemaBuilder.record("Row").fields().requiredLong("sum").endRecord();

    private final StoredValue.Codec values = new StoredValue.Codec(SCHEMA);

    private static GenericRecord row(long sum) {
        GenericRecord row = new GenericData.Record(SCHEMA);
        row.put(0, sum);
        return row;
    }

    @Test
    void a_value_is_read_as_it_was_written() {
        assertThat(values.decode(values.encode(new StoredValue(7, 4711, row(3)))))
                .isEqualTo(new StoredValue(7, 4711, row(3)));
        assertThat(values.decode(values.encode(new StoredValue(7, 4711, null))))
                .isEqualTo(new StoredValue(7, 4711, null));
        assertThat(values.decode(null)).isEqualTo(StoredValue.EMPTY);
    }

    @Test
    void a_value_that_stayed_as_it_was_read_is_written_as_if_it_were_another() {
        byte[] stored = values.encode(new StoredValue(7, 4711, row(3)));
        byte[] another = values.encode(new StoredValue(9, 5000, row(4)));
        GenericRecord value = values.decode(stored).value();

        assertThat(values.encode(new StoredValue(8, 4712, value)))
                .isEqualTo(values.encode(new StoredValue(8, 4712, row(3))));
        assertThat(values.encode(new StoredValue(8, 4712, null)))
                .isEqualTo(new StoredValue.Codec(SCHEMA).encode(new StoredValue(8, 4712, null)));
        values.decode(another);
        assertThat(values.encode(new StoredValue(8, 4712, value)))
                .isEqualTo(values.encode(new StoredValue(8, 4712, row(3))));
    }

    @Test
    void it_has_what_it_was_folded_to_and_all_before() {
        StoredValue stored = new StoredValue(7, 4711, null);

        assertThat(stored.has(4711)).isTrue();
        assertThat(stored.has(4712)).isFalse();
        assertThat(StoredValue.EMPTY.has(0)).isFalse();
    }
}
