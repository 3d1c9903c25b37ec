package dev.annals.serde;

import static dev.annals.serde.Schemas.GREETING;
import static dev.annals.serde.Schemas.greeting;
import static dev.annals.serde.Schemas.payment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.serde.registry.MockSchemaRegistryClient;
import dev.annals.serde.registry.RegistryRefusalException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What doesn't fit is refused as such, whatever it is, and leaves no trace. */
class BadRecordsTest {

    private static final String TOPIC = "greetings";

    private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
    private final RegistryAvroSerializer serializer = new RegistryAvroSerializer(registry);
    private final RegistryAvroDeserializer deserializer = new RegistryAvroDeserializer(registry);

    @Test
    void text_is_refused_for_its_first_byte() {
        assertThatThrownBy(() -> deserializer.deserialize(TOPIC, "{\"text\":1}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(UnreadableBytesException.class)
                .hasMessageContaining(TOPIC)
                .hasMessageContaining("0x7b");
    }

    @ParameterizedTest
    @CsvSource({"''", "00", "00000000"})
    void fewer_bytes_than_a_header_are_refused(String hex) {
        assertThatThrownBy(() -> deserializer.deserialize(TOPIC, HexFormat.of().parseHex(hex)))
                .isInstanceOf(UnreadableBytesException.class)
                .hasMessageContaining(hex.length() / 2 + " bytes");
    }

    @Test
    void an_unknown_id_is_named() {
        assertThatThrownBy(() -> deserializer.deserialize(TOPIC, HexFormat.of().parseHex("000000006304")))
                .isInstanceOf(RegistryRefusalException.class)
                .hasMessageContaining("schema id 99");
    }

    @Test
    void every_truncation_of_a_record_is_refused() {
        byte[] whole = serializer.serialize(TOPIC, payment());

        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> deserializer.deserialize(TOPIC, part))
                    .as("first %d of %d bytes", length, whole.length)
                    .isInstanceOf(UnreadableBytesException.class);
        }
    }

    @Test
    void bytes_after_the_record_are_refused() {
        byte[] whole = serializer.serialize(TOPIC, greeting("hi", 1));

        assertThatThrownBy(() -> deserializer.deserialize(TOPIC, Arrays.copyOf(whole, whole.length + 1)))
                .isInstanceOf(UnreadableBytesException.class)
                .hasMessageContaining("left over");
    }

    @Test
    void any_bytes_behind_a_good_header_give_a_record_or_a_serialization_exception() {
        serializer.serialize(TOPIC, payment());
        Random random = new Random(42);

        for (int i = 0; i < 20_000; i++) {
            byte[] body = new byte[random.nextInt(40)];
            random.nextBytes(body);
            byte[] bytes = ByteBuffer.allocate(5 + body.length)
                    .put((byte) 0)
                    .putInt(1)
                    .put(body)
                    .array();
            try {
                assertThat(deserializer.deserialize(TOPIC, bytes)).isNotNull();
            } catch (SerializationException e) {
                assertThat(e).isInstanceOf(UnreadableBytesException.class);
            }
        }
    }

    @Test
    void a_length_beyond_the_bytes_allocates_nothing() {
        registry.register("x", GREETING);

        // The string claims a length of 2^30.
        assertThatThrownBy(() -> deserializer.deserialize(TOPIC, HexFormat.of().parseHex("0000000001" + "8080808008")))
                .isInstanceOf(UnreadableBytesException.class);
    }

    @Test
    void nesting_deeper_than_the_stack_is_refused() {
        registry.register("list", Schemas.parse("""
                {"type": "record", "name": "Node", "fields": [{"name": "next", "type": ["null", "Node"]}]}"""));
        byte[] bytes = new byte[1_000_000];
        Arrays.fill(bytes, (byte) 2);
        System.arraycopy(HexFormat.of().parseHex("0000000001"), 0, bytes, 0, 5);

        assertThatThrownBy(() -> deserializer.deserialize(TOPIC, bytes))
                .isInstanceOf(UnreadableBytesException.class)
                .hasMessageContaining("nested too deeply");
    }

    @Test
    void a_bad_record_does_not_spoil_the_next_good_one() {
        byte[] good = serializer.serialize(TOPIC, payment());

        assertThatThrownBy(() -> deserializer.deserialize(TOPIC, Arrays.copyOf(good, good.length - 3)))
                .isInstanceOf(UnreadableBytesException.class);

        assertThat(deserializer.deserialize(TOPIC, good)).isEqualTo(payment());
    }

    @Test
    void a_bad_value_does_not_spoil_the_next_good_one() {
        GenericRecord bad = new GenericData.Record(GREETING);
        bad.put("text", "half of it is written before the error");
        byte[] before = serializer.serialize(TOPIC, greeting("hi", 1));

        assertThatThrownBy(() -> serializer.serialize(TOPIC, bad)).isInstanceOf(UnwritableValueException.class);

        assertThat(serializer.serialize(TOPIC, greeting("hi", 1))).isEqualTo(before);
    }

    @Test
    void a_missing_value_names_its_field() {
        GenericRecord record = new GenericData.Record(GREETING);
        record.put("times", 1);

        assertThatThrownBy(() -> serializer.serialize(TOPIC, record))
                .isInstanceOf(UnwritableValueException.class)
                .hasMessageContaining("greetings-value")
                .hasMessageContaining("schema id 1")
                .hasMessageContaining(" Greeting.text");
    }

    @Test
    void a_value_of_another_type_names_its_field() {
        GenericRecord record = greeting("hi", 1);
        record.put("times", "three");

        assertThatThrownBy(() -> serializer.serialize(TOPIC, record)).hasMessageContaining(" Greeting.times");
    }

    @Test
    void an_element_of_another_type_names_the_array_s_field() {
        GenericRecord record = payment();
        record.put("notes", Arrays.asList("fine", 7));

        assertThatThrownBy(() -> serializer.serialize(TOPIC, record)).hasMessageContaining("notes");
    }

    @Test
    void an_unknown_enum_symbol_names_its_field() {
        Schema schema = Schemas.parse("""
                {"type": "record", "name": "Light", "fields": [
                  {"name": "colour", "type": {"type": "enum", "name": "Colour", "symbols": ["RED", "GREEN"]}}]}""");
        GenericRecord record = new GenericData.Record(schema);
        record.put("colour", "BLUE");

        assertThatThrownBy(() -> serializer.serialize(TOPIC, record)).hasMessageContaining("colour");
    }
}
