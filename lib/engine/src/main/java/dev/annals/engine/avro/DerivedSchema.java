package dev.annals.engine.avro;

import dev.annals.api.AggregateType;
import dev.annals.api.Doc;
import dev.annals.api.Domain;
import dev.annals.api.Upcaster;
import dev.annals.api.View;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Derives Avro schemas from the components of records.
 *
 * <p>Of records that stay inside a service (decider states, parts of grouped views) nothing else is kept: every
 * component that is a reference can be null, since nothing outside reads these. Of what leaves a service (commands,
 * events, rows) the derived schemas are recorded as {@code .avsc} files by the test kit, reviewed and kept: there a
 * component can be null where it is {@code @Nullable}, and {@link Doc} says what it means. Elements of lists and maps
 * are never null. Money has scale 4.
 */
public final class DerivedSchema {

    private enum Use {
        INTERNAL(38, true),
        MESSAGE(18, true),
        ROW(18, false),

        /** Where the recorded schema is out of sight, and may have more digits. */
        ANY_ROW(38, false);

        private static final int SCALE = 4;

        private final int precision;
        private final boolean inMicros;

        Use(int precision, boolean inMicros) {
            this.precision = precision;
            this.inMicros = inMicros;
        }

        Schema money() {
            return LogicalTypes.decimal(precision, SCALE).addToSchema(Schema.create(Schema.Type.BYTES));
        }

        Schema time() {
            return (inMicros ? LogicalTypes.timestampMicros() : LogicalTypes.timestampMillis())
                    .addToSchema(Schema.create(Schema.Type.LONG));
        }

        Schema uuid() {
            Schema text = Schema.create(Schema.Type.STRING);
            return this == INTERNAL ? text : LogicalTypes.uuid().addToSchema(text);
        }
    }

    private final Map<Class<?>, Schema> named;
    private final Use use;
    private final String namespace;
    private final String enumNamespace;

    private DerivedSchema(Map<Class<?>, Schema> named, Use use, String namespace, String enumNamespace) {
        this.named = named;
        this.use = use;
        this.namespace = namespace;
        this.enumNamespace = enumNamespace;
    }

    /**
     * The schema of a record class that stays inside a service, and of everything in it.
     *
     * @throws BindingException if a component has a type that can't be derived; the message names it
     */
    public static Schema of(Class<? extends Record> type) {
        return new DerivedSchema(new HashMap<>(), Use.INTERNAL, AvroNames.INTERNAL, AvroNames.INTERNAL).record(type);
    }

    /** The schema of rows whose domain isn't known, with 38 digits of money; throws as {@link #of}. */
    public static Schema ofRow(Class<? extends Record> row) {
        String namespace = AvroNames.rows(AggregateType.DEFAULT_NAMESPACE);
        return new DerivedSchema(new HashMap<>(), Use.ANY_ROW, namespace, namespace).row(row);
    }

    /**
     * The schemas of everything of a domain that leaves a service, by full name: commands, events, the shapes that
     * events had before, rows, and each record and enum in them. Records that only rows hold are named as rows are,
     * enums never.
     *
     * @throws BindingException if a component has a type that can't be derived, or two classes would have the same name
     */
    public static SortedMap<String, Schema> ofDomain(Domain domain) {
        AggregateType<?, ?, ?> type = domain.aggregate();
        String messages = AvroNames.messages(type.namespace(), type.name());
        Map<Class<?>, Schema> named = new HashMap<>();
        DerivedSchema ofMessages = new DerivedSchema(named, Use.MESSAGE, messages, messages);
        messages(type).forEach(ofMessages::record);
        DerivedSchema ofRows = new DerivedSchema(named, Use.ROW, AvroNames.rows(type.namespace()), messages);
        domain.views().stream().map(View::row).distinct().forEach(ofRows::row);
        SortedMap<String, Schema> byName = new TreeMap<>();
        named.values().forEach(schema -> byName.put(schema.getFullName(), schema));
        return byName;
    }

    /** The classes of a type's commands and events, and of the shapes that events had before. */
    public static List<Class<? extends Record>> messages(AggregateType<?, ?, ?> type) {
        return Stream.of(
                        RecordBindings.permitted(type.commands()).stream(),
                        RecordBindings.permitted(type.events()).stream(),
                        type.upcasters().stream().map(Upcaster::from))
                .flatMap(each -> each)
                .<Class<? extends Record>>map(each -> each.asSubclass(Record.class))
                .toList();
    }

    private Schema record(Class<?> type) {
        Schema known = named.get(type);
        return known != null ? known : record(type, List.of());
    }

    /** A row's schema begins with the fields that Annals fills. */
    private Schema row(Class<? extends Record> type) {
        if (named.containsKey(type)) {
            throw new BindingException("%s: a row can't be a command or event, or in one: its schema has fields more"
                    .formatted(type.getName()));
        }
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.getName().equals(AvroNames.ROW_ID)
                    || component.getName().equals(AvroNames.ROW_VERSION)) {
                throw new BindingException("%s.%s: Annals fills this field of every row; give yours another name"
                        .formatted(type.getSimpleName(), component.getName()));
            }
        }
        return record(
                type,
                List.of(
                        new Schema.Field(AvroNames.ROW_ID, Schema.create(Schema.Type.STRING)),
                        new Schema.Field(AvroNames.ROW_VERSION, Schema.create(Schema.Type.LONG))));
    }

    private Schema record(Class<?> type, List<Schema.Field> first) {
        Schema schema = Schema.createRecord(uniqueName(type, namespace), doc(type), namespace, false);
        named.put(type, schema);
        List<Schema.Field> fields = new ArrayList<>(first);
        Arrays.stream(type.getRecordComponents()).forEach(component -> fields.add(field(type, component)));
        schema.setFields(fields);
        return schema;
    }

    private Schema.Field field(Class<?> owner, RecordComponent component) {
        String path = owner.getSimpleName() + "." + component.getName();
        Schema value = value(path, component.getGenericType());
        return isOptional(component)
                ? new Schema.Field(
                        component.getName(),
                        Schema.createUnion(Schema.create(Schema.Type.NULL), value),
                        doc(component),
                        Schema.Field.NULL_DEFAULT_VALUE)
                : new Schema.Field(component.getName(), value, doc(component));
    }

    private boolean isOptional(RecordComponent component) {
        return !component.getType().isPrimitive() && (use == Use.INTERNAL || isNullable(component));
    }

    /** Of any library that has such an annotation, of types or of components. */
    private static boolean isNullable(RecordComponent component) {
        return Stream.of(component.getAnnotatedType(), component)
                .flatMap(each -> Arrays.stream(each.getAnnotations()))
                .anyMatch(each -> each.annotationType().getSimpleName().equals("Nullable"));
    }

    private @Nullable String doc(AnnotatedElement element) {
        Doc doc = use == Use.INTERNAL ? null : element.getAnnotation(Doc.class);
        return doc == null ? null : doc.value();
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
        } else if (type instanceof WildcardType wildcard) {
            return value(path, wildcard.getUpperBounds()[0]);
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
            return enumeration(type);
        }
        if (type == String.class) {
            return Schema.create(Schema.Type.STRING);
        }
        if (type == UUID.class) {
            return use.uuid();
        }
        if (type == BigDecimal.class) {
            return use.money();
        }
        if (type == Instant.class) {
            return use.time();
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
        Schema known = named.get(type);
        if (known != null) {
            return known;
        }
        List<String> symbols = Arrays.stream(type.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name())
                .toList();
        Schema schema = Schema.createEnum(uniqueName(type, enumNamespace), doc(type), enumNamespace, symbols);
        named.put(type, schema);
        return schema;
    }

    /**
     * The fingerprint of a schema sees names only, and a schema's file is named after it: two classes can't share one.
     */
    private String uniqueName(Class<?> type, String inNamespace) {
        String fullName = inNamespace + "." + type.getSimpleName();
        named.forEach((other, schema) -> {
            if (schema.getFullName().equals(fullName)) {
                throw new BindingException("%s and %s have the same simple name: rename one of them"
                        .formatted(other.getName(), type.getName()));
            }
        });
        return type.getSimpleName();
    }

    private static BindingException unsupported(String path, Type type) {
        return new BindingException(
                ("%s: no schema can be derived from %s; use String, UUID, numbers, boolean, BigDecimal, Instant, LocalDate,"
                                + " enums, records, List or Map<String, …> of these")
                        .formatted(path, type.getTypeName()));
    }
}
