package dev.annals.engine.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.serde.RawValues;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.jspecify.annotations.Nullable;

/** Values without parts: how they are read, written as text, and described. */
final class Scalars {

    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");
    /** Characters of a decimal in a string; far more than any schema allows, and cheap to parse. */
    private static final int MAX_DECIMAL_LENGTH = 100;

    /** RFC 3339 has four digits for the year. */
    private static final int MAX_YEAR = 9999;

    private static final Instant MIN_TIME = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant MAX_TIME = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private Scalars() {}

    /** The raw Avro value, or null if the node does not fit. */
    static @Nullable Object read(Schema schema, JsonNode node) {
        LogicalType logical = schema.getLogicalType();
        if (logical instanceof LogicalTypes.Decimal decimal) {
            return decimal(schema, decimal, node);
        }
        return switch (schema.getType()) {
            case STRING -> logical instanceof LogicalTypes.Uuid ? uuid(node) : text(node);
            case ENUM ->
                node.isTextual() && schema.hasEnumSymbol(node.textValue())
                        ? new GenericData.EnumSymbol(schema, node.textValue())
                        : null;
            case BOOLEAN -> node.isBoolean() ? node.booleanValue() : null;
            case INT -> logical instanceof LogicalTypes.Date ? date(node) : integer(node);
            case LONG -> isTime(logical) ? time(node, unit(logical)) : whole(node);
            case FLOAT -> node.isNumber() && Float.isFinite(node.floatValue()) ? node.floatValue() : null;
            case DOUBLE -> node.isNumber() && Double.isFinite(node.doubleValue()) ? node.doubleValue() : null;
            case BYTES -> buffer(bytes(node));
            case FIXED -> fixed(schema, bytes(node));
            case NULL, RECORD, ARRAY, MAP, UNION -> null;
        };
    }

    /** What {@link #read} accepts, in words. */
    static String expected(Schema schema) {
        LogicalType logical = schema.getLogicalType();
        if (logical instanceof LogicalTypes.Decimal decimal) {
            return "a decimal number (JSON string or number) of at most %d digits, %d of them after the point"
                    .formatted(decimal.getPrecision(), decimal.getScale());
        }
        return switch (schema.getType()) {
            case STRING ->
                logical instanceof LogicalTypes.Uuid
                        ? "a UUID such as \"123e4567-e89b-12d3-a456-426614174000\""
                        : "a string";
            case ENUM -> "one of " + String.join(", ", schema.getEnumSymbols());
            case BOOLEAN -> "true or false";
            case INT ->
                logical instanceof LogicalTypes.Date
                        ? "a date such as \"2011-01-04\""
                        : "a whole number from %d to %d".formatted(Integer.MIN_VALUE, Integer.MAX_VALUE);
            case LONG ->
                isTime(logical)
                        ? "a time in UTC such as \"2011-01-04T10:00:00Z\", with at most %d decimals of a second"
                                .formatted(unit(logical) == ChronoUnit.MILLIS ? 3 : 6)
                        : "a whole number from %d to %d".formatted(Long.MIN_VALUE, Long.MAX_VALUE);
            case FLOAT, DOUBLE -> "a number";
            case BYTES -> "bytes as a Base64 string";
            case FIXED -> "%d bytes as a Base64 string".formatted(schema.getFixedSize());
            case ARRAY -> "an array";
            case RECORD, MAP -> "an object";
            case NULL -> "null";
            case UNION -> expected(SchemaShape.nonNull(schema));
        };
    }

    /** The text of a decimal, time, date or bytes, for JSON; null where the value has a plain form. */
    static @Nullable String write(Schema schema, Object value) {
        LogicalType logical = schema.getLogicalType();
        if (logical instanceof LogicalTypes.Decimal decimal) {
            return plain(new BigDecimal(new BigInteger(RawValues.bytes(value)), decimal.getScale()));
        }
        return switch (schema.getType()) {
            case INT ->
                logical instanceof LogicalTypes.Date
                        ? LocalDate.ofEpochDay((Integer) value).toString()
                        : null;
            case LONG ->
                isTime(logical)
                        ? Instant.EPOCH.plus((Long) value, unit(logical)).toString()
                        : null;
            case BYTES, FIXED -> Base64.getEncoder().encodeToString(RawValues.bytes(value));
            case STRING, ENUM -> value.toString();
            default -> null;
        };
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    private static @Nullable Object decimal(Schema schema, LogicalTypes.Decimal type, JsonNode node) {
        BigDecimal value = number(node);
        if (value == null || !fits(value, type)) {
            return null;
        }
        return RawValues.decimal(
                schema, value.setScale(type.getScale()).unscaledValue().toByteArray());
    }

    private static @Nullable BigDecimal number(JsonNode node) {
        if (node.isTextual()) {
            String text = node.textValue();
            return text.length() <= MAX_DECIMAL_LENGTH && DECIMAL.matcher(text).matches() ? new BigDecimal(text) : null;
        }
        return node.isNumber() ? node.decimalValue() : null;
    }

    /** Looks at the digits before scaling: {@code 1e999999999} must not become a number of a billion digits. */
    private static boolean fits(BigDecimal value, LogicalTypes.Decimal type) {
        if (value.signum() == 0) {
            return true;
        }
        BigDecimal stripped = value.stripTrailingZeros();
        long integerDigits = (long) stripped.precision() - stripped.scale();
        return stripped.scale() <= type.getScale() && integerDigits <= type.getPrecision() - type.getScale();
    }

    private static @Nullable String text(JsonNode node) {
        return node.isTextual() ? node.textValue() : null;
    }

    private static @Nullable String uuid(JsonNode node) {
        return node.isTextual() && RawValues.isUuid(node.textValue())
                ? UUID.fromString(node.textValue()).toString()
                : null;
    }

    private static @Nullable Integer integer(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToInt() ? node.intValue() : null;
    }

    private static @Nullable Long whole(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() ? node.longValue() : null;
    }

    private static @Nullable Integer date(JsonNode node) {
        try {
            LocalDate date = node.isTextual() ? LocalDate.parse(node.textValue()) : null;
            return date == null || date.getYear() < 0 || date.getYear() > MAX_YEAR
                    ? null
                    : Integer.valueOf((int) date.toEpochDay());
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable Long time(JsonNode node, ChronoUnit unit) {
        if (!node.isTextual() || !node.textValue().endsWith("Z")) {
            return null;
        }
        try {
            Instant time = Instant.parse(node.textValue());
            boolean exact = time.truncatedTo(unit).equals(time);
            boolean inRange = !time.isBefore(MIN_TIME) && !time.isAfter(MAX_TIME);
            return exact && inRange ? unit.between(Instant.EPOCH, time) : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    static boolean isTime(@Nullable LogicalType logical) {
        return logical instanceof LogicalTypes.TimestampMicros || logical instanceof LogicalTypes.TimestampMillis;
    }

    private static ChronoUnit unit(@Nullable LogicalType logical) {
        return logical instanceof LogicalTypes.TimestampMillis ? ChronoUnit.MILLIS : ChronoUnit.MICROS;
    }

    private static byte @Nullable [] bytes(JsonNode node) {
        try {
            return node.isTextual() ? Base64.getDecoder().decode(node.textValue()) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable ByteBuffer buffer(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    private static GenericData.@Nullable Fixed fixed(Schema schema, byte @Nullable [] bytes) {
        return bytes == null || bytes.length != schema.getFixedSize() ? null : new GenericData.Fixed(schema, bytes);
    }
}
