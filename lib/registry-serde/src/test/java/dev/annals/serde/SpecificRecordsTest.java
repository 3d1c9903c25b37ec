package dev.annals.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.serde.registry.MockSchemaRegistryClient;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SpecificRecordsTest {

    private static final String TOPIC = "greetings";

    private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
    private final RegistryAvroSerializer serializer = new RegistryAvroSerializer(registry);
    private final RegistryAvroDeserializer deserializer = new RegistryAvroDeserializer(registry);

    private final ClassSecurityPredicate trustedBefore = ClassSecurityValidator.getGlobal();

    @BeforeEach
    void ask_for_generated_classes() {
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                trustedBefore,
                ClassSecurityValidator.builder().add(SpecificGreeting.class).build()));
        deserializer.configure(Map.of("specific.avro.reader", "true"), false);
    }

    @AfterEach
    void trust_as_before() {
        ClassSecurityValidator.setGlobal(trustedBefore);
    }

    @Test
    void a_generated_record_comes_back_with_java_strings() {
        byte[] bytes = serializer.serialize(TOPIC, new SpecificGreeting("hi", "cool"));

        SpecificGreeting read = (SpecificGreeting) deserializer.deserialize(TOPIC, bytes);

        assertThat(read.get(0)).isEqualTo("hi");
        assertThat(read.get(1)).isEqualTo("cool");
    }

    @Test
    void a_generated_class_reads_what_an_older_schema_wrote() {
        Schema older = Schemas.parse("""
                {"type": "record", "name": "SpecificGreeting", "namespace": "dev.annals.serde",
                 "fields": [{"name": "text", "type": "string"}]}""");
        GenericRecord record = new GenericData.Record(older);
        record.put("text", "hi");

        SpecificGreeting read = (SpecificGreeting) deserializer.deserialize(TOPIC, serializer.serialize(TOPIC, record));

        assertThat(read.get(1)).isEqualTo("warm");
    }

    @Test
    void generic_and_generated_records_of_one_schema_share_an_id() {
        GenericRecord generic = new GenericData.Record(SpecificGreeting.SCHEMA$);
        generic.put("text", "hi");
        generic.put("tone", "cool");

        assertThat(serializer.serialize(TOPIC, generic))
                .isEqualTo(serializer.serialize(TOPIC, new SpecificGreeting("hi", "cool")));
    }

    @Test
    void a_class_that_avro_does_not_trust_is_named_with_the_way_out() {
        ClassSecurityValidator.setGlobal(trustedBefore);
        byte[] bytes = serializer.serialize(TOPIC, new SpecificGreeting("hi", "cool"));

        assertThatThrownBy(() -> deserializer.deserialize(TOPIC, bytes))
                .isInstanceOf(UnreadableBytesException.class)
                .hasMessageContaining("dev.annals.serde.SpecificGreeting")
                .hasMessageContaining("org.apache.avro.SERIALIZABLE_PACKAGES");
    }

    @Test
    void a_missing_class_is_named() {
        byte[] bytes = serializer.serialize(TOPIC, Schemas.payment());

        assertThatThrownBy(() -> deserializer.deserialize(TOPIC, bytes))
                .isInstanceOf(UnreadableBytesException.class)
                .hasMessageContaining("annals.test.Payment")
                .hasMessageContaining("specific.avro.reader");
    }
}
