package dev.annals.engine.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.junit.jupiter.api.Test;

class SingleObjectCodecTest {

    private static final Schema SCHEMA =
            SchemaBuilder.record("R").fields().requiredString("text").endRecord();

    private final SingleObjectCodec codec = new SingleObjectCodec(SCHEMA);
    private final GenericRecord record = new GenericData.Record(SCHEMA);

    {
        record.put("text", "hello");
    }

    @Test
    void avros_own_decoder_reads_the_bytes() throws IOException {
        GenericRecord read =
                new BinaryMessageDecoder<GenericRecord>(GenericData.get(), SCHEMA).decode(codec.encode(record));

        assertThat(read.get("text")).hasToString("hello");
    }

    @Test
    void bytes_of_another_shape_are_refused() {
        Schema other = SchemaBuilder.record("R")
                .fields()
                .requiredString("text")
                .optionalLong("more")
                .endRecord();

        assertThatExceptionOfType(BindingException.class)
                .isThrownBy(() -> new SingleObjectCodec(other).decode(codec.encode(record)))
                .withMessageContaining("another shape");
    }

    @Test
    void bytes_without_a_header_are_refused() {
        assertThatExceptionOfType(BindingException.class)
                .isThrownBy(() -> codec.decode(new byte[] {1, 2, 3}))
                .withMessageContaining("damaged");
        assertThatExceptionOfType(BindingException.class).isThrownBy(() -> codec.decode(new byte[0]));
    }

    @Test
    void bytes_that_end_too_early_or_too_late_are_refused() {
        byte[] bytes = codec.encode(record);

        assertThatExceptionOfType(BindingException.class)
                .isThrownBy(() -> codec.decode(Arrays.copyOf(bytes, bytes.length - 1)));
        assertThatExceptionOfType(BindingException.class)
                .isThrownBy(() -> codec.decode(Arrays.copyOf(bytes, bytes.length + 1)));
    }

    @Test
    void a_codec_can_be_used_again_after_a_failure() {
        byte[] bytes = codec.encode(record);
        assertThatExceptionOfType(BindingException.class)
                .isThrownBy(() -> codec.decode(Arrays.copyOf(bytes, bytes.length - 1)));

        assertThat(codec.decode(bytes).get("text")).hasToString("hello");
        assertThat(codec.encode(record)).isEqualTo(bytes);
    }
}
