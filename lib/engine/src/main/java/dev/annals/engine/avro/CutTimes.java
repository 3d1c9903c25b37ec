package dev.annals.engine.avro;

import java.util.HashSet;
import java.util.Set;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Finds times in milliseconds ({@code timestamp-millis}): writing cuts off what a time has beyond them. */
final class CutTimes {

    private CutTimes() {}

    /** Whether a schema has one anywhere. */
    static boolean areIn(Schema schema) {
        return areIn(schema, new HashSet<>());
    }

    /** @param seen records: a schema can contain itself */
    private static boolean areIn(Schema schema, Set<String> seen) {
        return switch (schema.getType()) {
            case LONG -> schema.getLogicalType() instanceof LogicalTypes.TimestampMillis;
            case ARRAY -> areIn(schema.getElementType(), seen);
            case MAP -> areIn(schema.getValueType(), seen);
            case UNION -> schema.getTypes().stream().anyMatch(branch -> areIn(branch, seen));
            case RECORD ->
                seen.add(schema.getFullName())
                        && schema.getFields().stream().anyMatch(field -> areIn(field.schema(), seen));
            default -> false;
        };
    }
}
