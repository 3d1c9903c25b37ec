package dev.annals.core.avro;

import dev.annals.core.domain.AggregateType;
import dev.annals.schemas.SchemaCatalog;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * All records of one aggregate type, bound to their schemas. Immutable and thread-safe; made once at start, where it finds
 * every record that does not fit its schema.
 */
public final class AggregateBinding<C, S extends Record, E> {

    private final AggregateType<C, S, E> type;
    private final Map<String, RecordBinding<?>> commands;
    private final Map<String, RecordBinding<?>> events;
    private final Map<Class<?>, RecordBinding<?>> eventsByClass = new LinkedHashMap<>();

    private AggregateBinding(AggregateType<C, S, E> type) {
        this.type = type;
        this.commands = bindAll(type.name(), type.commands());
        this.events = bindAll(type.name(), type.events());
        events.values().forEach(binding -> eventsByClass.put(binding.type(), binding));
    }

    /**
     * Loads the schemas of an aggregate type and binds its records.
     *
     * @throws BindingException if a record has no schema or does not fit it
     */
    public static <C, S extends Record, E> AggregateBinding<C, S, E> of(AggregateType<C, S, E> type) {
        return new AggregateBinding<>(type);
    }

    private static Map<String, RecordBinding<?>> bindAll(String aggregateType, Class<?> sealed) {
        Map<String, RecordBinding<?>> bindings = new LinkedHashMap<>();
        collect(aggregateType, sealed, bindings);
        return Map.copyOf(bindings);
    }

    private static void collect(String aggregateType, Class<?> type, Map<String, RecordBinding<?>> into) {
        if (type.isRecord()) {
            String fullName = fullName(aggregateType, type.getSimpleName());
            Schema schema = SchemaCatalog.load(fullName, type.getClassLoader());
            into.put(fullName, RecordBinding.of(type.asSubclass(Record.class), schema));
        } else if (type.isSealed()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                collect(aggregateType, permitted, into);
            }
        } else {
            throw new BindingException(type.getName() + ": expected a record or a sealed interface of records");
        }
    }

    /** Avro names have no hyphens, aggregate types may. */
    private static String fullName(String aggregateType, String simpleName) {
        return "annals." + aggregateType.replace('-', '_') + "." + simpleName;
    }

    public AggregateType<C, S, E> type() {
        return type;
    }

    /** The schemas of all commands, in no order. */
    public Collection<Schema> commandSchemas() {
        return commands.values().stream().map(RecordBinding::schema).toList();
    }

    /** The schemas of all events, in no order. */
    public Collection<Schema> eventSchemas() {
        return events.values().stream().map(RecordBinding::schema).toList();
    }

    /** The schema of a command by its simple name, or null if the type has no such command. */
    public @Nullable Schema commandSchema(String simpleName) {
        RecordBinding<?> binding = commands.get(fullName(type.name(), simpleName));
        return binding == null ? null : binding.schema();
    }

    /**
     * The domain's command.
     *
     * @throws UnknownRecordException if the type has no command of this name
     * @throws BindingException if it does not fit
     */
    public C command(IndexedRecord record) {
        return type.commands().cast(find(commands, record, "command").fromAvro(record));
    }

    /**
     * The domain's event.
     *
     * @throws UnknownRecordException if the type has no event of this name
     * @throws BindingException if it does not fit
     */
    public E event(IndexedRecord record) {
        return type.events().cast(find(events, record, "event").fromAvro(record));
    }

    /**
     * The Avro record of an event.
     *
     * @throws BindingException if a value does not fit its field
     */
    public GenericRecord toAvro(E event) {
        RecordBinding<?> binding = eventsByClass.get(event.getClass());
        if (binding == null) {
            throw new UnknownRecordException(
                    "%s is no event of %s".formatted(event.getClass().getName(), type.name()));
        }
        return write(binding, event);
    }

    private static <T extends Record> GenericRecord write(RecordBinding<T> binding, Object value) {
        return binding.toAvro(binding.type().cast(value));
    }

    private RecordBinding<?> find(Map<String, RecordBinding<?>> bindings, IndexedRecord record, String role) {
        String fullName = record.getSchema().getFullName();
        RecordBinding<?> binding = bindings.get(fullName);
        if (binding == null) {
            throw new UnknownRecordException("%s is no %s of %s; expected one of %s"
                    .formatted(
                            fullName,
                            role,
                            type.name(),
                            bindings.keySet().stream().sorted().toList()));
        }
        return binding;
    }
}
