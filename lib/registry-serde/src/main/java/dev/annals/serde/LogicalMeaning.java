package dev.annals.serde;

import java.util.Map;
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** What the raw values of a type stand for, as its logical type says (Avro specification, "Logical Types"). */
sealed interface LogicalMeaning {

    /** In the words of a schema. */
    String text();

    /** No logical type: the value is what it is. */
    record Plain(String text) implements LogicalMeaning {}

    record Decimal(int precision, int scale) implements LogicalMeaning {
        @Override
        public String text() {
            return "decimal(%d,%d)".formatted(precision, scale);
        }
    }

    /** A decimal whose scale stands with each value. */
    record FreeDecimal(String text) implements LogicalMeaning {}

    /**
     * A count of units from the beginning of an axis.
     *
     * @param axis instants, times without a zone, or times of a day: never converted into each other
     */
    record TimePoint(String axis, long perSecond, String text) implements LogicalMeaning {

        private static final Map<String, Long> UNITS =
                Map.of("millis", 1_000L, "micros", 1_000_000L, "nanos", 1_000_000_000L);

        private static final Set<String> AXES = Set.of("timestamp", "local-timestamp", "time");

        /** Of a logical type's name, {@code <axis>-<unit>}; null if it names no time. */
        static @Nullable TimePoint named(String name) {
            int hyphen = name.lastIndexOf('-');
            String axis = name.substring(0, Math.max(hyphen, 0));
            Long perSecond = UNITS.get(name.substring(hyphen + 1));
            return perSecond == null || !AXES.contains(axis) ? null : new TimePoint(axis, perSecond, name);
        }
    }

    record Uuid(String text) implements LogicalMeaning {}

    /**
     * Any other, also one that Avro doesn't know or that is not valid: equal to itself, and nothing else is known of
     * it.
     */
    record Named(String text) implements LogicalMeaning {}

    static LogicalMeaning of(Schema schema) {
        String name = schema.getProp(LogicalType.LOGICAL_TYPE_PROP);
        if (name == null) {
            return new Plain("");
        }
        LogicalType valid = schema.getLogicalType();
        return switch (valid) {
            case LogicalTypes.Decimal decimal -> new Decimal(decimal.getPrecision(), decimal.getScale());
            case LogicalTypes.BigDecimal big -> new FreeDecimal(name);
            case LogicalTypes.Uuid uuid -> new Uuid(name);
            case null -> new Named(name);
            default -> {
                TimePoint point = TimePoint.named(name);
                yield point == null ? new Named(name) : point;
            }
        };
    }
}
