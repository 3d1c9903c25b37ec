package dev.annals.serde;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;

/** Schemas and records that several tests use. */
final class Schemas {

    static final Schema GREETING = parse("""
            {"type": "record", "name": "Greeting", "namespace": "annals.test", "doc": "A word to somebody.",
             "fields": [{"name": "text", "type": "string"}, {"name": "times", "type": "int"}]}""");

    /** The same with one field more, which has a default. */
    static final Schema GREETING_2 = parse("""
            {"type": "record", "name": "Greeting", "namespace": "annals.test",
             "fields": [{"name": "text", "type": "string"}, {"name": "times", "type": "int"},
                        {"name": "tone", "type": "string", "default": "warm"}]}""");

    /** As Avro's code generator leaves it with {@code stringType=String}. */
    static final Schema GENERATED_GREETING = parse("""
            {"type": "record", "name": "Greeting", "namespace": "annals.test", "doc": "A word to somebody.",
             "fields": [{"name": "text", "type": {"type": "string", "avro.java.string": "String"}},
                        {"name": "times", "type": "int"}]}""");

    static final Schema PAYMENT = parse("""
            {"type": "record", "name": "Payment", "namespace": "annals.test", "fields": [
              {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 4}},
              {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
              {"name": "tags", "type": {"type": "map", "values": "string"}},
              {"name": "notes", "type": {"type": "array", "items": ["null", "string"]}}]}""");

    private Schemas() {}

    static Schema parse(String avsc) {
        return new Schema.Parser().parse(avsc);
    }

    static GenericRecord greeting(String text, int times) {
        return new GenericRecordBuilder(GREETING)
                .set("text", text)
                .set("times", times)
                .build();
    }

    static GenericRecord payment() {
        return new GenericRecordBuilder(PAYMENT)
                .set("amount", ByteBuffer.wrap(new byte[] {0x01, (byte) 0xE2, 0x40}))
                .set("at", 1_700_000_000_000_000L)
                .set("tags", Map.of("channel", "web"))
                .set("notes", List.of("first"))
                .build();
    }
}
