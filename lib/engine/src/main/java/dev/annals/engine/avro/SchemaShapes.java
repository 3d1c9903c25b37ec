package dev.annals.engine.avro;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * Tells schemas apart by what matters to stored values: names, types and logical types, but no documentation. Avro's
 * own fingerprint (Parsing Canonical Form) is blind to logical types: a long that becomes a time must not pass for one.
 */
public final class SchemaShapes {

    private SchemaShapes() {}

    /** Sixteen hexadecimal digits, equal for schemas of the same shape in the same order. */
    public static String of(Collection<Schema> schemas) {
        StringBuilder text = new StringBuilder();
        for (Schema schema : schemas) {
            text.append(SchemaNormalization.toParsingForm(schema)).append('\n');
            logicalTypes(schema, new HashSet<>(), text);
        }
        long fingerprint = SchemaNormalization.fingerprint64(text.toString().getBytes(StandardCharsets.UTF_8));
        return "%016x".formatted(fingerprint);
    }

    /** In the order of the fields; a record that was met before adds nothing, so a schema may contain itself. */
    private static void logicalTypes(Schema schema, Set<String> seen, StringBuilder text) {
        String logicalType = schema.getProp("logicalType");
        if (logicalType != null) {
            text.append(logicalType);
            if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
                text.append('(')
                        .append(decimal.getPrecision())
                        .append(',')
                        .append(decimal.getScale())
                        .append(')');
            }
        }
        text.append(';');
        switch (schema.getType()) {
            case RECORD -> {
                if (seen.add(schema.getFullName())) {
                    schema.getFields().forEach(field -> logicalTypes(field.schema(), seen, text));
                }
            }
            case ARRAY -> logicalTypes(schema.getElementType(), seen, text);
            case MAP -> logicalTypes(schema.getValueType(), seen, text);
            case UNION -> schema.getTypes().forEach(type -> logicalTypes(type, seen, text));
            default -> {}
        }
    }
}
