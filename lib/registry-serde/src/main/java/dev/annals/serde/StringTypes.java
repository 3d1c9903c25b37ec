package dev.annals.serde;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.specific.SpecificData;

/** Tells Avro to make {@link String}s, for generated classes that leave it open. */
final class StringTypes {

    private StringTypes() {}

    /** A copy in which every string and map that says nothing of its Java type says {@code String}. */
    static Schema everywhere(Schema schema) {
        Schema copy = new Schema.Parser(NameValidator.NO_VALIDATION)
                .setValidateDefaults(false)
                .parse(schema.toString());
        annotate(copy, Collections.newSetFromMap(new IdentityHashMap<>()));
        return copy;
    }

    private static void annotate(Schema schema, Set<Schema> seen) {
        if (!seen.add(schema)) {
            return;
        }
        switch (schema.getType()) {
            case RECORD -> schema.getFields().forEach(field -> annotate(field.schema(), seen));
            case UNION -> schema.getTypes().forEach(type -> annotate(type, seen));
            case ARRAY -> annotate(schema.getElementType(), seen);
            case MAP -> {
                markString(schema, SpecificData.KEY_CLASS_PROP);
                annotate(schema.getValueType(), seen);
            }
            case STRING -> markString(schema, SpecificData.CLASS_PROP);
            default -> {}
        }
    }

    private static void markString(Schema schema, String classProperty) {
        if (schema.getProp(classProperty) == null && schema.getProp(GenericData.STRING_PROP) == null) {
            GenericData.setStringType(schema, GenericData.StringType.String);
        }
    }
}
