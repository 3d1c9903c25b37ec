package dev.annals.engine.projecting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.engine.avro.SingleObjectCodec;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class SlotTest {

    private static final Schema SCHEMA =
            SchemaBuilder.record("Row").fields().requiredLong("sum").endRecord();

    private final Slot.Codec slots = new Slot.Codec(SCHEMA);

    private static GenericRecord row(long sum) {
        GenericRecord row = new GenericData.Record(SCHEMA);
        row.put(0, sum);
        return row;
    }

    @Test
    void a_slot_is_read_as_it_was_written() {
        assertThat(slots.decode(slots.encode(new Slot(7, 4711, row(3))))).isEqualTo(new Slot(7, 4711, row(3)));
        assertThat(slots.decode(slots.encode(new Slot(7, 4711, null)))).isEqualTo(new Slot(7, 4711, null));
        assertThat(slots.decode(null)).isEqualTo(Slot.EMPTY);
    }

    @Test
    void a_value_that_stayed_as_it_was_read_is_written_as_if_it_were_another() {
        byte[] older = ByteBuffer.allocate(8 + 10 + 1)
                .putLong(7)
                .put(new SingleObjectCodec(SCHEMA).encode(row(3)))
                .array();
        for (byte[] stored : List.of(slots.encode(new Slot(7, 4711, row(3))), older)) {
            byte[] another = slots.encode(new Slot(9, 5000, row(4)));
            GenericRecord value = slots.decode(stored).value();

            assertThat(slots.encode(new Slot(8, 4712, value))).isEqualTo(slots.encode(new Slot(8, 4712, row(3))));
            assertThat(slots.encode(new Slot(8, 4712, null)))
                    .isEqualTo(new Slot.Codec(SCHEMA).encode(new Slot(8, 4712, null)));
            slots.decode(another);
            assertThat(slots.encode(new Slot(8, 4712, value))).isEqualTo(slots.encode(new Slot(8, 4712, row(3))));
        }
    }

    @Test
    void what_an_older_release_stored_has_no_offset() {
        byte[] value = new SingleObjectCodec(SCHEMA).encode(row(3));
        byte[] stored =
                ByteBuffer.allocate(8 + value.length).putLong(7).put(value).array();

        assertThat(slots.decode(stored)).isEqualTo(new Slot(7, Slot.UNKNOWN, row(3)));
        assertThat(slots.decode(ByteBuffer.allocate(8).putLong(7).array())).isEqualTo(new Slot(7, Slot.UNKNOWN, null));
    }

    @Test
    void it_has_what_it_was_folded_to_and_all_before() {
        Slot slot = new Slot(7, 4711, null);

        assertThat(slot.has(4711)).isTrue();
        assertThat(slot.has(4712)).isFalse();
        assertThat(Slot.EMPTY.has(0)).isFalse();
    }
}
