package dev.annals.engine.reacting;

import dev.annals.api.AggregateType;
import dev.annals.api.Domain;
import dev.annals.api.Effect.Send;
import dev.annals.api.Input;
import dev.annals.api.ProcessManager;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.AvroNames;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.avro.DerivedSchema;
import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.folding.DomainBug;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * A process with the aggregate types that it joins, and the schema of its journal, which is made of theirs. Immutable
 * and thread-safe; made once at start, where it finds what does not fit.
 */
public final class ProcessBinding<S extends Record> {

    private final ProcessManager<S> process;
    private final SortedMap<String, AggregateBinding<?, ?, ?>> followed;
    private final SortedMap<String, AggregateBinding<?, ?, ?>> commanded;
    private final JournalSchema journal;
    private final RecordBinding<S> states;

    private ProcessBinding(
            String namespace,
            ProcessManager<S> process,
            SortedMap<String, AggregateBinding<?, ?, ?>> followed,
            SortedMap<String, AggregateBinding<?, ?, ?>> commanded) {
        this.process = process;
        this.followed = followed;
        this.commanded = commanded;
        this.journal = JournalSchema.of(
                AvroNames.ofProcess(namespace, process.name()),
                schemas(followed, AggregateBinding::storedSchemas),
                schemas(commanded, AggregateBinding::commandSchemas));
        this.states = RecordBinding.of(process.state(), DerivedSchema.of(process.state()));
    }

    private static List<Schema> schemas(
            SortedMap<String, AggregateBinding<?, ?, ?>> types,
            Function<AggregateBinding<?, ?, ?>, Collection<Schema>> which) {
        return types.values().stream()
                .flatMap(type -> which.apply(type).stream())
                .sorted((a, b) -> a.getFullName().compareTo(b.getFullName()))
                .toList();
    }

    /**
     * The processes of a domain.
     *
     * @param types all aggregate types of the installation
     * @throws BindingException if a process names events or commands of no type, or has no valid name
     */
    public static List<ProcessBinding<?>> of(Domain domain, Collection<AggregateBinding<?, ?, ?>> types) {
        List<ProcessBinding<?>> bindings = new ArrayList<>();
        for (ProcessManager<?> process : domain.processes()) {
            bindings.add(of(domain.aggregate().namespace(), process, types));
        }
        return bindings;
    }

    private static <S extends Record> ProcessBinding<S> of(
            String namespace, ProcessManager<S> process, Collection<AggregateBinding<?, ?, ?>> types) {
        return new ProcessBinding<>(
                namespace,
                process,
                named(process, "events", process.events(), types, AggregateType::events),
                named(process, "commands", process.commands(), types, AggregateType::commands));
    }

    private static SortedMap<String, AggregateBinding<?, ?, ?>> named(
            ProcessManager<?> process,
            String what,
            List<Class<?>> interfaces,
            Collection<AggregateBinding<?, ?, ?>> types,
            Function<AggregateType<?, ?, ?>, Class<?>> which) {
        if (interfaces.isEmpty()) {
            throw new BindingException("process '%s' names no %s".formatted(process.name(), what));
        }
        SortedMap<String, AggregateBinding<?, ?, ?>> named = new TreeMap<>();
        for (Class<?> each : interfaces) {
            AggregateBinding<?, ?, ?> found = types.stream()
                    .filter(type -> which.apply(type.type()) == each)
                    .findFirst()
                    .orElseThrow(() -> new BindingException(
                            "process '%s': %s %s is of no aggregate type of this installation; is its domain's jar missing?"
                                    .formatted(process.name(), what, each.getName())));
            named.put(found.type().name(), found);
        }
        return named;
    }

    public ProcessManager<S> process() {
        return process;
    }

    public String name() {
        return process.name();
    }

    /** The types whose events it is told, sorted. */
    public Collection<String> followedTypes() {
        return followed.keySet();
    }

    /** The types to which it sends commands, sorted. */
    public Collection<String> commandedTypes() {
        return commanded.keySet();
    }

    /** The schema of the journal's entries. */
    public Schema journalSchema() {
        return journal.entry();
    }

    /** The schema of an instance's state, see {@link InstanceSnapshot#state}. */
    public Schema stateSchema() {
        return states.schema();
    }

    RecordBinding<S> states() {
        return states;
    }

    JournalSchema journal() {
        return journal;
    }

    AggregateBinding<?, ?, ?> followed(String type) {
        AggregateBinding<?, ?, ?> binding = followed.get(type);
        if (binding == null) {
            throw new BindingException("process '%s' follows %s, not %s".formatted(name(), followed.keySet(), type));
        }
        return binding;
    }

    /** A command as it is written: the type to which it goes, and its record. */
    record WrittenCommand(String type, GenericRecord record) {}

    /** @throws BindingException if it is of no type that the process has named, or a value does not fit its field */
    WrittenCommand write(Send send) {
        for (AggregateBinding<?, ?, ?> type : commanded.values()) {
            if (type.type().commands().isInstance(send.command())) {
                return write(type, send);
            }
        }
        throw new BindingException("%s is a command of none of %s; add its sealed interface to commands()"
                .formatted(send.command().getClass().getName(), commanded.keySet()));
    }

    private static <C> WrittenCommand write(AggregateBinding<C, ?, ?> type, Send send) {
        return new WrittenCommand(
                type.type().name(), type.commandToAvro(type.type().commands().cast(send.command())));
    }

    /** The command in a journal entry; throws as {@link AggregateBinding#command}. */
    Object command(String type, IndexedRecord record) {
        AggregateBinding<?, ?, ?> binding = commanded.get(type);
        if (binding == null) {
            throw new BindingException(
                    "process '%s' sends commands to %s, not to %s".formatted(name(), commanded.keySet(), type));
        }
        return binding.command(record);
    }

    /**
     * The instance to which an event belongs, or null.
     *
     * @throws ParkedException if the process throws, or names an id that no instance can have
     */
    @Nullable
    String instance(Input.Happened happened) {
        String id;
        try {
            id = process.instance(happened);
        } catch (RuntimeException | Error e) {
            DomainBug.require(e);
            throw new ParkedException(
                    "%s.instance threw %s".formatted(process.getClass().getName(), e), e);
        }
        if (id != null && !ProcessCommandId.isValid(name(), id)) {
            throw new ParkedException("%s.instance returned '%s': expected %s"
                    .formatted(process.getClass().getName(), id, ProcessCommandId.rule(name())));
        }
        return id;
    }
}
