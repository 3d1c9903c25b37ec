package dev.annals.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.annals.serde.registry.MockSchemaRegistryClient;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.junit.jupiter.api.Test;

/** What the serializer and the deserializer do where only logical types differ, which no registry notices. */
class ForeignLogicalTypesTest {

    private static final String TOPIC = "deposits";
    private static final Schema OURS =
            deposit("{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":18,\"scale\":4}");
    private static final Schema CENTS =
            deposit("{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":18,\"scale\":2}");
    private static final Schema BYTES = deposit("\"bytes\"");

    private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
    private final RegistryAvroSerializer serializer = new RegistryAvroSerializer(registry);

    private static Schema deposit(String amount) {
        return Schemas.parse("{\"type\":\"record\",\"name\":\"Deposit\",\"fields\":[{\"name\":\"amount\",\"type\":%s}]}"
                .formatted(amount));
    }

    private static GenericRecord of(Schema schema, long unscaled) {
        GenericRecord record = new GenericData.Record(schema);
        record.put("amount", ByteBuffer.wrap(BigInteger.valueOf(unscaled).toByteArray()));
        return record;
    }

    @Test
    void a_reader_of_another_scale_gets_the_amount_that_was_written() {
        byte[] written = serializer.serialize(TOPIC, of(CENTS, 725));

        assertThat(new RegistryAvroDeserializer(registry, writer -> OURS).deserialize(TOPIC, written))
                .isEqualTo(of(OURS, 72_500));
    }

    @Test
    void a_mapper_gets_the_amount_that_was_written() {
        byte[] written = serializer.serialize(TOPIC, of(CENTS, 725));

        assertThat(new RegistryAvroDeserializer(registry, new AmountMapper()).deserialize(TOPIC, written))
                .isEqualTo(BigInteger.valueOf(72_500));
    }

    @Test
    void a_reader_of_an_amount_refuses_bytes_that_nobody_calls_one() {
        byte[] written = serializer.serialize(TOPIC, of(BYTES, 725));

        assertThatExceptionOfType(UnreadableBytesException.class)
                .isThrownBy(() -> new RegistryAvroDeserializer(registry, writer -> OURS).deserialize(TOPIC, written))
                .withMessageContaining(
                        "Deposit.amount: expected bytes decimal(18,4), but the writer's schema has bytes");
    }

    @Test
    void the_latest_schema_is_written_with_the_amount_that_was_given_or_not_at_all() {
        registry.register("deposits-value", CENTS);
        serializer.configure(Map.of("auto.register.schemas", false, "use.latest.version", true), false);

        byte[] written = serializer.serialize(TOPIC, of(OURS, 125_000));

        assertThat(new RegistryAvroDeserializer(registry).deserialize(TOPIC, written))
                .isEqualTo(of(CENTS, 1_250));
        assertThatExceptionOfType(UnwritableValueException.class)
                .isThrownBy(() -> serializer.serialize(TOPIC, of(OURS, 125_001)))
                .withMessageContaining("Deposit.amount")
                .withMessageContaining("12.5001");
    }

    /** Binds a deposit to its unscaled amount of scale 4. */
    private static final class AmountMapper implements RecordMapper {
        @Override
        public IndexedRecord toAvro(Object value) {
            return of(OURS, ((BigInteger) value).longValueExact());
        }

        @Override
        public Schema readerSchema(Schema writer) {
            return OURS;
        }

        @Override
        public Object fromAvro(IndexedRecord record) {
            return new BigInteger(((ByteBuffer) record.get(0)).array());
        }
    }
}
