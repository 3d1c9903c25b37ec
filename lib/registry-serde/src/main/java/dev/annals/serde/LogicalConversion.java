package dev.annals.serde;

import dev.annals.serde.LogicalMeaning.Decimal;
import dev.annals.serde.LogicalMeaning.FreeDecimal;
import dev.annals.serde.LogicalMeaning.Named;
import dev.annals.serde.LogicalMeaning.Plain;
import dev.annals.serde.LogicalMeaning.TimePoint;
import dev.annals.serde.LogicalMeaning.Uuid;
import dev.annals.serde.SchemaResolution.Step;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.jspecify.annotations.Nullable;

/** Exact conversions between logical types that mean the same kind of thing, from raw value to raw value. */
record LogicalConversion(String path, Schema writer, Schema reader) {

    /** Generous, since a writer may pad; a bound, since calculating with a number costs the square of its length. */
    private static final int MIN_MAX_DECIMAL_BYTES = 32;

    private static final int UUID_BYTES = 2 * Long.BYTES;

    /**
     * Whether equal raw values mean the same: no logical types, or equal ones. A text is a text, whatever else it is
     * called.
     */
    static boolean meansTheSame(Schema writer, Schema reader) {
        LogicalMeaning from = LogicalMeaning.of(writer);
        LogicalMeaning to = LogicalMeaning.of(reader);
        boolean sameType = writer.getType() == reader.getType();
        if (from.equals(to)) {
            return sameType || to instanceof Plain;
        }
        return sameType && reader.getType() == Schema.Type.STRING && !(to instanceof Uuid);
    }

    /** How to convert, or null if one can't be had from the other. */
    static @Nullable Step between(String path, Schema writer, Schema reader) {
        var conversion = new LogicalConversion(path, writer, reader);
        return switch (LogicalMeaning.of(reader)) {
            case Decimal to -> conversion.toDecimal(to);
            case FreeDecimal to -> conversion.toFreeDecimal();
            case TimePoint to -> conversion.toTime(to);
            case Uuid to -> conversion.toUuid();
            case Plain to when reader.getType() == Schema.Type.STRING -> conversion.toText();
            case Plain to -> null;
            case Named to -> null;
        };
    }

    private @Nullable Step toDecimal(Decimal to) {
        return switch (LogicalMeaning.of(writer)) {
            case Decimal from -> value -> decimalBytes(to, decimal(from, value));
            case FreeDecimal from -> value -> decimalBytes(to, freeDecimal(value));
            default -> null;
        };
    }

    private @Nullable Step toFreeDecimal() {
        return LogicalMeaning.of(writer) instanceof Decimal from
                ? value -> new Conversions.BigDecimalConversion()
                        .toBytes(decimal(from, value), reader, LogicalTypes.bigDecimal())
                : null;
    }

    private @Nullable Step toTime(TimePoint to) {
        return LogicalMeaning.of(writer) instanceof TimePoint from
                        && from.axis().equals(to.axis())
                ? value -> units(from, to, ((Number) SchemaResolution.required(value)).longValue())
                : null;
    }

    private @Nullable Step toUuid() {
        boolean isUuid = LogicalMeaning.of(writer) instanceof Uuid || writer.getType() == Schema.Type.STRING;
        if (!isUuid) {
            return null;
        }
        return reader.getType() == Schema.Type.STRING
                ? value -> uuid(value).toString()
                : value -> new GenericData.Fixed(reader, bytes(uuid(value)));
    }

    private @Nullable Step toText() {
        return LogicalMeaning.of(writer) instanceof Uuid ? value -> uuid(value).toString() : null;
    }

    private BigDecimal decimal(Decimal from, @Nullable Object value) {
        byte[] bytes = RawValues.bytes(SchemaResolution.required(value));
        int max = Math.max(MIN_MAX_DECIMAL_BYTES, from.precision());
        if (bytes.length == 0 || bytes.length > max) {
            throw refused("a decimal of %d bytes, at most %d".formatted(bytes.length, max));
        }
        return new BigDecimal(new BigInteger(bytes), from.scale());
    }

    private BigDecimal freeDecimal(@Nullable Object value) {
        byte[] bytes = RawValues.bytes(SchemaResolution.required(value));
        if (bytes.length > MIN_MAX_DECIMAL_BYTES) {
            throw refused("a number of %d bytes, at most %d".formatted(bytes.length, MIN_MAX_DECIMAL_BYTES));
        }
        try {
            return new Conversions.BigDecimalConversion()
                    .fromBytes(ByteBuffer.wrap(bytes), writer, LogicalTypes.bigDecimal());
        } catch (RuntimeException e) { // whatever Avro's conversion throws at bytes that are none
            throw refused("bytes that are none");
        }
    }

    private Object decimalBytes(Decimal to, BigDecimal value) {
        byte[] unscaled = scaled(to, value).unscaledValue().toByteArray();
        if (reader.getType() == Schema.Type.FIXED && unscaled.length > reader.getFixedSize()) {
            throw refused(value.toString());
        }
        return RawValues.decimal(reader, unscaled);
    }

    /** Looks at the digits before scaling: a scale of two thousand millions must not become as many digits. */
    private BigDecimal scaled(Decimal to, BigDecimal value) {
        if (value.signum() == 0) {
            return BigDecimal.ZERO.setScale(to.scale());
        }
        if (value.unscaledValue().bitLength() > Byte.SIZE * Math.max(MIN_MAX_DECIMAL_BYTES, to.precision())) {
            throw refused("a number of %d bits".formatted(value.unscaledValue().bitLength()));
        }
        long digits = value.precision();
        long wholeDigits = digits - value.scale();
        long dropped = (long) value.scale() - to.scale();
        if (wholeDigits > to.precision() - to.scale() || dropped >= digits) {
            throw refused(value.toString());
        }
        try {
            return value.setScale(to.scale());
        } catch (ArithmeticException e) {
            throw refused(value.toString());
        }
    }

    private Object units(TimePoint from, TimePoint to, long value) {
        try {
            long converted;
            if (to.perSecond() >= from.perSecond()) {
                converted = Math.multiplyExact(value, to.perSecond() / from.perSecond());
            } else {
                long ratio = from.perSecond() / to.perSecond();
                if (value % ratio != 0) {
                    throw refused("%d, which is no whole number of its units".formatted(value));
                }
                converted = value / ratio;
            }
            return reader.getType() == Schema.Type.INT ? (Object) Math.toIntExact(converted) : (Object) converted;
        } catch (ArithmeticException e) {
            throw refused("%d, which is out of its range".formatted(value));
        }
    }

    private UUID uuid(@Nullable Object value) {
        if (value instanceof GenericFixed fixed && fixed.bytes().length == UUID_BYTES) {
            ByteBuffer bytes = ByteBuffer.wrap(fixed.bytes());
            return new UUID(bytes.getLong(), bytes.getLong());
        }
        String text = SchemaResolution.required(value).toString();
        if (!RawValues.isUuid(text)) {
            throw refused("a text that is no UUID");
        }
        return UUID.fromString(text);
    }

    private static byte[] bytes(UUID uuid) {
        return ByteBuffer.allocate(UUID_BYTES)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }

    private AvroTypeException refused(String found) {
        return new AvroTypeException("%s: expected %s, but the writer's %s is %s"
                .formatted(path, describe(reader), describe(writer), found));
    }

    /** A type as a person names it: {@code bytes decimal(18,4)}. */
    static String describe(Schema schema) {
        if (schema.getType() == Schema.Type.UNION) {
            return schema.getTypes().stream()
                    .map(LogicalConversion::describe)
                    .toList()
                    .toString();
        }
        String type = schema.getType().getName();
        return switch (LogicalMeaning.of(schema)) {
            case Plain plain -> schema.getName().equals(type) ? type : type + " " + schema.getName();
            case LogicalMeaning meaning -> type + " " + meaning.text();
        };
    }
}
