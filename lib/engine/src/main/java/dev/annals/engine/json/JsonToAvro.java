package dev.annals.engine.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/**
 * Reads JSON documents as records of one Avro schema, strictly.
 *
 * <p>Unknown and repeated fields, missing ones, wrong types and numbers out of range are errors; nothing is rounded,
 * cut or guessed:
 *
 * <ul>
 *   <li>decimals are JSON strings or numbers and never pass through a binary floating-point number; zeros after the
 *       schema's scale are accepted ({@code "1.50000"} for scale 4), other digits refused;
 *   <li>times are ISO-8601 strings in UTC that end with {@code Z}; digits finer than the schema's microseconds (or
 *       milliseconds) are refused, unless zero;
 *   <li>whole numbers are JSON numbers without fraction or exponent;
 *   <li>fields of type {@code [null, T]} may be absent or null, fields with a default may be absent.
 * </ul>
 *
 * <p>Immutable and thread-safe.
 */
public final class JsonToAvro {

    /** More errors than this are not listed. */
    public static final int MAX_ERRORS = 10;

    /** Objects and arrays inside each other. */
    public static final int MAX_NESTING = 32;

    /** Bytes of a document. A server refuses longer ones before they get here. */
    public static final int MAX_BYTES = 1 << 20;

    /** Characters of one number; far more than any decimal that a schema allows. */
    private static final int MAX_NUMBER_LENGTH = 100;

    private static final ObjectReader READER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING)
                            .maxDocumentLength(MAX_BYTES)
                            .maxNumberLength(MAX_NUMBER_LENGTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build()
            .reader();

    private final Schema schema;

    private JsonToAvro(Schema schema) {
        this.schema = schema;
    }

    /**
     * @throws IllegalArgumentException if the schema is no record or has a union other than {@code [null, T]} inside
     */
    public static JsonToAvro of(Schema schema) {
        return new JsonToAvro(SchemaShape.requireSupported(schema));
    }

    public Schema schema() {
        return schema;
    }

    /**
     * @param utf8 the document, a JSON object
     * @throws InvalidJsonException if it does not fit; the errors say where and why
     */
    public GenericRecord read(byte[] utf8) {
        return read(parse(utf8));
    }

    /**
     * Reads a document that is parsed already. Decimals are exact only if the parser kept them so
     * ({@link DeserializationFeature#USE_BIG_DECIMAL_FOR_FLOATS}).
     *
     * @throws InvalidJsonException if it does not fit; the errors say where and why
     */
    public GenericRecord read(JsonNode document) {
        return new Conversion().document(schema, document);
    }

    private static JsonNode parse(byte[] utf8) {
        try {
            return READER.readTree(utf8);
        } catch (JsonProcessingException e) {
            throw new InvalidJsonException(List.of(new FieldError("", expectation(e), reason(e))), e);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }

    private static String expectation(JsonProcessingException e) {
        return e instanceof StreamConstraintsException
                ? "at most %d bytes, nested at most %d deep, numbers of at most %d characters"
                        .formatted(MAX_BYTES, MAX_NESTING, MAX_NUMBER_LENGTH)
                : "one JSON object in UTF-8, each field once";
    }

    private static String reason(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        String where =
                location == null ? "" : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
        return Conversion.shortened(e.getOriginalMessage()) + where;
    }
}
