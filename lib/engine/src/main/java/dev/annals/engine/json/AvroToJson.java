package dev.annals.engine.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes Avro records with raw values as JSON, by their own schema.
 *
 * <p>Every field of the schema is present, null as {@code null}: a reader sees what a record can have. Decimals are
 * strings without an exponent or zeros at the end ({@code "12.5"}, {@code "0"}). A record of a union of records says
 * which it is: {@code {"Deposited":{"amount":"12.5"}}}. What this writes, {@link JsonToAvro} reads as the same record,
 * but for such unions. Stateless and thread-safe.
 */
public final class AvroToJson {

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private AvroToJson() {}

    /** Writes the record as one JSON object at the generator's place. */
    public static void write(IndexedRecord record, JsonGenerator json) throws IOException {
        json.writeStartObject();
        for (Schema.Field field : record.getSchema().getFields()) {
            json.writeFieldName(field.name());
            value(field.schema(), record.get(field.pos()), json);
        }
        json.writeEndObject();
    }

    /** The record as a tree, for those who add to it. */
    public static ObjectNode toTree(IndexedRecord record) {
        try (TokenBuffer buffer = new TokenBuffer(MAPPER, false)) {
            write(record, buffer);
            return MAPPER.readValue(buffer.asParser(), ObjectNode.class);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
    }

    /** A value without parts as its text in JSON, without quotes. */
    public static String text(Schema declared, Object value) {
        String text = Scalars.write(SchemaShape.nonNull(declared), value);
        return text == null ? value.toString() : text;
    }

    /** A field of a record, as {@link #texts(Schema, Object)}; nothing where there is none, or it has no value. */
    public static Stream<String> texts(IndexedRecord record, String name) {
        Schema.Field field = record.getSchema().getField(name);
        Object value = field == null ? null : record.get(field.pos());
        return value == null ? Stream.empty() : texts(field.schema(), value);
    }

    /** As {@link #text}, of each element where the value is a list. */
    public static Stream<String> texts(Schema declared, Object value) {
        return value instanceof List<?> elements
                ? elements.stream()
                        .map(each -> text(SchemaShape.nonNull(declared).getElementType(), each))
                : Stream.of(text(declared, value));
    }

    private static void value(Schema declared, @Nullable Object value, JsonGenerator json) throws IOException {
        if (value == null) {
            json.writeNull();
            return;
        }
        Schema schema = SchemaShape.nonNull(declared);
        switch (schema.getType()) {
            case RECORD -> write((IndexedRecord) value, json);
            case ARRAY -> array(schema.getElementType(), (List<?>) value, json);
            case MAP -> map(schema.getValueType(), (Map<?, ?>) value, json);
            case UNION -> choice((IndexedRecord) value, json);
            default -> scalar(schema, value, json);
        }
    }

    private static void choice(IndexedRecord record, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeFieldName(record.getSchema().getName());
        write(record, json);
        json.writeEndObject();
    }

    private static void array(Schema element, List<?> values, JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (Object value : values) {
            value(element, value, json);
        }
        json.writeEndArray();
    }

    private static void map(Schema element, Map<?, ?> values, JsonGenerator json) throws IOException {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : values.entrySet()) {
            json.writeFieldName(entry.getKey().toString());
            value(element, entry.getValue(), json);
        }
        json.writeEndObject();
    }

    private static void scalar(Schema schema, Object value, JsonGenerator json) throws IOException {
        String text = Scalars.write(schema, value);
        if (text != null) {
            json.writeString(text);
            return;
        }
        switch (value) {
            case Boolean bool -> json.writeBoolean(bool);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Float number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            default ->
                throw new IllegalArgumentException("a value of %s has no form in JSON: %s"
                        .formatted(schema.getType(), value.getClass().getName()));
        }
    }
}
