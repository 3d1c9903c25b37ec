package dev.annals.serde;

import dev.annals.serde.WireFormat.SchemaId;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.jspecify.annotations.Nullable;

/** Reads values of one schema id. Safe for use by many threads: what changes is kept per thread. */
record RecordDecoder(
        SchemaId schemaId,
        Schema writer,
        DatumReader<Object> reader,
        @Nullable SchemaResolution resolution,
        Function<Object, Object> then) {

    private static final ThreadLocal<@Nullable BinaryDecoder> DECODER = new ThreadLocal<>();

    static RecordDecoder generic(SchemaId schemaId, Schema writer, Schema reader) {
        return then(schemaId, writer, reader, value -> value);
    }

    static RecordDecoder mapped(SchemaId schemaId, Schema writer, Schema reader, RecordMapper mapper) {
        return then(schemaId, writer, reader, value -> mapper.fromAvro((IndexedRecord) value));
    }

    private static RecordDecoder then(SchemaId schemaId, Schema writer, Schema reader, Function<Object, Object> then) {
        return writer.equals(reader)
                ? new RecordDecoder(
                        schemaId, writer, GenericStrings.MODEL.createDatumReader(writer, reader), null, then)
                : new RecordDecoder(
                        schemaId,
                        writer,
                        GenericStrings.MODEL.createDatumReader(writer, writer),
                        SchemaResolution.of(writer, reader),
                        then);
    }

    /** Avro's reader of generated classes is blind to logical types: it only gets bytes of its own schema. */
    static RecordDecoder specific(SchemaId schemaId, Schema writer) {
        Class<?> type = generatedClass(schemaId, writer);
        SpecificData data = SpecificData.getForClass(type);
        Schema reader = withStrings(data.getSchema(type));
        DatumReader<Object> specific = new SpecificDatumReader<>(reader, reader, data);
        SchemaResolution resolution = SchemaResolution.of(writer, reader);
        if (resolution.keepsBytes()) {
            return new RecordDecoder(schemaId, writer, specific, null, value -> value);
        }
        DatumWriter<Object> resolved = new GenericDatumWriter<>(reader);
        return new RecordDecoder(
                schemaId,
                writer,
                GenericStrings.MODEL.createDatumReader(writer, writer),
                resolution,
                new Rewriting(resolved, specific));
    }

    /** A copy in which every string and map that says nothing of its Java type says {@code String}. */
    private static Schema withStrings(Schema schema) {
        Schema copy = new Schema.Parser(NameValidator.NO_VALIDATION)
                .setValidateDefaults(false)
                .parse(schema.toString());
        markStrings(copy, Collections.newSetFromMap(new IdentityHashMap<>()));
        return copy;
    }

    private static void markStrings(Schema schema, Set<Schema> seen) {
        if (!seen.add(schema)) {
            return;
        }
        switch (schema.getType()) {
            case RECORD -> schema.getFields().forEach(field -> markStrings(field.schema(), seen));
            case UNION -> schema.getTypes().forEach(type -> markStrings(type, seen));
            case ARRAY -> markStrings(schema.getElementType(), seen);
            case MAP -> {
                markJavaType(schema, SpecificData.KEY_CLASS_PROP);
                markStrings(schema.getValueType(), seen);
            }
            case STRING -> markJavaType(schema, SpecificData.CLASS_PROP);
            default -> {}
        }
    }

    private static void markJavaType(Schema schema, String classProperty) {
        if (schema.getProp(classProperty) == null && schema.getProp(GenericData.STRING_PROP) == null) {
            GenericData.setStringType(schema, GenericData.StringType.String);
        }
    }

    private static Class<?> generatedClass(SchemaId schemaId, Schema writer) {
        String message = "Schema id %s: %s is true, but the generated class %s is not %s";
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

    /** @param offset where Avro binary begins */
    Object decode(String topic, byte[] bytes, int offset) {
        if (writer.getType() == Schema.Type.BYTES) {
            return Arrays.copyOfRange(bytes, offset, bytes.length);
        }
        Object value = read(topic, bytes, offset);
        try {
            return then.apply(value);
        } catch (RuntimeException e) {
            throw unreadable(topic, "the record can't be mapped to its class: " + e.getMessage(), e);
        }
    }

    private Object read(String topic, byte[] bytes, int offset) {
        try {
            BinaryDecoder decoder =
                    DecoderFactory.get().binaryDecoder(bytes, offset, bytes.length - offset, DECODER.get());
            DECODER.set(decoder);
            Object value = reader.read(null, decoder);
            if (!decoder.isEnd()) {
                throw new IOException("bytes are left over after the record");
            }
            return resolution == null ? value : SchemaResolution.required(resolution.resolve(value));
        } catch (IOException | RuntimeException e) {
            throw unreadable(topic, Objects.requireNonNullElse(e.getMessage(), "the bytes end too early"), e);
        } catch (StackOverflowError e) {
            // A recursive schema lets few bytes nest deeper than the stack.
            throw unreadable(topic, "the record is nested too deeply", e);
        }
    }

    private UnreadableBytesException unreadable(String topic, String reason, Throwable cause) {
        return new UnreadableBytesException(
                "Topic %s, schema id %s: the bytes are no readable %s: %s"
                        .formatted(topic, schemaId, writer.getFullName(), reason),
                cause);
    }
}
