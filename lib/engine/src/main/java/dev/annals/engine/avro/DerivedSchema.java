package dev.annals.engine.avro;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Avro schemas of records that stay inside a service (decider states, parts of grouped views), derived from their components.
 *
 * <p>Every component that is a reference can be null, since nothing outside reads these (elements of lists and maps can't);
 * money has scale 4. What leaves a service has a written {@code .avsc} instead.
 */
public final class DerivedSchema {

    private static final int DECIMAL_PRECISION = 38;
    private static final int DECIMAL_SCALE = 4;

    private final Map<Class<?>, Schema> named = new HashMap<>();

    private DerivedSchema() {}

    /**
     * The schema of a record class and everything in it.
     *
     * @throws BindingException if a component has a type that can't be derived; the message names it
     */
    public static Schema of(Class<? extends Record> type) {
        return new DerivedSchema().record(type);
    }

    private Schema record(Class<?> type) {
        Schema known = named.get(type);
        if (known != null) {
            return known;
        }
        Schema schema = Schema.createRecord(uniqueName(type), null, "annals.internal", false);
        named.put(type, schema);
        schema.setFields(Arrays.stream(type.getRecordComponents())
                .map(component -> field(type, component))
                .toList());
        return schema;
    }

    private Schema.Field field(Class<?> owner, RecordComponent component) {
        String path = owner.getSimpleName() + "." + component.getName();
        Schema value = value(path, component.getGenericType());
        return component.getType().isPrimitive()
                ? new Schema.Field(component.getName(), value)
                : new Schema.Field(component.getName(), orNull(value), null, Schema.Field.NULL_DEFAULT_VALUE);
    }

    private static Schema orNull(Schema schema) {
        return Schema.createUnion(Schema.create(Schema.Type.NULL), schema);
    }

    private Schema value(String path, Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class) {
                return Schema.createArray(value(path + "[]", arguments[0]));
            }
            if (generic.getRawType() == Map.class && arguments[0] == String.class) {
                return Schema.createMap(value(path + "{}", arguments[1]));
            }
        } else if (type instanceof Class<?> plain) {
            return scalar(path, plain);
        }
        throw unsupported(path, type);
    }

    private Schema scalar(String path, Class<?> type) {
        if (type.isRecord()) {
            return record(type);
        }
        if (type.isEnum()) {
            Schema known = named.get(type);
            Schema schema = known == null ? enumeration(type) : known;
            named.put(type, schema);
            return schema;
        }
        if (type == String.class || type == UUID.class) {
            return Schema.create(Schema.Type.STRING);
        }
        if (type == BigDecimal.class) {
            return LogicalTypes.decimal(DECIMAL_PRECISION, DECIMAL_SCALE).addToSchema(Schema.create(Schema.Type.BYTES));
        }
        if (type == Instant.class) {
            return LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
        }
        if (type == LocalDate.class) {
            return LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
        }
        Schema.Type primitive = PRIMITIVES.get(type);
        if (primitive == null) {
            throw unsupported(path, type);
        }
        return Schema.create(primitive);
    }

    private static final Map<Class<?>, Schema.Type> PRIMITIVES = Map.of(
            int.class, Schema.Type.INT,
            Integer.class, Schema.Type.INT,
            long.class, Schema.Type.LONG,
            Long.class, Schema.Type.LONG,
            double.class, Schema.Type.DOUBLE,
            Double.class, Schema.Type.DOUBLE,
            boolean.class, Schema.Type.BOOLEAN,
            Boolean.class, Schema.Type.BOOLEAN);

    private Schema enumeration(Class<?> type) {
        return Schema.createEnum(
                uniqueName(type),
                null,
                "annals.internal",
                Arrays.stream(type.getEnumConstants())
                        .map(constant -> ((Enum<?>) constant).name())
                        .toList());
    }

    /** The fingerprint of a schema sees names only, so two classes of one name would pass for each other. */
    private String uniqueName(Class<?> type) {
        for (Class<?> other : named.keySet()) {
            if (other.getSimpleName().equals(type.getSimpleName())) {
                throw new BindingException("%s and %s have the same simple name: rename one of them"
                        .formatted(other.getName(), type.getName()));
            }
        }
        return type.getSimpleName();
    }

    private static BindingException unsupported(String path, Type type) {
        return new BindingException(
                ("%s: no schema can be derived from %s; use String, UUID, numbers, boolean, BigDecimal, Instant, LocalDate,"
                                + " enums, records, List or Map<String, …> of these")
                        .formatted(path, type.getTypeName()));
    }
}
