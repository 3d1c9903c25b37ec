package dev.annals.engine.json;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Function;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The order of a scalar type, by what its values mean and not by how they are written: amounts of another scale and
 * times of another zone are the same value. Immutable and thread-safe.
 *
 * @param values what has this order, in words
 * @param reader of what {@link AvroToJson#text} writes, and of what people write for it
 */
public record ScalarOrder<T>(String values, Function<String, T> reader, Comparator<T> comparator) {

    private static final ScalarOrder<BigDecimal> NUMBERS = natural("numbers such as 12.5", BigDecimal::new);

    /** Not as decimals, which have no infinity. */
    private static final ScalarOrder<Double> FLOATING_POINT = natural("numbers such as 12.5", Double::valueOf);

    private static final ScalarOrder<LocalDate> DATES = natural("dates such as 2011-01-04", LocalDate::parse);
    private static final ScalarOrder<Instant> TIMES = natural("times such as 2011-01-04T10:00:00Z", Instant::parse);

    /** By code point, as their bytes in UTF-8 stand. */
    private static final ScalarOrder<byte[]> TEXTS =
            new ScalarOrder<>("texts", text -> text.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private static <T extends Comparable<? super T>> ScalarOrder<T> natural(String values, Function<String, T> reader) {
        return new ScalarOrder<>(values, reader, Comparator.naturalOrder());
    }

    /** Of a record's field; null where its type has none, or there is no such field. */
    public static @Nullable ScalarOrder<?> of(Schema record, String field) {
        Schema.Field found = record.getField(field);
        return found == null ? null : of(SchemaShape.nonNull(found.schema()));
    }

    private static @Nullable ScalarOrder<?> of(Schema schema) {
        LogicalType logical = schema.getLogicalType();
        if (logical instanceof LogicalTypes.Decimal) {
            return NUMBERS;
        }
        return switch (schema.getType()) {
            case INT -> logical instanceof LogicalTypes.Date ? DATES : NUMBERS;
            case LONG -> Scalars.isTime(logical) ? TIMES : NUMBERS;
            case FLOAT, DOUBLE -> FLOATING_POINT;
            case STRING -> TEXTS;
            case ENUM, BOOLEAN, BYTES, FIXED, NULL, RECORD, ARRAY, MAP, UNION -> null;
        };
    }

    /**
     * @throws IllegalArgumentException if the text is no such value
     * @throws java.time.DateTimeException likewise
     */
    public T read(String text) {
        return reader.apply(text);
    }

    public int compare(T one, T other) {
        return comparator.compare(one, other);
    }
}
