package dev.annals.engine.avro;

import dev.annals.engine.folding.DomainBug;
import dev.annals.schemas.SchemaCatalog;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Binds one record class to one Avro record schema, by field name, through method handles.
 *
 * <p>Made once for a class and a schema, it checks that the two fit and says which component doesn't. Fields that the
 * schema has and the class has not are left at their default on the way to Avro and ignored on the way back, so a
 * framework field such as a row's {@code version} can stand beside the author's. Values are Avro's raw ones
 * ({@code bytes} for a decimal, {@code long} for a timestamp), so any Avro serializer can write them. Immutable and
 * thread-safe.
 *
 * @param <T> the record class
 */
public final class RecordBinding<T extends Record> {

    private final Class<T> type;
    private final Schema schema;
    private final MethodHandle constructor;
    private final Component[] components;
    private final SchemaResolver resolver;
    private final boolean cutsTimes;

    private record Component(String path, int position, MethodHandle accessor, ValueBinding value) {}

    private RecordBinding(Class<T> type, Schema schema, MethodHandle constructor, Component[] components) {
        this.type = type;
        this.schema = schema;
        this.constructor = constructor;
        this.components = components;
        this.resolver = new SchemaResolver(schema);
        this.cutsTimes = cutsTimes(schema, new HashSet<>());
    }

    /** @throws BindingException if a component has no field of its name, or one of another type */
    public static <T extends Record> RecordBinding<T> of(Class<T> type, Schema schema) {
        if (schema.getType() != Schema.Type.RECORD) {
            throw new BindingException(
                    "%s: expected a record schema, got %s".formatted(type.getName(), schema.getType()));
        }
        RecordComponent[] declared = type.getRecordComponents();
        List<Component> components = new ArrayList<>(declared.length);
        for (RecordComponent component : declared) {
            components.add(bind(type, component, schema));
        }
        return new RecordBinding<>(type, schema, constructor(type, declared), components.toArray(Component[]::new));
    }

    /**
     * Binds a class to the schema of this full name, as {@link AvroNames} has it.
     *
     * @throws BindingException as {@link #of(Class, Schema)}, or if there is no such schema beside the class
     */
    public static <T extends Record> RecordBinding<T> of(String fullName, Class<T> type) {
        return of(type, SchemaCatalog.load(fullName, type.getClassLoader()));
    }

    private static Component bind(Class<?> type, RecordComponent component, Schema schema) {
        String path = type.getSimpleName() + "." + component.getName();
        Schema.Field field = schema.getField(component.getName());
        if (field == null) {
            throw new BindingException("%s: the schema %s has no such field".formatted(path, schema.getFullName()));
        }
        return new Component(
                path,
                field.pos(),
                accessor(component),
                ValueBinding.of(path, component.getGenericType(), field.schema()));
    }

    private static MethodHandle accessor(RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return MethodHandles.lookup()
                    .unreflect(component.getAccessor())
                    .asType(MethodType.methodType(Object.class, Object.class));
        } catch (IllegalAccessException e) {
            throw new BindingException("%s can't be read: make the record public".formatted(component), e);
        }
    }

    private static MethodHandle constructor(Class<?> type, RecordComponent[] components) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            var canonical = type.getDeclaredConstructor(types);
            canonical.setAccessible(true);
            return MethodHandles.lookup()
                    .unreflectConstructor(canonical)
                    .asType(MethodType.genericMethodType(types.length))
                    .asSpreader(Object[].class, types.length)
                    .asType(MethodType.methodType(Object.class, Object[].class));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new BindingException("%s can't be constructed: make the record public".formatted(type.getName()), e);
        }
    }

    /**
     * Whether a schema has times in milliseconds anywhere: writing cuts off what a time has beyond them.
     *
     * @param seen records: a schema can contain itself
     */
    private static boolean cutsTimes(Schema schema, Set<String> seen) {
        return switch (schema.getType()) {
            case LONG -> schema.getLogicalType() instanceof LogicalTypes.TimestampMillis;
            case ARRAY -> cutsTimes(schema.getElementType(), seen);
            case MAP -> cutsTimes(schema.getValueType(), seen);
            case UNION -> schema.getTypes().stream().anyMatch(branch -> cutsTimes(branch, seen));
            case RECORD ->
                seen.add(schema.getFullName())
                        && schema.getFields().stream().anyMatch(field -> cutsTimes(field.schema(), seen));
            default -> false;
        };
    }

    public Class<T> type() {
        return type;
    }

    public Schema schema() {
        return schema;
    }

    /**
     * @throws BindingException if a value does not fit its field (money with more than its scale, null where the schema
     *     has none); the message names the field
     */
    public GenericRecord toAvro(T value) {
        GenericRecord record = new GenericData.Record(schema);
        for (Component component : components) {
            record.put(component.position, component.value.toAvro(read(component, value)));
        }
        return record;
    }

    /**
     * One field as {@link #toAvro} has it; null where there is none of this name, too.
     *
     * @throws BindingException if its value does not fit
     */
    public @Nullable Object field(T value, String name) {
        Schema.Field field = schema.getField(name);
        for (Component component : components) {
            if (field != null && component.position == field.pos()) {
                return component.value.toAvro(read(component, value));
            }
        }
        return null;
    }

    /**
     * @param record of this binding's schema, or of any other that can be read as this one without a change of meaning
     * @throws BindingException if it can't be read as this binding's schema, or the record's own constructor refuses it
     */
    public T fromAvro(IndexedRecord record) {
        IndexedRecord resolved = resolver.resolve(record);
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            Component component = components[i];
            values[i] = component.value.fromAvro(resolved.get(component.position));
        }
        return construct(values);
    }

    /** Whether a value that was written and read again can have lost what its times have beyond milliseconds. */
    public boolean cutsTimes() {
        return cutsTimes;
    }

    /** The record as one of this binding's schema: itself, mostly. */
    IndexedRecord resolve(IndexedRecord record) {
        return resolver.resolve(record);
    }

    /** Equal for writers' schemas whose equal bytes have equal values here. */
    String meaning(Schema writer) {
        return resolver.meaning(writer);
    }

    private static @Nullable Object read(Component component, Object value) {
        try {
            return (Object) component.accessor.invokeExact(value);
        } catch (Throwable e) {
            DomainBug.require(e);
            throw new BindingException("%s can't be read".formatted(component.path), e);
        }
    }

    private T construct(Object[] values) {
        try {
            return type.cast((Object) constructor.invokeExact(values));
        } catch (Throwable e) {
            DomainBug.require(e);
            throw new BindingException("%s refuses its values: %s".formatted(type.getSimpleName(), e.getMessage()), e);
        }
    }
}
