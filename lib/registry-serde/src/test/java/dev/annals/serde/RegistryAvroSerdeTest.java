package dev.annals.serde;

import static dev.annals.serde.Schemas.GENERATED_GREETING;
import static dev.annals.serde.Schemas.GREETING;
import static dev.annals.serde.Schemas.GREETING_2;
import static dev.annals.serde.Schemas.greeting;
import static dev.annals.serde.Schemas.payment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.serde.registry.MockSchemaRegistryClient;
import dev.annals.serde.registry.RegistryRefusalException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryAvroSerdeTest {

    private static final String TOPIC = "greetings";

    private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
    private final RegistryAvroSerializer serializer = new RegistryAvroSerializer(registry);
    private final RegistryAvroDeserializer deserializer = new RegistryAvroDeserializer(registry);

    @Test
    void bytes_are_the_confluent_wire_format() {
        registry.register("other", GREETING_2);

        byte[] bytes = serializer.serialize(TOPIC, greeting("hi", 3));

        // Magic 0, id 2 as four bytes, string length 2 as zigzag, "hi", 3 as zigzag.
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("00" + "00000002" + "04" + "6869" + "06");
    }

    @Test
    void bytes_that_another_client_wrote_are_read() {
        registry.register("other", GREETING_2);
        registry.register("x", GREETING);

        Object read = deserializer.deserialize(TOPIC, HexFormat.of().parseHex("000000000204686906"));

        assertThat(read).isEqualTo(greeting("hi", 3));
    }

    @Test
    void a_generic_record_comes_back_in_the_schema_of_its_writer() {
        Object read = deserializer.deserialize(TOPIC, serializer.serialize(TOPIC, payment()));

        assertThat(read).isEqualTo(payment());
    }

    @Test
    void strings_are_java_strings_and_logical_types_stay_raw() {
        GenericRecord read = (GenericRecord) deserializer.deserialize(TOPIC, serializer.serialize(TOPIC, payment()));

        assertThat(read.get("amount")).isInstanceOf(ByteBuffer.class);
        assertThat(read.get("at")).isInstanceOf(Long.class);
        assertThat((Map<?, ?>) read.get("tags")).isEqualTo(Map.of("channel", "web"));
        assertThat((List<?>) read.get("notes")).isEqualTo(List.of("first"));
    }

    @Test
    void null_stays_null() {
        assertThat(serializer.serialize(TOPIC, null)).isNull();
        assertThat(deserializer.deserialize(TOPIC, null)).isNull();
    }

    @Test
    void a_top_level_byte_array_follows_the_header_without_a_length() {
        byte[] bytes = serializer.serialize(TOPIC, new byte[] {1, 2, 3});

        assertThat(bytes).containsExactly(0, 0, 0, 0, 1, 1, 2, 3);
        assertThat(deserializer.deserialize(TOPIC, bytes)).isEqualTo(new byte[] {1, 2, 3});
    }

    @Test
    void primitives_come_back_as_they_were() {
        for (Object value : List.of("text", 1, 2L, 1.5f, 2.5d, true)) {
            String topic = value.getClass().getSimpleName();
            assertThat(deserializer.deserialize(topic, serializer.serialize(topic, value)))
                    .isEqualTo(value);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "io.confluent.kafka.serializers.subject.TopicNameStrategy, greetings-value",
        "io.confluent.kafka.serializers.subject.RecordNameStrategy, annals.test.Greeting",
        "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy, greetings-annals.test.Greeting",
        "TOPIC_RECORD, greetings-annals.test.Greeting",
    })
    void the_subject_follows_the_strategy(String strategy, String subject) {
        serializer.configure(Map.of("value.subject.name.strategy", strategy), false);

        serializer.serialize(TOPIC, greeting("hi", 1));

        assertThat(registry.subjects()).containsExactly(subject);
    }

    @Test
    void keys_have_a_strategy_and_subjects_of_their_own() {
        serializer.configure(Map.of("value.subject.name.strategy", "RecordNameStrategy"), true);

        serializer.serialize(TOPIC, greeting("hi", 1));

        assertThat(registry.subjects()).containsExactly("greetings-key");
    }

    @Test
    void an_unknown_strategy_is_refused_with_its_key() {
        assertThatThrownBy(() -> serializer.configure(Map.of("value.subject.name.strategy", "x.MyStrategy"), false))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("value.subject.name.strategy")
                .hasMessageContaining("x.MyStrategy");
    }

    @Test
    void without_auto_registration_an_unregistered_schema_is_refused_and_nothing_is_registered() {
        serializer.configure(Map.of("auto.register.schemas", "false"), false);

        assertThatThrownBy(() -> serializer.serialize(TOPIC, greeting("hi", 1)))
                .isInstanceOf(RegistryRefusalException.class)
                .hasMessageContaining("greetings-value");
        assertThat(registry.subjects()).isEmpty();
    }

    @Test
    void a_generated_schema_finds_the_one_that_was_registered_from_its_source() {
        int id = registry.register("greetings-value", GREETING);
        serializer.configure(Map.of("auto.register.schemas", false), false);
        GenericRecord generated = new GenericRecordBuilder(GENERATED_GREETING)
                .set("text", "hi")
                .set("times", 1)
                .build();

        byte[] bytes = serializer.serialize(TOPIC, generated);

        assertThat(ByteBuffer.wrap(bytes, 1, 4).getInt()).isEqualTo(id);
    }

    @Test
    void an_incompatible_schema_is_refused_with_subject_and_reason() {
        registry.register("greetings-value", Schemas.parse("""
                {"type": "record", "name": "Greeting", "namespace": "annals.test",
                 "fields": [{"name": "text", "type": "int"}]}"""));

        assertThatThrownBy(() -> serializer.serialize(TOPIC, greeting("hi", 1)))
                .isInstanceOf(RegistryRefusalException.class)
                .hasMessageContaining("greetings-value")
                .hasMessageContaining("BACKWARD");
    }

    @Test
    void the_latest_version_of_the_subject_is_what_is_written_if_so_configured() {
        registry.register("greetings-value", GREETING);
        int latest = registry.register("greetings-value", GREETING_2);
        serializer.configure(Map.of("auto.register.schemas", false, "use.latest.version", true), false);

        byte[] bytes = serializer.serialize(TOPIC, greeting("hi", 1));

        assertThat(ByteBuffer.wrap(bytes, 1, 4).getInt()).isEqualTo(latest);
        GenericRecord read = (GenericRecord) deserializer.deserialize(TOPIC, bytes);
        assertThat(read.get("text")).isEqualTo("hi");
        assertThat(read.get("tone")).isEqualTo("warm");
    }

    @Test
    void a_latest_version_that_cannot_take_the_record_is_named() {
        registry.register("greetings-value", Schemas.parse("""
                {"type": "record", "name": "Greeting", "namespace": "annals.test",
                 "fields": [{"name": "language", "type": "string"}]}"""));
        serializer.configure(Map.of("auto.register.schemas", false, "use.latest.version", true), false);

        assertThatThrownBy(() -> serializer.serialize(TOPIC, greeting("hi", 1)))
                .isInstanceOf(UnwritableValueException.class)
                .hasMessageContaining("greetings-value")
                .hasMessageContaining("language");
    }

    @Test
    void a_reader_schema_fills_in_defaults() {
        var resolving = new RegistryAvroDeserializer(registry, writer -> GREETING_2);

        GenericRecord read =
                (GenericRecord) resolving.deserialize(TOPIC, serializer.serialize(TOPIC, greeting("hi", 1)));

        assertThat(read.getSchema()).isEqualTo(GREETING_2);
        assertThat(read.get("tone")).isEqualTo("warm");
    }

    @Test
    void a_reader_schema_resolves_aliases() {
        Schema renamed = Schemas.parse("""
                {"type": "record", "name": "Salute", "aliases": ["Greeting"], "namespace": "annals.test",
                 "fields": [{"name": "words", "aliases": ["text"], "type": "string"}]}""");
        var resolving = new RegistryAvroDeserializer(registry, writer -> renamed);

        GenericRecord read =
                (GenericRecord) resolving.deserialize(TOPIC, serializer.serialize(TOPIC, greeting("hi", 1)));

        assertThat(read.get("words")).isEqualTo("hi");
    }

    @Test
    void a_reader_schema_that_does_not_fit_is_reported_with_the_field() {
        Schema other = Schemas.parse("""
                {"type": "record", "name": "Greeting", "namespace": "annals.test",
                 "fields": [{"name": "language", "type": "string"}]}""");
        var resolving = new RegistryAvroDeserializer(registry, writer -> other);
        byte[] bytes = serializer.serialize(TOPIC, greeting("hi", 1));

        assertThatThrownBy(() -> resolving.deserialize(TOPIC, bytes))
                .isInstanceOf(UnreadableBytesException.class)
                .hasMessageContaining("schema id 1")
                .hasMessageContaining("language");
    }

    @Test
    void a_plain_object_without_a_mapper_is_refused_with_the_way_out() {
        record Hello(String text) {}

        assertThatThrownBy(() -> serializer.serialize(TOPIC, new Hello("hi")))
                .isInstanceOf(UnwritableValueException.class)
                .hasMessageContaining(Hello.class.getName())
                .hasMessageContaining("annals.serde.record.mapper");
    }

    @Test
    void a_mapper_named_in_the_settings_binds_plain_records() {
        Map<String, Object> settings = Map.of(
                "schema.registry.url", "mock://mapper", "annals.serde.record.mapper", GreetingMapper.class.getName());
        try (var serde = new RegistryAvroSerde()) {
            serde.configure(settings, false);

            byte[] bytes = serde.serializer().serialize(TOPIC, new Greeting("hi", 2));

            assertThat(serde.deserializer().deserialize(TOPIC, bytes)).isEqualTo(new Greeting("hi", 2));
        } finally {
            MockSchemaRegistryClient.dropScope("mapper");
        }
    }

    @Test
    void serdes_of_one_mock_scope_share_a_registry() {
        try (var one = new RegistryAvroSerde();
                var other = new RegistryAvroSerde()) {
            one.configure(Map.of("schema.registry.url", "mock://shared"), false);
            other.configure(Map.of("schema.registry.url", "mock://shared"), false);

            byte[] bytes = one.serializer().serialize(TOPIC, greeting("hi", 2));

            assertThat(other.deserializer().deserialize(TOPIC, bytes)).isEqualTo(greeting("hi", 2));
        } finally {
            MockSchemaRegistryClient.dropScope("shared");
        }
    }

    @Test
    void a_class_that_is_no_mapper_is_refused_with_its_key() {
        assertThatThrownBy(() -> serializer.configure(Map.of("annals.serde.record.mapper", "java.lang.String"), false))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("annals.serde.record.mapper")
                .hasMessageContaining("RecordMapper");
    }

    @Test
    void one_serializer_serves_many_threads() {
        IntStream.range(0, 4_000).parallel().forEach(i -> {
            byte[] bytes = serializer.serialize(TOPIC, greeting("n" + i, i));
            assertThat(deserializer.deserialize(TOPIC, bytes)).isEqualTo(greeting("n" + i, i));
        });
    }

    /** What a domain writes. */
    record Greeting(String text, int times) {}

    /** A binding by hand, as a generic binder would do it. */
    public static final class GreetingMapper implements RecordMapper {
        @Override
        public IndexedRecord toAvro(Object value) {
            Greeting greeting = (Greeting) value;
            return greeting(greeting.text(), greeting.times());
        }

        @Override
        public Schema readerSchema(Schema writer) {
            return GREETING;
        }

        @Override
        public Object fromAvro(IndexedRecord record) {
            GenericData.Record generic = (GenericData.Record) record;
            return new Greeting((String) generic.get("text"), (Integer) generic.get("times"));
        }
    }
}
