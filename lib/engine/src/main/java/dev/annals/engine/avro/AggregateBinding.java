package dev.annals.engine.avro;

import dev.annals.api.AggregateType;
import dev.annals.api.Summary;
import dev.annals.api.Upcaster;
import dev.annals.engine.folding.DomainBug;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * All records of one aggregate type, bound to their schemas: commands, events, and the shapes that events had before.
 * Immutable and thread-safe; made once at start, where it finds every record that does not fit its schema.
 */
public final class AggregateBinding<C, S extends Record, E> {

    private final AggregateType<C, S, E> type;
    private final RecordBindings commands;
    private final RecordBindings events;
    private final RecordBindings stored;
    private final Map<Class<?>, RecordBinding<?>> eventsByClass = new HashMap<>();

    private AggregateBinding(AggregateType<C, S, E> type) {
        this.type = type;
        String namespace = AvroNames.messages(type.namespace(), type.name());
        this.commands = RecordBindings.of(namespace, RecordBindings.permitted(type.commands()));
        this.events = RecordBindings.of(namespace, RecordBindings.permitted(type.events()));
        this.stored = events.and(RecordBindings.of(
                namespace,
                type.upcasters().stream().<Class<?>>map(Upcaster::from).toList()));
        events.all().forEach(binding -> eventsByClass.put(binding.type(), binding));
    }

    /**
     * Loads the schemas of an aggregate type and binds its records.
     *
     * @throws BindingException if a record has no schema or does not fit it, or two records claim one name
     */
    public static <C, S extends Record, E> AggregateBinding<C, S, E> of(AggregateType<C, S, E> type) {
        return new AggregateBinding<>(type);
    }

    public AggregateType<C, S, E> type() {
        return type;
    }

    /** The schemas of all commands, in no order. */
    public Collection<Schema> commandSchemas() {
        return commands.schemas();
    }

    /** The schemas of all events that are written today, in no order. */
    public Collection<Schema> eventSchemas() {
        return events.schemas();
    }

    /** The schemas of all events that are or were written, in no order. */
    public Collection<Schema> storedSchemas() {
        return stored.schemas();
    }

    /** The schema of a command by its simple name, or null if the type has no such command. */
    public @Nullable Schema commandSchema(String simpleName) {
        String fullName = AvroNames.ofMessage(type, simpleName);
        return commands.schemas().stream()
                .filter(schema -> schema.getFullName().equals(fullName))
                .findFirst()
                .orElse(null);
    }

    /**
     * @throws UnknownRecordException if the type has no command of this name
     * @throws BindingException if it does not fit
     */
    public C command(IndexedRecord record) {
        return type.commands()
                .cast(commandBinding(record.getSchema().getFullName()).fromAvro(record));
    }

    private RecordBinding<?> commandBinding(String fullName) {
        RecordBinding<?> binding = commands.find(fullName);
        if (binding == null) {
            throw new UnknownRecordException(
                    "%s is no command of %s; expected one of %s".formatted(fullName, type.name(), commands.names()));
        }
        return binding;
    }

    /**
     * What the bytes of a command stand for: equal for writers' schemas whose equal bytes have equal values.
     *
     * @throws UnknownRecordException if the type has no command of this name
     */
    public String commandMeaning(Schema writer) {
        return commandBinding(writer.getFullName()).meaning(writer);
    }

    /**
     * What a stored event means today: one event mostly, several where its type was split, none where it is retired.
     * All of them have the version of the record.
     *
     * @param record of any schema that an event of the type was ever written with
     * @throws UnknownRecordException if the type has and had no event of this name
     * @throws BindingException if it does not fit, or its upcaster fails
     */
    public List<E> events(IndexedRecord record) {
        return upcast(binding(record).fromAvro(record));
    }

    /**
     * As {@link #events}, but as records of today's schemas, to be shown. Those that need no upcaster are not seen by
     * the domain's classes.
     */
    public List<IndexedRecord> eventRecords(IndexedRecord record) {
        RecordBinding<?> binding = binding(record);
        return eventsByClass.containsKey(binding.type())
                ? List.of(binding.resolve(record))
                : upcast(binding.fromAvro(record)).stream()
                        .<IndexedRecord>map(this::toAvro)
                        .toList();
    }

    /** Whether events of this full name, today's or of an old shape, are {@link Summary summaries}. */
    public boolean isSummary(String fullName) {
        RecordBinding<?> binding = stored.find(fullName);
        return binding != null && Summary.class.isAssignableFrom(binding.type());
    }

    private RecordBinding<?> binding(IndexedRecord record) {
        String fullName = record.getSchema().getFullName();
        RecordBinding<?> binding = stored.find(fullName);
        if (binding == null) {
            throw new UnknownRecordException(
                    "%s is no event of %s that this release knows; was it written by a newer one? known are %s"
                            .formatted(fullName, type.name(), stored.names()));
        }
        return binding;
    }

    private List<E> upcast(Record record) {
        try {
            return type.upcast(record);
        } catch (RuntimeException | Error e) {
            DomainBug.require(e);
            throw new BindingException(
                    "%s can't be read as events of today: its upcaster failed with %s"
                            .formatted(record.getClass().getSimpleName(), e),
                    e);
        }
    }

    /** @throws BindingException if a value does not fit its field */
    public GenericRecord toAvro(E event) {
        RecordBinding<?> binding = eventsByClass.get(event.getClass());
        if (binding == null) {
            throw new UnknownRecordException(
                    "%s is no event of %s".formatted(event.getClass().getName(), type.name()));
        }
        return write(binding, event);
    }

    /** The Avro record of a command; throws as {@link #toAvro} does. */
    public GenericRecord commandToAvro(C command) {
        String fullName = AvroNames.ofMessage(type, command.getClass().getSimpleName());
        RecordBinding<?> binding = commands.find(fullName);
        if (binding == null) {
            throw new UnknownRecordException("%s is no command of %s; expected one of %s"
                    .formatted(command.getClass().getName(), type.name(), commands.names()));
        }
        return write(binding, command);
    }

    private static <T extends Record> GenericRecord write(RecordBinding<T> binding, Object value) {
        return binding.toAvro(binding.type().cast(value));
    }
}
