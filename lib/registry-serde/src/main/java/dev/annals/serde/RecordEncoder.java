package dev.annals.serde;

import dev.annals.serde.registry.RegisteredSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** Writes values of one schema under one schema id. Safe for use by many threads: what changes is kept per thread. */
final class RecordEncoder {

    /** A larger buffer, grown by one large record, is not kept. */
    private static final int MAX_KEPT_BUFFER = 1 << 20;

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private final String subject;
    private final int schemaId;
    private final Schema schema;
    private final Body body;

    /** Names the schema before the value, or nothing where a header does. */
    private final byte[] prefix;

    private final byte @Nullable [] header;

    private interface Body {
        void write(Object datum, Scratch scratch) throws IOException;
    }

    private static final class Scratch {
        private final Output output = new Output();
        private @Nullable BinaryEncoder encoder;

        BinaryEncoder encoder() {
            encoder = EncoderFactory.get().binaryEncoder(output, encoder);
            return encoder;
        }
    }

    private static final class Output extends ByteArrayOutputStream {
        boolean isLarge() {
            return buf.length > MAX_KEPT_BUFFER;
        }
    }

    private RecordEncoder(
            String subject, int schemaId, Schema schema, Body body, byte[] prefix, byte @Nullable [] header) {
        this.subject = subject;
        this.schemaId = schemaId;
        this.schema = schema;
        this.body = body;
        this.prefix = prefix;
        this.header = header;
    }

    private RecordEncoder(String subject, int schemaId, Schema schema, Body body) {
        this(subject, schemaId, schema, body, WireFormat.prefix(schemaId), null);
    }

    /** The same, with the schema named in a header. */
    RecordEncoder namedInHeader(UUID guid) {
        return new RecordEncoder(subject, schemaId, schema, body, new byte[0], WireFormat.headerValue(guid));
    }

    static RecordEncoder of(String subject, int id, Schema schema, Class<?> type) {
        Body body = schema.getType() == Schema.Type.BYTES
                ? (datum, scratch) -> writeRaw(datum, scratch.output)
                : avroBody(writer(schema, type));
        return new RecordEncoder(subject, id, schema, body);
    }

    /**
     * Writes values of {@code schema} in the registered one: as they are if the bytes are the same, otherwise
     * {@linkplain SchemaResolution resolved}: a field that the registered schema lacks is left out, as in Confluent's
     * serializer, and what the registered schema can't say exactly is refused.
     */
    static RecordEncoder converting(String subject, RegisteredSchema latest, Schema schema, Class<?> type) {
        Schema target = latest.schema();
        SchemaResolution resolution = SchemaResolution.of(schema, target);
        if (resolution.keepsBytes()) {
            return of(subject, latest.id(), schema, type);
        }
        var compatibility = SchemaCompatibility.checkReaderWriterCompatibility(target, schema);
        if (compatibility.getType() != SchemaCompatibilityType.COMPATIBLE) {
            throw new UnwritableValueException(
                    "Subject %s: %s can't be written with the latest version %d (schema id %d): %s"
                            .formatted(
                                    subject,
                                    schema.getFullName(),
                                    latest.version(),
                                    latest.id(),
                                    compatibility.getResult().getIncompatibilities()),
                    null);
        }
        return new RecordEncoder(subject, latest.id(), schema, conversion(schema, type, target, resolution));
    }

    private static Body conversion(Schema from, Class<?> type, Schema to, SchemaResolution resolution) {
        UnaryOperator<Object> raw = SpecificRecord.class.isAssignableFrom(type)
                ? new Rewriting(writer(from, type), new GenericDatumReader<>(from))
                : datum -> datum;
        Body resolved = avroBody(new GenericDatumWriter<>(to));
        return (datum, scratch) ->
                resolved.write(SchemaResolution.required(resolution.resolve(raw.apply(datum))), scratch);
    }

    private static Body avroBody(DatumWriter<Object> writer) {
        return (datum, scratch) -> {
            BinaryEncoder encoder = scratch.encoder();
            writer.write(datum, encoder);
            encoder.flush();
        };
    }

    private static DatumWriter<Object> writer(Schema schema, Class<?> type) {
        return SpecificRecord.class.isAssignableFrom(type)
                ? new SpecificDatumWriter<>(schema, SpecificData.getForClass(type))
                : new GenericDatumWriter<>(schema);
    }

    private static void writeRaw(Object datum, ByteArrayOutputStream output) {
        if (datum instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            output.writeBytes(bytes);
        } else {
            output.writeBytes((byte[]) datum);
        }
    }

    /** What the header says that names the schema; null where the value says it. */
    byte @Nullable [] header() {
        return header;
    }

    byte[] encode(Object datum) {
        Scratch scratch = SCRATCH.get();
        scratch.output.reset();
        scratch.output.writeBytes(prefix);
        try {
            body.write(datum, scratch);
            return scratch.output.toByteArray();
        } catch (IOException | RuntimeException e) {
            // The encoder may hold part of the failed value, which must not get into the next one.
            SCRATCH.remove();
            throw new UnwritableValueException(
                    "Subject %s, schema id %d: a value does not fit the schema %s: %s"
                            .formatted(subject, schemaId, schema.getFullName(), e.getMessage()),
                    e);
        } finally {
            if (scratch.output.isLarge()) {
                SCRATCH.remove();
            }
        }
    }
}
