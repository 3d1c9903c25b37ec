package dev.annals.serde;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.annals.serde.SchemaResolution.Step;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;

/**
 * Avro's promotions of plain types (Avro specification, "Schema Resolution"), held to exact values: a long that no
 * double has is refused.
 */
final class Promotion {

    private static final Step SAME = value -> value;

    private Promotion() {}

    /** From one type to another that {@link org.apache.avro.Resolver} has found it can be promoted to, or to itself. */
    static Step between(String path, Schema.Type writer, Schema.Type reader) {
        if (writer == reader) {
            return SAME;
        }
        return value -> {
            Object required = SchemaResolution.required(value);
            return switch (reader) {
                case LONG -> ((Number) required).longValue();
                case FLOAT -> exactFloat(path, (Number) required);
                case DOUBLE -> exactDouble(path, (Number) required);
                case BYTES -> ByteBuffer.wrap(required.toString().getBytes(UTF_8));
                case STRING -> text(path, (ByteBuffer) required);
                default ->
                    throw new AvroTypeException("%s: %s can't be promoted to %s".formatted(path, writer, reader));
            };
        };
    }

    private static float exactFloat(String path, Number value) {
        float promoted = value.floatValue();
        requireExact(path, value, promoted, "float");
        return promoted;
    }

    private static double exactDouble(String path, Number value) {
        double promoted = value.doubleValue();
        if (!(value instanceof Float)) { // every float is a double, also those that are no number
            requireExact(path, value, promoted, "double");
        }
        return promoted;
    }

    private static void requireExact(String path, Number whole, double promoted, String type) {
        if (new BigDecimal(promoted).compareTo(BigDecimal.valueOf(whole.longValue())) != 0) {
            throw new AvroTypeException(
                    "%s: expected a %s, got %s, which no %s has exactly".formatted(path, type, whole, type));
        }
    }

    private static String text(String path, ByteBuffer bytes) {
        try {
            return UTF_8.newDecoder().decode(bytes.duplicate()).toString();
        } catch (CharacterCodingException e) {
            throw new AvroTypeException("%s: expected a string, got bytes that are no UTF-8".formatted(path), e);
        }
    }
}
