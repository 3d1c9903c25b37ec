package dev.annals.engine.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.annals.serde.registry.MockSchemaRegistryClient;
import dev.annals.serde.registry.SchemaRegistryClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written means what was given, and is read as it was written, whichever serializer does it. */
class AvroSerdesTest {

    private static final String TOPIC = "deposits";
    private static final String OURS = "dev.annals.serde.RegistryAvroSerializer";
    private static final Schema DEPOSIT = deposit(4);

    private final String scope = UUID.randomUUID().toString();
    private final MockSchemaRegistryClient registry = MockSchemaRegistryClient.forScope(scope);

    private static Schema deposit(int scale) {
        return new Schema.Parser().parse("""
                {"type": "record", "name": "Deposit", "fields": [{"name": "amount", "type":
                  {"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": %d}}]}""".formatted(scale));
    }

    private static GenericRecord of(Schema schema, long unscaled) {
        GenericRecord record = new GenericData.Record(schema);
        record.put("amount", ByteBuffer.wrap(BigInteger.valueOf(unscaled).toByteArray()));
        return record;
    }

    private AvroSerdes serdes(String serializer, Map<String, ?> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("schema.registry.url", "mock://" + scope);
        return new AvroSerdes(serializer, "dev.annals.serde.RegistryAvroDeserializer", config);
    }

    @ParameterizedTest
    @CsvSource({
        "specific.avro.reader, true",
        "avro.use.logical.type.converters, true",
        "value.schema.id.serializer, io.confluent.kafka.serializers.schema.id.HeaderSchemaIdSerializer",
    })
    void a_setting_under_which_values_would_not_be_raw_records_is_refused(String key, String value) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> serdes(OURS, Map.of(key, value)))
                .withMessageContaining(key + "=" + value)
                .withMessageContaining("remove the setting");
    }

    @Test
    void a_deserializer_is_not_told_to_read_as_the_latest_schema() {
        Map<String, Object> settings = Map.of("use.latest.version", "true", "auto.register.schemas", "false");
        var serdes = new AvroSerdes(OURS, Told.class.getName(), settings);
        try (Deserializer<Object> made = serdes.newDeserializer()) {
            assertThat(made.deserialize(TOPIC, new byte[0])).isEqualTo(Map.of("auto.register.schemas", "false"));
        }
    }

    @Test
    void a_foreign_serializer_that_writes_our_amount_under_another_scale_is_stopped() {
        registry.register("deposits-value", deposit(2));
        try (Serializer<Object> serializer =
                serdes(LatestUnseen.class.getName(), Map.of()).newSerializer()) {
            assertThatExceptionOfType(SerializationException.class)
                    .isThrownBy(() -> serializer.serialize(TOPIC, of(DEPOSIT, 125_000)))
                    .withMessageContaining("does not say the same as its own");
            registry.register("deposits-value", DEPOSIT);
            assertThat(serializer.serialize(TOPIC, of(DEPOSIT, 125_000))).isNotNull();
            registry.register("deposits-value", deposit(6));
            assertThatExceptionOfType(SerializationException.class)
                    .as("a latest schema that came later")
                    .isThrownBy(() -> serializer.serialize(TOPIC, of(DEPOSIT, 125_000)));
        }
    }

    @Test
    void a_serializer_of_another_format_is_told_so() {
        try (Serializer<Object> serializer =
                serdes(Headless.class.getName(), Map.of()).newSerializer()) {
            assertThatExceptionOfType(SerializationException.class)
                    .isThrownBy(() -> serializer.serialize(TOPIC, of(DEPOSIT, 1)))
                    .withMessageContaining("no value in the Confluent wire format");
        }
    }

    @Test
    void our_serializer_writes_the_amount_under_the_latest_scale() {
        registry.register("deposits-value", deposit(6));
        AvroSerdes serdes = serdes(OURS, Map.of("auto.register.schemas", "false", "use.latest.version", "true"));
        try (Serializer<Object> serializer = serdes.newSerializer();
                Deserializer<Object> deserializer = serdes.newDeserializer()) {
            byte[] written = serializer.serialize(TOPIC, of(DEPOSIT, 125_000));

            assertThat(deserializer.deserialize(TOPIC, written)).isEqualTo(of(deposit(6), 12_500_000));
        }
    }

    /** Says what it was told. */
    public static final class Told implements Deserializer<Object> {
        private Map<String, ?> told = Map.of();

        @Override
        public void configure(Map<String, ?> configs, boolean isKey) {
            told = configs;
        }

        @Override
        public Object deserialize(String topic, byte[] data) {
            return told;
        }
    }

    /**
     * As Confluent's serializer with {@code use.latest.version}: raw values under whatever the latest schema calls
     * them.
     */
    public static final class LatestUnseen implements Serializer<Object> {
        private @Nullable SchemaRegistryClient registry;

        @Override
        public void configure(Map<String, ?> configs, boolean isKey) {
            registry = SchemaRegistryClient.shared(configs);
        }

        @Override
        @SuppressWarnings("NullAway") // configured by its maker
        public byte[] serialize(String topic, Object data) {
            var latest = registry.latest(topic + "-value");
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(ByteBuffer.allocate(5).putInt(1, latest.id()).array());
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            try {
                new GenericDatumWriter<>(latest.schema()).write(data, encoder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return out.toByteArray();
        }
    }

    /** Two bytes, whatever is given. */
    public static final class Headless implements Serializer<Object> {
        @Override
        public byte[] serialize(String topic, Object data) {
            return new byte[2];
        }
    }

    @Test
    void a_secret_is_fetched_of_a_provider_and_stands_in_no_text(@TempDir Path folder) throws IOException {
        Path secrets = Files.writeString(folder.resolve("registry.properties"), "login=ann:s3cret");

        AvroSerdes serdes = serdes(
                OURS,
                Map.of(
                        "config.providers", "file",
                        "config.providers.file.class", "org.apache.kafka.common.config.provider.FileConfigProvider",
                        "basic.auth.user.info", "${file:%s:login}".formatted(secrets)));

        assertThat(serdes.configuration()).containsEntry("basic.auth.user.info", "ann:s3cret");
        assertThat(serdes.with("more", "x").configuration()).containsEntry("basic.auth.user.info", "ann:s3cret");
        assertThat(serdes.toString()).contains("basic.auth.user.info").doesNotContain("s3cret");
    }

    @Test
    void a_secret_that_is_not_there_is_told() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> serdes(
                        OURS,
                        Map.of(
                                "config.providers", "file",
                                "config.providers.file.class",
                                        "org.apache.kafka.common.config.provider.FileConfigProvider",
                                "basic.auth.user.info", "${file:/nowhere/registry.properties:login}")))
                .withMessageContaining("/nowhere/registry.properties");
    }
}
