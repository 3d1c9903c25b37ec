package dev.annals.serde;

import static dev.annals.serde.Schemas.GREETING;
import static dev.annals.serde.Schemas.GREETING_2;
import static dev.annals.serde.Schemas.greeting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.annals.serde.registry.MockSchemaRegistryClient;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Confluent Platform 8 can name the schema in a header; what reads and writes must not take the value's first bytes for
 * it.
 */
class SchemaIdInHeaderTest {

    private static final String TOPIC = "greetings";
    private static final String IN_HEADER = "io.confluent.kafka.serializers.schema.id.HeaderSchemaIdSerializer";

    private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
    private final RegistryAvroSerializer serializer = new RegistryAvroSerializer(registry);
    private final RegistryAvroDeserializer deserializer = new RegistryAvroDeserializer(registry);
    private final Headers headers = new RecordHeaders();

    @BeforeEach
    void write_it_in_the_header() {
        serializer.configure(Map.of("value.schema.id.serializer", IN_HEADER), false);
    }

    @Test
    void the_value_is_avro_alone_and_the_header_has_a_one_and_the_guid() {
        byte[] bytes = serializer.serialize(TOPIC, headers, greeting("hi", 3));

        UUID guid = registry.guid("greetings-value", GREETING);
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("04" + "6869" + "06");
        assertThat(HexFormat.of()
                        .formatHex(headers.lastHeader("__value_schema_id").value()))
                .isEqualTo("01" + guid.toString().replace("-", ""));
        assertThat(WireFormat.payloadOffset(headers)).isZero();
        assertThat(WireFormat.payloadOffset(new RecordHeaders())).isEqualTo(5);
        assertThat(deserializer.deserialize(TOPIC, headers, bytes)).isEqualTo(greeting("hi", 3));
    }

    @Test
    void a_record_that_is_written_again_names_its_schema_once() {
        serializer.serialize(TOPIC, headers, greeting("hi", 3));
        serializer.serialize(TOPIC, headers, greeting("ho", 3));

        assertThat(headers.headers("__value_schema_id")).hasSize(1);
    }

    @Test
    void a_number_in_the_header_is_read_too() {
        registry.register("other", GREETING_2);
        int id = registry.register("x", GREETING);
        headers.add("__value_schema_id", ByteBuffer.allocate(5).putInt(1, id).array());

        assertThat(deserializer.deserialize(TOPIC, headers, HexFormat.of().parseHex("04686906")))
                .isEqualTo(greeting("hi", 3));
    }

    @Test
    void who_reads_prefixes_alone_does_not_look_at_the_header() {
        headers.add("__value_schema_id", new byte[] {9});
        byte[] withPrefix = new RegistryAvroSerializer(registry).serialize(TOPIC, greeting("hi", 3));
        deserializer.configure(Map.of("value.schema.id.deserializer", "x.PrefixSchemaIdDeserializer"), false);

        assertThat(deserializer.deserialize(TOPIC, headers, withPrefix)).isEqualTo(greeting("hi", 3));
    }

    @Test
    void a_header_that_is_none_is_named_with_what_was_expected() {
        headers.add("__value_schema_id", new byte[] {1, 2, 3});

        assertThatExceptionOfType(UnreadableBytesException.class)
                .isThrownBy(() -> deserializer.deserialize(TOPIC, headers, new byte[] {1}))
                .withMessageContaining("__value_schema_id has 3 bytes")
                .withMessageContaining("a GUID of 16 bytes");
        headers.add("__value_schema_id", new byte[] {7});
        assertThatExceptionOfType(UnreadableBytesException.class)
                .isThrownBy(() -> deserializer.deserialize(TOPIC, headers, new byte[] {1}))
                .withMessageContaining("starts with 0x07");
    }

    @Test
    void without_headers_to_write_to_nothing_is_written() {
        assertThatExceptionOfType(UnwritableValueException.class)
                .isThrownBy(() -> serializer.serialize(TOPIC, greeting("hi", 3)))
                .withMessageContaining("__value_schema_id");
    }

    @Test
    void another_way_to_name_schemas_is_refused() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> serializer.configure(Map.of("value.schema.id.serializer", "x.Own"), false))
                .withMessageContaining("value.schema.id.serializer")
                .withMessageContaining("HeaderSchemaIdSerializer");
    }
}
