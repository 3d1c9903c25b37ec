package dev.annals.serde;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.jspecify.annotations.Nullable;

/** Reads values of one schema id. Safe for use by many threads: what changes is kept per thread. */
final class RecordDecoder {

    private static final GenericData GENERIC = new GenericData().setFastReaderEnabled(false);

    private static final ThreadLocal<@Nullable BinaryDecoder> DECODER = new ThreadLocal<>();

    private final int schemaId;
    private final Schema writer;
    private final DatumReader<Object> reader;
    private final Function<Object, Object> then;

    private RecordDecoder(int schemaId, Schema writer, DatumReader<Object> reader, Function<Object, Object> then) {
        this.schemaId = schemaId;
        this.writer = writer;
        this.reader = reader;
        this.then = then;
    }

    static RecordDecoder generic(int schemaId, Schema writer, Schema reader) {
        return new RecordDecoder(schemaId, writer, new StringReader(writer, reader), value -> value);
    }

    static RecordDecoder mapped(int schemaId, Schema writer, Schema reader, RecordMapper mapper) {
        return new RecordDecoder(
                schemaId, writer, new StringReader(writer, reader), value -> mapper.fromAvro((IndexedRecord) value));
    }

    static RecordDecoder specific(int schemaId, Schema writer) {
        Class<?> type = generatedClass(schemaId, writer);
        SpecificData data = SpecificData.getForClass(type);
        Schema reader = StringTypes.everywhere(data.getSchema(type));
        return new RecordDecoder(schemaId, writer, new SpecificDatumReader<>(writer, reader, data), value -> value);
    }

    private static Class<?> generatedClass(int schemaId, Schema writer) {
        String message = "Schema id %d: %s is true, but the generated class %s is not %s";
        String name = writer.getFullName();
        try {
            Class<?> type = SpecificData.get().getClass(writer);
            if (type != null) {
                return type;
            }
        } catch (SecurityException e) {
            throw new UnreadableBytesException(
                    message.formatted(
                            schemaId,
                            SerdeConfig.SPECIFIC_READER,
                            name,
                            "trusted by Avro; name its package in the system property"
                                    + " org.apache.avro.SERIALIZABLE_PACKAGES"),
                    e);
        }
        throw new UnreadableBytesException(
                message.formatted(schemaId, SerdeConfig.SPECIFIC_READER, name, "on the class path"), null);
    }

    /** Makes each string a {@link String}, without asking the schema; the fast reader would ask it. */
    private static final class StringReader extends GenericDatumReader<Object> {
        StringReader(Schema writer, Schema reader) {
            super(writer, reader, GENERIC);
        }

        @Override
        protected Object readString(Object old, Schema expected, Decoder in) throws IOException {
            return in.readString();
        }
    }

    Object decode(String topic, byte[] bytes) {
        if (writer.getType() == Schema.Type.BYTES) {
            return Arrays.copyOfRange(bytes, WireFormat.HEADER_LENGTH, bytes.length);
        }
        Object value = read(topic, bytes);
        try {
            return then.apply(value);
        } catch (RuntimeException e) {
            throw unreadable(topic, "the record can't be mapped to its class: " + e.getMessage(), e);
        }
    }

    private Object read(String topic, byte[] bytes) {
        int length = bytes.length - WireFormat.HEADER_LENGTH;
        try {
            BinaryDecoder decoder =
                    DecoderFactory.get().binaryDecoder(bytes, WireFormat.HEADER_LENGTH, length, DECODER.get());
            DECODER.set(decoder);
            Object value = reader.read(null, decoder);
            if (!decoder.isEnd()) {
                throw new IOException("bytes are left over after the record");
            }
            return value;
        } catch (IOException | RuntimeException e) {
            throw unreadable(topic, Objects.requireNonNullElse(e.getMessage(), "the bytes end too early"), e);
        } catch (StackOverflowError e) {
            // A recursive schema lets few bytes nest deeper than the stack.
            throw unreadable(topic, "the record is nested too deeply", e);
        }
    }

    private UnreadableBytesException unreadable(String topic, String reason, Throwable cause) {
        return new UnreadableBytesException(
                "Topic %s, schema id %d: the bytes are no readable %s: %s"
                        .formatted(topic, schemaId, writer.getFullName(), reason),
                cause);
    }
}
